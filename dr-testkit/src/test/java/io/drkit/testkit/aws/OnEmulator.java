package io.drkit.testkit.aws;

import io.drkit.testkit.aws.contract.AwsUnderTest;
import io.drkit.testkit.emulator.AwsEmulator;
import java.time.Duration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkClient;

/** The emulator over HTTP, as a contract asks it. Its states change whenever they are looked at. */
record OnEmulator(AwsEmulator emulator) implements AwsUnderTest {

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public <C extends SdkClient> C client(Class<C> type, String region) {
    try {
      return type.cast(once((AwsClientBuilder) type.getMethod("builder").invoke(null), region));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type + " has no builder", e);
    }
  }

  private <B extends AwsClientBuilder<B, C>, C> C once(B builder, String region) {
    builder.overrideConfiguration(
        settings -> settings.retryStrategy(retry -> retry.maxAttempts(1)));
    return emulator.client(builder, region);
  }

  @Override
  public void pass(Duration time) {}
}
