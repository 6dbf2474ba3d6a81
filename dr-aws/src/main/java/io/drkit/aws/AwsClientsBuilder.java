package io.drkit.aws;

import io.drkit.Site;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.utils.AttributeMap;

/** Collects what {@link AwsClients} are built with. Not thread-safe. */
public final class AwsClientsBuilder {
  private @Nullable URI endpoint;
  private @Nullable AwsCredentialsProvider credentials;
  private @Nullable Supplier<? extends SdkHttpClient> http;
  private int attempts = 2;
  private Duration connectTimeLimit = Duration.ofSeconds(2);
  private Duration attemptTimeLimit = Duration.ofSeconds(4);
  private Duration callTimeLimit = Duration.ofSeconds(10);
  private final Map<AwsClients.Key, SdkClient> given = new LinkedHashMap<>();
  private @Nullable AwsClientSource source;

  AwsClientsBuilder() {}

  private AwsClientsBuilder(AwsClientsBuilder other) {
    endpoint = other.endpoint;
    credentials = other.credentials;
    http = other.http;
    attempts = other.attempts;
    connectTimeLimit = other.connectTimeLimit;
    attemptTimeLimit = other.attemptTimeLimit;
    callTimeLimit = other.callTimeLimit;
    given.putAll(other.given);
    source = other.source;
  }

  /**
   * Sends every request to one address in place of AWS's own, for an emulator or a private endpoint; S3 then puts the
   * bucket's name into the path. The request still carries the region that it is about, in its signature.
   *
   * @param address for example {@code http://127.0.0.1:5000}
   */
  public AwsClientsBuilder endpoint(URI address) {
    endpoint = Objects.requireNonNull(address, "address");
    return this;
  }

  /**
   * Sets who asks; by default what the SDK finds in the process's surroundings. A recovery should not depend on a token
   * service in the site that is lost.
   *
   * @param provider never closed by these clients
   */
  public AwsClientsBuilder credentials(AwsCredentialsProvider provider) {
    credentials = Objects.requireNonNull(provider, "provider");
    return this;
  }

  /**
   * Sets what carries the requests; by default the one implementation on the class path. An HTTP client is taken from the
   * supplier for each region, used by that region alone, and closed with these clients. It should have short time limits
   * of its own.
   *
   * @param supplier makes one more HTTP client with each call
   */
  public AwsClientsBuilder httpClient(Supplier<? extends SdkHttpClient> supplier) {
    http = Objects.requireNonNull(supplier, "supplier");
    return this;
  }

  /**
   * Sets how often the SDK sends one request at most; 2 by default, because the engine retries as well.
   *
   * @param count 1 or more
   * @throws IllegalArgumentException if it is less than 1
   */
  public AwsClientsBuilder attempts(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("attempts must be 1 or more: " + count);
    }
    attempts = count;
    return this;
  }

  /**
   * Sets how long a connection may take to come about; 2 seconds by default. It has no effect on HTTP clients of one's own.
   *
   * @param limit positive
   * @throws IllegalArgumentException if it is not positive
   */
  public AwsClientsBuilder connectTimeLimit(Duration limit) {
    connectTimeLimit = positive("connectTimeLimit", limit);
    return this;
  }

  /**
   * Sets how long one attempt of a request may take; 4 seconds by default.
   *
   * @param limit positive
   * @throws IllegalArgumentException if it is not positive
   */
  public AwsClientsBuilder attemptTimeLimit(Duration limit) {
    attemptTimeLimit = positive("attemptTimeLimit", limit);
    return this;
  }

  /**
   * Sets how long a request may take with all of its attempts; 10 seconds by default. The engine's own limit holds as well.
   *
   * @param limit positive
   * @throws IllegalArgumentException if it is not positive
   */
  public AwsClientsBuilder callTimeLimit(Duration limit) {
    callTimeLimit = positive("callTimeLimit", limit);
    return this;
  }

  /**
   * Hands in a client of one's own for one service in one site. It is used as it is and never closed here.
   *
   * @param type the client's type, for example {@code RdsClient.class}
   * @param site the region that the client asks; for Route 53 the home of its control plane, {@code us-east-1}
   * @param client the client
   * @throws IllegalArgumentException if there is one already, or the site is not a region
   */
  public <C extends SdkClient> AwsClientsBuilder client(Class<C> type, Site site, C client) {
    if (site.kind() != Site.Kind.REGION) {
      throw new IllegalArgumentException("a client asks a region, but " + site + " is "
          + site.kind() + "; hand it in for Site.region(name)");
    }
    Objects.requireNonNull(client, "client");
    if (given.putIfAbsent(new AwsClients.Key(type, site), client) != null) {
      throw new IllegalArgumentException(
          "two clients of type " + type.getSimpleName() + " for " + site + "; hand in one");
    }
    return this;
  }

  /**
   * Sets where all clients come from that are not {@linkplain #client handed in}, in place of building them here: a service of one's
   * own, or the testkit's fake cloud, {@code clientsFrom(cloud::client)}. They are used as they are and never closed here; none of the
   * settings above reaches them.
   *
   * @param clients is asked once for each service and region
   */
  public AwsClientsBuilder clientsFrom(AwsClientSource clients) {
    source = Objects.requireNonNull(clients, "clients");
    return this;
  }

  /** {@return the clients; changes of this builder do not reach them any more} */
  public AwsClients build() {
    AwsCredentialsProvider provider =
        credentials != null ? credentials : DefaultCredentialsProvider.builder().build();
    return new AwsClients(
        new AwsClientsBuilder(this), provider, credentials == null, new LinkedHashMap<>(given));
  }

  @Nullable
  AwsClientSource source() {
    return source;
  }

  @Nullable
  URI endpoint() {
    return endpoint;
  }

  int attempts() {
    return attempts;
  }

  Duration attemptTimeLimit() {
    return attemptTimeLimit;
  }

  Duration callTimeLimit() {
    return callTimeLimit;
  }

  SdkHttpClient newHttpClient() {
    if (http != null) {
      return Objects.requireNonNull(http.get(), "the supplier of HTTP clients returned null");
    }
    return onlyImplementation()
        .createHttpClientBuilder()
        .buildWithDefaults(AttributeMap.builder()
            .put(SdkHttpConfigurationOption.CONNECTION_TIMEOUT, connectTimeLimit)
            .put(SdkHttpConfigurationOption.READ_TIMEOUT, callTimeLimit)
            .build());
  }

  /** The SDK would pick one of several by itself; which one carries a recovery is for the application to say. */
  private static SdkHttpService onlyImplementation() {
    List<SdkHttpService> found = new ArrayList<>();
    ServiceLoader.load(SdkHttpService.class).forEach(found::add);
    if (found.isEmpty()) {
      ServiceLoader.load(SdkHttpService.class, AwsClientsBuilder.class.getClassLoader())
          .forEach(found::add);
    }
    if (found.size() != 1) {
      throw new IllegalStateException((found.isEmpty()
              ? "there is no HTTP client for the AWS SDK on the class path"
              : "there are several HTTP clients for the AWS SDK on the class path: "
                  + found.stream()
                      .map(each -> each.getClass().getName())
                      .sorted()
                      .toList())
          + "; add software.amazon.awssdk:apache-client and nothing else of the kind,"
          + " or name one with AwsClients.builder().httpClient(...)");
    }
    return found.get(0);
  }

  private static Duration positive(String name, Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive: " + limit);
    }
    return limit;
  }
}
