package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Clients that ask once: what is asserted is the emulator's first answer. */
final class Clients {
  private Clients() {}

  static <B extends AwsClientBuilder<B, C>, C> C once(
      AwsEmulator emulator, B builder, String region) {
    builder.overrideConfiguration(
        settings -> settings.retryStrategy(retry -> retry.maxAttempts(1)));
    return emulator.client(builder, region);
  }

  static <E extends AwsServiceException> Consumer<E> codeIs(String code) {
    return refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
  }
}
