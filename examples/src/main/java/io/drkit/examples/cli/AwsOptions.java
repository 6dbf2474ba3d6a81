package io.drkit.examples.cli;

import static java.time.Duration.ofSeconds;

import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsClientsBuilder;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Which AWS a command talks to: the real one, or an endpoint that stands in for it. */
final class AwsOptions {
  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "An emulator's address, for example http://127.0.0.1:5000. Default: AWS itself.")
  private @Nullable String text;

  /**
   * {@return the endpoint that was named}
   *
   * @throws RefusalException if it is no URL of a server
   */
  Optional<URI> endpoint() {
    if (text == null) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException noUri) {
      throw noUrl(text, noUri);
    }
    throw noUrl(text, null);
  }

  private static RefusalException noUrl(String text, @Nullable Throwable cause) {
    return new RefusalException(
        "--endpoint must be a URL such as http://127.0.0.1:5000: '" + text + "'", cause);
  }

  /** {@return the option as it was given, with a space before it; empty for AWS itself} */
  String option() {
    return text == null ? "" : " --endpoint " + text;
  }

  /** {@return what is talked to, for messages} */
  String target() {
    return text == null ? "AWS" : text;
  }

  /**
   * Builds the clients of the plan. Calls nothing but what the SDK asks for credentials.
   *
   * @throws RefusalException if the endpoint is no URL, or there are no credentials and they are needed
   */
  AwsClients clients() {
    return builder().build();
  }

  /**
   * Builds clients that wait longer, for what nobody is in a hurry for and no engine tries again.
   *
   * @throws RefusalException if the endpoint is no URL, or there are no credentials and they are needed
   */
  AwsClients patientClients() {
    return builder()
        .attemptTimeLimit(ofSeconds(30))
        .callTimeLimit(ofSeconds(60))
        .build();
  }

  private AwsClientsBuilder builder() {
    AwsClientsBuilder clients = AwsClients.builder().credentials(credentials());
    endpoint().ifPresent(clients::endpoint);
    return clients;
  }

  /** {@return whether the endpoint is one of AWS's own, or none is named: where things cost money} */
  boolean real() {
    return endpoint().map(AwsOptions::isAws).orElse(true);
  }

  private static boolean isAws(URI endpoint) {
    String host = "." + endpoint.getHost();
    return host.endsWith(".amazonaws.com")
        || host.endsWith(".amazonaws.com.cn")
        || host.endsWith(".api.aws");
  }

  private AwsCredentialsProvider credentials() {
    if (real()) {
      return resolved(DefaultCredentialsProvider.builder().build());
    }
    // Not the whole chain: it ends with a metadata service that an emulator's user would wait for.
    AwsCredentialsProvider configured = AwsCredentialsProviderChain.of(
        SystemPropertyCredentialsProvider.create(),
        EnvironmentVariableCredentialsProvider.create(),
        ProfileCredentialsProvider.create());
    try {
      configured.resolveCredentials();
      return configured;
    } catch (SdkClientException none) {
      // Emulators want a signature, and read nothing from it but the region.
      return StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    }
  }

  private static AwsCredentialsProvider resolved(AwsCredentialsProvider provider) {
    try {
      provider.resolveCredentials();
      return provider;
    } catch (SdkClientException none) {
      throw new RefusalException(
          "no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name an"
              + " emulator with --endpoint",
          none);
    }
  }
}
