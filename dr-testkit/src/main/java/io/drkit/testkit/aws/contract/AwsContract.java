package io.drkit.testkit.aws.contract;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkClient;

/**
 * The common part of the contracts. Where what is under test differs from AWS and is known to, its subclass overrides the test, asserts
 * what it does instead, and says why that is borne.
 */
abstract class AwsContract {
  private static final int LOOKS = 200;

  private final AwsUnderTest aws;

  AwsContract(AwsUnderTest aws) {
    this.aws = Objects.requireNonNull(aws, "aws");
  }

  /**
   * Returns a client.
   *
   * @param type its type
   * @param region the region that it asks
   */
  protected final <C extends SdkClient> C client(Class<C> type, String region) {
    return aws.client(type, region);
  }

  /**
   * Looks until what is wanted is there, ten seconds of the service's time between two looks.
   *
   * @param look asks
   * @param wanted whether the answer is the one that is waited for
   * @return that answer
   * @throws AssertionError if it does not come
   */
  protected final <T> T soon(Supplier<T> look, Predicate<? super T> wanted) {
    T seen = look.get();
    for (int i = 0; i < LOOKS && !wanted.test(seen); i++) {
      aws.pass(Duration.ofSeconds(10));
      seen = look.get();
    }
    if (!wanted.test(seen)) {
      throw new AssertionError("still not there after " + LOOKS + " looks: " + seen);
    }
    return seen;
  }
}
