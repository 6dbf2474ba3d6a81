package io.drkit.aws;

import io.drkit.ActionContext;
import io.drkit.Need;
import io.drkit.Site;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * The AWS clients of a plan, one for each service and region: built here with settings fit for a disaster, or handed in.
 * A region that does not answer cannot take the connections of another one away, because each has an HTTP client of its
 * own. Clients are built when they are first used. Thread-safe.
 *
 * <p>What makes the settings fit: short time limits, few retries (the engine retries, and knows when to stop), and requests
 * that go to the region that they are about and to no other. Building clients calls nothing.
 */
public final class AwsClients implements AutoCloseable {
  private final AwsClientsBuilder settings;
  private final AwsCredentialsProvider credentials;
  private final boolean ownCredentials;
  /** What was handed in, or came from the source. */
  private final Map<Key, SdkClient> given;

  private final Map<Key, SdkClient> built = new LinkedHashMap<>();
  private final Map<Site, SdkHttpClient> http = new LinkedHashMap<>();
  private boolean closed;

  record Key(Class<? extends SdkClient> type, Site site) {}

  AwsClients(
      AwsClientsBuilder settings,
      AwsCredentialsProvider credentials,
      boolean ownCredentials,
      Map<Key, SdkClient> given) {
    this.settings = settings;
    this.credentials = credentials;
    this.ownCredentials = ownCredentials;
    this.given = given;
  }

  /** {@return a builder; every setting has a default} */
  public static AwsClientsBuilder builder() {
    return new AwsClientsBuilder();
  }

  /**
   * Returns the client that asks a service about a site; the same one each time.
   *
   * @param service the service
   * @param site where the resources are
   * @throws IllegalArgumentException if the site is on premises
   * @throws IllegalStateException if these clients are closed, or no HTTP client can be found
   */
  public synchronized <C extends SdkClient> C client(AwsService<C> service, Site site) {
    if (closed) {
      throw new IllegalStateException(
          "these AwsClients are closed; close them after the engine that runs the plan");
    }
    Site where = service.clientSite(site);
    Key key = new Key(service.type(), where);
    SdkClient client = given.get(key);
    AwsClientSource source = settings.source();
    if (client == null && source != null) {
      client = Objects.requireNonNull(
          source.client(service.type(), where.name()),
          () -> "the source of clients returned no " + service.type().getSimpleName() + " for "
              + where);
      given.put(key, client);
    }
    if (client == null) {
      client = built.computeIfAbsent(key, unused -> build(service, site, where));
    }
    return service.type().cast(client);
  }

  private <C extends SdkClient> C build(AwsService<C> service, Site site, Site where) {
    return service.create(new ClientSettings(
        service.signingRegion(site),
        http.computeIfAbsent(where, unused -> settings.newHttpClient()),
        credentials,
        settings.endpoint(),
        settings.attempts(),
        settings.attemptTimeLimit(),
        settings.callTimeLimit()));
  }

  /**
   * Returns one plane of a service in a site, as one call of an action sees it: the requests made through it are guarded
   * by the engine and bounded by its time limit.
   *
   * @param service the service
   * @param need which plane, where
   * @param context the action's context; the endpoint is valid as long as that is
   * @throws IllegalStateException if these clients are closed, or no HTTP client can be found
   */
  public <C extends SdkClient> AwsEndpoint<C> endpoint(
      AwsService<C> service, Need need, ActionContext context) {
    return new AwsEndpoint<>(client(service, need.site()), need, context);
  }

  /**
   * Closes the clients that were built here, and nothing that was handed in. Does nothing when called again.
   */
  @Override
  public synchronized void close() {
    closed = true;
    built.values().forEach(SdkClient::close);
    built.clear();
    http.values().forEach(SdkHttpClient::close);
    http.clear();
    if (ownCredentials && credentials instanceof AutoCloseable closeable) {
      closeQuietly(closeable);
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("the SDK's default credentials provider did not close", e);
    }
  }
}
