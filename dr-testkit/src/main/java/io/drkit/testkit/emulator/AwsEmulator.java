package io.drkit.testkit.emulator;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/**
 * An AWS API emulator that answers on one endpoint for every region and service.
 *
 * <pre>{@code
 * try (AwsEmulator emulator = AwsEmulator.find().orThrow()) {
 *   Ec2Client west = emulator.client(Ec2Client.builder(), "us-west-2");
 *   emulator.lose("us-east-1");
 *   // calls for us-east-1 now fail; those for us-west-2 do not
 * }
 * }</pre>
 *
 * <p>The region of a request is that of its signature, so each region has its own resources. The account is 123456789012.
 * Everything is held in memory. All methods may be called by several threads.
 */
public final class AwsEmulator implements AutoCloseable {
  /** What answers behind an endpoint. */
  public enum Kind {
    /** An endpoint that {@code DRKIT_AWS_ENDPOINT} named. */
    ENDPOINT,
    /** LocalStack, in a container that was started for this object. */
    LOCALSTACK,
    /** moto with drkit's corrections, in a process that was started for this object. */
    MOTO
  }

  private static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-\\d+");
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

  private final URI endpoint;
  private final Kind kind;
  private final EmulatorControl control;
  private final Runnable ending;

  AwsEmulator(URI endpoint, Kind kind, EmulatorControl control, Runnable ending) {
    this.endpoint = endpoint;
    this.kind = kind;
    this.control = control;
    this.ending = ending;
  }

  /**
   * Looks for an emulator, and starts one where that is possible; the package says in which order.
   *
   * <p>Blocks until the emulator answers, for half a second with moto. That there is none is a value, not an exception.
   *
   * @return the emulator, or why there is none
   */
  public static EmulatorSearch find() {
    return find(System.getenv());
  }

  static EmulatorSearch find(Map<String, String> environment) {
    List<String> reasons = new ArrayList<>();
    String named = environment.get(NamedEndpoint.VARIABLE);
    if (named != null && !named.isBlank()) {
      return NamedEndpoint.find(named.trim());
    }
    reasons.add(NamedEndpoint.VARIABLE + " is not set.");
    try {
      return EmulatorSearch.found(LocalStackSearch.start(environment), reasons);
    } catch (EmulatorAbsentException absent) {
      reasons.add(absent.getMessage());
    }
    try {
      return EmulatorSearch.found(start(0, environment), reasons);
    } catch (EmulatorAbsentException absent) {
      reasons.add(absent.getMessage());
    }
    return EmulatorSearch.absent(reasons);
  }

  /**
   * Starts moto with drkit's corrections on the loopback interface, and returns when it answers.
   *
   * @param port the port to listen on; 0 for any that is free
   * @return the emulator, which ends when it is closed and when this JVM ends, however that happens
   * @throws IllegalArgumentException if the port is not one
   * @throws IllegalStateException if no Python interpreter with moto is on the {@code PATH}, or moto does not start; the
   *     message holds what it had to say
   */
  public static AwsEmulator start(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 0 and 65535: " + port);
    }
    try {
      return start(port, System.getenv());
    } catch (EmulatorAbsentException absent) {
      throw new IllegalStateException(absent.getMessage(), absent);
    }
  }

  static AwsEmulator start(int port, Map<String, String> environment)
      throws EmulatorAbsentException {
    MotoProcess moto = MotoProcess.start(port, environment);
    return new AwsEmulator(
        moto.endpoint(), Kind.MOTO, EmulatorControl.drkit(moto.endpoint()), moto::end);
  }

  /** {@return the address that takes the place of every AWS endpoint, such as {@code http://127.0.0.1:40123}} */
  public URI endpoint() {
    return endpoint;
  }

  /** {@return what answers} */
  public Kind kind() {
    return kind;
  }

  /**
   * Builds a client of the AWS SDK for one region of this emulator: its endpoint, credentials that it accepts, the region.
   *
   * <p>Whatever else the builder was given is kept. The caller closes the client. The SDK cannot copy an EBS snapshot to an
   * endpoint that is an address unless the request names its {@code destinationRegion}.
   *
   * @param builder the service's builder, such as {@code RdsClient.builder()}
   * @param region the region's name
   * @param <B> the builder's type
   * @param <C> the client's type
   * @return the client
   */
  public <B extends AwsClientBuilder<B, C>, C> C client(B builder, String region) {
    return builder
        .endpointOverride(endpoint)
        .credentialsProvider(CREDENTIALS)
        .region(Region.of(region))
        .build();
  }

  /**
   * {@return the environment variables that lead another process's AWS SDK, and its {@link #find()}, to this emulator}
   *
   * <p>The process names its region itself.
   */
  public Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(NamedEndpoint.VARIABLE, endpoint.toString());
    variables.put("AWS_ENDPOINT_URL", endpoint.toString());
    variables.put("AWS_ACCESS_KEY_ID", CREDENTIALS.resolveCredentials().accessKeyId());
    variables.put("AWS_SECRET_ACCESS_KEY", CREDENTIALS.resolveCredentials().secretAccessKey());
    return variables;
  }

  /**
   * Forgets every resource and restores every region. Calling it again has no further effect.
   *
   * @throws IllegalStateException if the emulator does not answer, or has no reset
   */
  public void reset() {
    control.reset();
  }

  /** {@return whether {@link #lose} and {@link #replicaLag} work here: they do with drkit's own launcher only} */
  public boolean losesRegions() {
    return control.losesRegions();
  }

  /**
   * Loses a region, as {@link #lose(String, LossMode)} does with {@link LossMode#REFUSE}.
   *
   * @param region the region's name
   * @throws IllegalArgumentException if it is not the name of a region
   * @throws IllegalStateException if the emulator does not answer, or cannot lose regions
   */
  public void lose(String region) {
    lose(region, LossMode.REFUSE);
  }

  /**
   * Loses a region until {@link #restore}, for every process that uses this emulator.
   *
   * <p>What fails from now on: each request that names the region in its signature or host; each one to a service whose
   * control plane is there, however it is signed (in us-east-1 these are Route 53, IAM, Organizations, CloudFront, the
   * making and deleting of buckets and most of their settings); each one for an S3 bucket that lives there; each copy or
   * replica whose source is there. Requests that have begun are answered. Resources are kept.
   *
   * <p>Source: the AWS whitepaper <i>AWS Fault Isolation Boundaries</i>, page <i>Global services</i>.
   *
   * @param region the region's name
   * @param mode how a request fails; losing a region again changes it
   * @throws IllegalArgumentException if it is not the name of a region
   * @throws IllegalStateException if the emulator does not answer, or cannot lose regions
   */
  public void lose(String region, LossMode mode) {
    control.post("lose", "region", checked(region), "mode", mode.word());
  }

  /**
   * Brings a lost region back, with all that it held. Restoring a region that is not lost has no effect.
   *
   * @param region the region's name
   * @throws IllegalArgumentException if it is not the name of a region
   * @throws IllegalStateException if the emulator does not answer, or cannot lose regions
   */
  public void restore(String region) {
    control.post("restore", "region", checked(region));
  }

  /**
   * Sets the lag that RDS reports to CloudWatch for a read replica from this minute on. Without it, the lag is 0 or 1 second.
   *
   * @param region the replica's region
   * @param replica the replica's identifier
   * @param lag how far it is behind; whole seconds are reported
   * @throws IllegalArgumentException if the lag is negative, or there is no such replica
   * @throws IllegalStateException if the emulator does not answer, or cannot do this
   */
  public void replicaLag(String region, String replica, Duration lag) {
    if (lag.isNegative()) {
      throw new IllegalArgumentException("lag must not be negative: " + lag);
    }
    control.post(
        "replica-lag",
        "region",
        checked(region),
        "id",
        replica,
        "seconds",
        Long.toString(lag.toSeconds()));
  }

  /** Ends what was started for this object, and nothing else. Closing it again has no effect. */
  @Override
  public void close() {
    ending.run();
  }

  /** {@return kind and endpoint} */
  @Override
  public String toString() {
    return kind + " at " + endpoint;
  }

  private static String checked(String region) {
    if (!REGION.matcher(Objects.requireNonNull(region, "region")).matches()) {
      throw new IllegalArgumentException(
          "region must be the name of one, such as us-east-1: " + region);
    }
    return region;
  }
}
