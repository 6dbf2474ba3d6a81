package io.drkit.testkit.aws.contract;

import java.time.Duration;
import software.amazon.awssdk.core.SdkClient;

/** What answers in a contract test: a fake, an emulator or an account. */
public interface AwsUnderTest {

  /**
   * Returns a client that repeats nothing by itself. Whoever asks closes it, or leaves it to the end of the test run.
   *
   * @param type the client's type
   * @param region the region that it asks
   */
  <C extends SdkClient> C client(Class<C> type, String region);

  /**
   * Lets time pass in which the service goes on. Where states change whenever they are looked at, it does nothing.
   *
   * @param time how much
   */
  void pass(Duration time);
}
