package io.drkit.testkit.aws;

import io.drkit.Site;
import io.drkit.testkit.CloudExtension;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.VirtualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkClient;

/**
 * AWS as a fake cloud has it: clients of the SDK's own types that ask the cloud instead of the network, in virtual time.
 *
 * <pre>{@code
 * Ec2Client west = cloud.client(Ec2Client.class, "us-west-2");
 * FakeAws.of(cloud).deny("ec2:RunInstances");
 * }</pre>
 *
 * <p>What is modelled behaves as AWS documents it: the SDK's exceptions with AWS's codes and statuses, states that take their time,
 * tokens that are honoured, pages. What is not modelled throws {@code not modelled by Fake…}; nothing ever returns a default. Each
 * request takes a network's time of the virtual clock, and one to a lost site hangs or is refused. All clients of one cloud share one
 * account and its resources. Nothing is retried: what an SDK client would repeat by itself is seen here at the first time.
 *
 * <p>Not thread-safe; it lives on the thread of the cloud's {@link VirtualTime}.
 */
public final class FakeAws implements CloudExtension {
  /** The number of the account that every resource is in. */
  public static final String ACCOUNT = "123456789012";

  /** How long a client waits for an answer that does not come, if its request says nothing of that; the SDK's socket time-out. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FakeCloud cloud;
  private final Map<String, AwsFake> fakes = new LinkedHashMap<>();
  private final Set<String> denied = new LinkedHashSet<>();
  private final MachineRoom machineRoom = new MachineRoom();
  private Duration settlesIn = Duration.ZERO;
  private Duration replicatesIn = Duration.ofSeconds(30);
  private long ids;

  FakeAws(FakeCloud cloud) {
    this.cloud = cloud;
  }

  /**
   * Returns what AWS is in a cloud; the same one each time.
   *
   * @param cloud the cloud
   */
  public static FakeAws of(FakeCloud cloud) {
    return cloud.extension(FakeAws.class);
  }

  /**
   * Lets a newly made resource stay invisible to readers for a while, as AWS's eventually consistent interfaces may. At once visible
   * unless set; services that AWS documents as strongly consistent, such as S3, show everything at once whatever is set.
   *
   * @param upTo for how long at most; the seed decides for each resource
   * @throws IllegalArgumentException if it is negative
   */
  public FakeAws settlesIn(Duration upTo) {
    if (upTo.isNegative()) {
      throw new IllegalArgumentException("settlesIn must not be negative: " + upTo);
    }
    settlesIn = upTo;
    return this;
  }

  /**
   * Sets how long S3 takes to replicate what was written; 30 seconds at most by default. Longer is what a backlog looks like.
   *
   * @param upTo at most; the seed decides for each object
   * @throws IllegalArgumentException if it is negative
   */
  public FakeAws replicatesIn(Duration upTo) {
    if (upTo.isNegative()) {
      throw new IllegalArgumentException("replicatesIn must not be negative: " + upTo);
    }
    replicatesIn = upTo;
    return this;
  }

  /**
   * Takes a permission away from everybody.
   *
   * @param action the action as IAM spells it, for example {@code rds:PromoteReadReplica}
   * @throws IllegalArgumentException if nothing that is modelled asks for it: the test would prove nothing
   */
  public FakeAws deny(String action) {
    if (!action.matches("[a-z0-9]+:[A-Z][A-Za-z0-9]+")) {
      throw new IllegalArgumentException(
          "an action is spelled as IAM does, such as rds:PromoteReadReplica: " + action);
    }
    String iam = action.substring(0, action.indexOf(':'));
    Set<String> known = Modelled.permissions(iam);
    if (!known.contains(action)) {
      throw new IllegalArgumentException("nothing that is modelled asks for the permission "
          + action + (known.isEmpty() ? "" : "; of " + iam + ", there are " + known));
    }
    denied.add(action);
    return this;
  }

  /**
   * Gives a permission back. Does nothing if it was not {@linkplain #deny denied}.
   *
   * @param action the action as IAM spells it
   */
  public FakeAws allow(String action) {
    denied.remove(action);
    return this;
  }

  /**
   * Limits how many instances of EC2 a zone has room for; without limit unless set. Stopped instances take no room.
   *
   * @param zone a zone of the cloud
   * @param instances zero or more; fewer than run there takes none of them away
   * @throws IllegalArgumentException if the cloud has no such zone, or the number is negative
   */
  public FakeAws capacity(Site zone, int instances) {
    machineRoom.capacity(cloud, zone, instances);
    return this;
  }

  /**
   * Sets how far a read replica of RDS lags behind its source, from now on; a second unless set. It falls behind as time passes, and
   * catches up at ten times that speed. CloudWatch measures it as {@code AWS/RDS ReplicaLag}.
   *
   * @param region where the replica is, for example {@code us-west-2}
   * @param instance the replica's identifier
   * @param lag how far; not negative
   * @throws IllegalArgumentException if there is no such replica, or the lag is negative
   */
  public FakeAws replicaLag(String region, String instance, Duration lag) {
    if (lag.isNegative()) {
      throw new IllegalArgumentException("a replica cannot lag by " + lag);
    }
    FakeRds.of(this, Site.region(region)).lag(instance, lag);
    return this;
  }

  /**
   * Limits how many instances of EC2 the account may run in a region; without limit unless set. AWS counts virtual processors.
   *
   * @param region a region of the cloud
   * @param instances zero or more
   * @throws IllegalArgumentException if the cloud has no such region, or the number is negative
   */
  public FakeAws quota(Site region, int instances) {
    machineRoom.quota(cloud, region, instances);
    return this;
  }

  /**
   * Sets how long an instance of EC2 is pending before it runs; 30 seconds unless set.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeAws bootTime(Duration duration) {
    machineRoom.bootTime(duration);
    return this;
  }

  /**
   * Sets how long it takes until an image of EC2 that is made or copied is available; 5 minutes unless set. AWS publishes no figure.
   *
   * @param duration zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public FakeAws imageTime(Duration duration) {
    machineRoom.imageTime(duration);
    return this;
  }

  /**
   * Returns how many instances of EC2 really run in a place now, whatever DescribeInstances says of those in a lost zone.
   *
   * @param place a region or a zone of the cloud
   * @throws IllegalArgumentException if the cloud has no such region
   */
  public int running(Site place) {
    Site region = place
        .region()
        .orElseThrow(() -> new IllegalArgumentException("no instance of EC2 runs in " + place));
    cloud.zones(region);
    return FakeEc2.in(this, region).running(place);
  }

  /**
   * Returns the truth about a database of RDS, which no AWS tells: until when it has all that was written to what it was made of, which
   * is its source for a replica and for one that was promoted, and otherwise what it was restored from. One that was made of nothing
   * has all that was written to it, until now.
   *
   * @param region where the database is, for example {@code us-west-2}
   * @param instance its identifier
   * @throws IllegalArgumentException if there is no such database
   */
  public Instant dataUntil(String region, String instance) {
    return FakeRds.of(this, Site.region(region)).dataUntil(instance);
  }

  /**
   * Sets how many databases of RDS a region takes; 40 unless set.
   *
   * @param region for example {@code us-west-2}
   * @param most how many
   * @throws IllegalArgumentException if it is negative
   */
  public FakeAws databaseQuota(String region, int most) {
    if (most < 0) {
      throw new IllegalArgumentException("a quota must not be negative: " + most);
    }
    FakeRds.of(this, Site.region(region)).instances().quota(most);
    return this;
  }

  @Override
  public <C> Optional<C> client(Class<C> type, Site region) {
    Optional<Modelled> modelled = Modelled.of(type);
    if (modelled.isEmpty() && SdkClient.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException("no fake of " + type.getName()
          + " is there; there are those of the synchronous clients " + Modelled.clients());
    }
    return modelled.map(service -> {
      if (!service.global()) {
        cloud.zones(region);
      }
      FakeClient client = new FakeClient(this, fake(service, region), region);
      return type.cast(
          Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, client));
    });
  }

  @Override
  public boolean replicates(String name) {
    return fakes.values().stream().anyMatch(fake -> fake.replicates(name));
  }

  /** A service in a region; the same one each time. */
  AwsFake fake(Modelled service, Site region) {
    Site home = service.home(cloud, region);
    AwsFake fake = fakes.get(service.client() + " in " + home);
    if (fake == null) {
      fake = service.create(this, home);
      fakes.put(service.client() + " in " + home, fake);
    }
    return fake;
  }

  MachineRoom machineRoom() {
    return machineRoom;
  }

  FakeCloud cloud() {
    return cloud;
  }

  VirtualTime time() {
    return cloud.time();
  }

  Instant now() {
    return cloud.time().now();
  }

  boolean denies(String action) {
    return denied.contains(action);
  }

  /** How long something takes to be replicated; the seed decides for each name. */
  Duration replicationLag(String name) {
    return Duration.ofNanos(
        (long) (replicatesIn.toNanos() * cloud.chance("replication of " + name)));
  }

  /** When something that was made just now is seen by readers. */
  Instant visibleAt(String id) {
    return settlesIn.isZero()
        ? now()
        : now()
            .plus(Duration.ofNanos((long) (settlesIn.toNanos() * cloud.chance("visible " + id))));
  }

  /** An identifier as AWS makes them: a prefix and digits that say nothing. */
  String newId(String prefix, int digits) {
    String name = prefix + ids++;
    long number = (long) (cloud.chance("id " + name) * Long.MAX_VALUE);
    StringBuilder id = new StringBuilder(String.format("%016x", number));
    id.append(String.format("%016x", ids));
    return prefix + id.substring(id.length() - digits);
  }

  /** {@return the seed of the cloud, and how many things it has of AWS} */
  @Override
  public String toString() {
    return "AWS in the cloud of seed " + Objects.toString(cloud.seed()) + ", " + fakes.keySet();
  }
}
