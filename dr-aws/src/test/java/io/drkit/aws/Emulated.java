package io.drkit.aws;

import io.drkit.testkit.emulator.AwsEmulator;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;

/** Clients for tests: what a user would build, in front of an emulator or a recording. */
public final class Emulated {
  private Emulated() {}

  /** {@return clients that ask an emulator} */
  public static AwsClients clients(AwsEmulator emulator, SdkHttpClient http) {
    return clients(emulator, () -> http);
  }

  /** {@return clients that ask an emulator, each region with an HTTP client of its own} */
  public static AwsClients clients(AwsEmulator emulator, Supplier<? extends SdkHttpClient> http) {
    return credentials(AwsClients.builder())
        .endpoint(emulator.endpoint())
        .httpClient(http)
        .build();
  }

  /** {@return clients that ask a recording, at AWS's own addresses} */
  public static AwsClients clients(SdkHttpClient http) {
    return credentials(AwsClients.builder()).httpClient(() -> http).build();
  }

  private static AwsClientsBuilder credentials(AwsClientsBuilder builder) {
    return builder.credentials(
        StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
  }
}
