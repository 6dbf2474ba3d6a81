package io.drkit.testkit.junit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.Disaster;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.Site;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeCloudBuilder;
import io.drkit.testkit.FakeHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What goes wrong on a {@link GameDay}, by name. It decides where the application runs as well. Whoever plays such a day without JUnit
 * builds the {@linkplain #orders application}, an engine, on the {@linkplain #runner runner's host} if there is one, and lets the
 * {@linkplain #schedule schedule} loose.
 */
public enum GameDayDisaster {
  /** The region in which the application runs is lost: its data, servers and control planes. */
  PRIMARY_REGION_LOSS("The region where orders runs is lost"),
  /** The first zone of that region is lost, in which the database is written. The region's other zones go on. */
  ZONE_LOSS("One zone of the region where orders runs is lost"),
  /** The application runs on premises, and that site is lost (WP-60 a). It is recovered in a region. */
  ON_PREMISES_LOSS("The site of its own in which orders runs, head-office, is lost"),
  /** The web servers lose their power (WP-60 a); the database, the files and the control planes beside them go on. */
  MACHINE_LOSS("The web servers of the region where orders runs lose their power"),
  /** The control planes of the application's region are lost: all that runs goes on, nothing can be changed there. */
  CONTROL_PLANE_LOSS("The control planes of the region where orders runs are lost"),
  /** The region that the application is to be recovered in is lost. What runs goes on. */
  RECOVERY_REGION_LOSS("The region where orders is to be recovered is lost"),
  /** The application's region is lost, and one to eight minutes later the control planes of the other one are, for a quarter of an hour. */
  DISASTER_DURING_THE_RECOVERY("The region where orders runs is lost, and minutes later the control"
      + " planes of the other one are, for a quarter of an hour"),
  /**
   * The application's region is lost for three minutes and back for two, five times. Its writers go on whenever it is back, so they hold a
   * lease, and the plan takes it.
   */
  FLAPPING("The region where orders runs is lost for three minutes and back for two, five times"),
  /**
   * The only link of the application's region is lost, such as that to its internet provider (WP-60 b): nobody reaches it, and what runs
   * there goes on. Its writers hold a lease, and the plan takes it.
   */
  LINK_LOSS("Nobody reaches the region where orders runs, and its writers go on"),
  /** What runs in the application's region does not reach the other one, so copies receive nothing. The other way works. */
  PARTITION("Nothing gets from the region where orders runs to the other one"),
  /** What is asked of the application's region from outside is done, and never answered; so its users are not served. */
  HALF_OPEN("What is asked of the region where orders runs is done and never answered"),
  /** A virus in core services over several sites (WP-60 c): database and files go bad, and are copied as they are. */
  VIRUS("A virus makes database and files bad, and both are copied as they are"),
  /** A user's error (WP-60 d): the database goes bad, and is copied as it is; it has to be recovered to the instant before. */
  USER_ERROR("A user's error makes the database bad, and it is copied as it is"),
  /** The copy of the database in the recovery region is damaged, and nobody knows. What runs goes on. */
  CORRUPT_REPLICA("The copy of the database in us-west-2 is damaged, and nobody knows"),
  /** The copies of the database receive nothing any more, and nobody is told. What runs goes on. */
  REPLICATION_STALL("The copies of the database receive nothing any more, and nobody is told"),
  /** A storm of requests upon the recovery region's control planes: they refuse seven of ten. What runs goes on. */
  THROTTLING("The control planes of us-west-2 refuse seven of ten requests"),
  /** No machine can be launched in the recovery region. What runs goes on. */
  NO_CAPACITY("No machine can be launched in us-west-2"),
  /** A gray failure: everything in the application's region takes fifty times as long. Users are served. */
  SLOWNESS("Everything in the region where orders runs takes fifty times as long"),
  /** The application's region is lost, and the disk of the host on which the engine runs takes a second for each write. */
  SLOW_DISK("The region where orders runs is lost, and the journal's disk takes a second a write"),
  /**
   * The application's region is lost, and one to eight minutes later the clock of the host on which the engine runs jumps by an hour,
   * ahead or back. A failover that is declared after it went back is refused: for that host the disruption begins in the future.
   */
  CLOCK_JUMP("The region where orders runs is lost, and minutes later the runner's clock jumps by"
      + " an hour"),
  /** DNS cannot be changed: the control planes of the region are lost in which its home is. */
  DNS_LOSS("DNS cannot be changed"),
  /** Nobody's credentials are accepted any more by any control plane. What runs goes on. */
  EXPIRED_CREDENTIALS("Nobody's credentials are accepted any more"),
  /** Nothing goes wrong, unless the test makes it so. */
  NONE("Nothing goes wrong");

  private static final String RUNNER = "runner";
  private static final Site RECOVERY = Site.region("us-west-2");
  /** Neither where orders runs nor where it is recovered, so that nothing but DNS is lost. */
  private static final String DNS_ELSEWHERE = "eu-west-1";

  private static final Duration LEASE = ofSeconds(30);

  private final String sentence;

  GameDayDisaster(String sentence) {
    this.sentence = sentence;
  }

  /** {@return what goes wrong, for people to read; without a full stop} */
  public String sentence() {
    return sentence;
  }

  /**
   * Builds the orders application in a cloud of its own, to which nothing has happened yet: in us-east-1 or on premises, to be recovered
   * in us-west-2. Its plan is that of its strategy, and takes the writers' leases where they may go on unfenced.
   *
   * @param strategy how it is kept ready
   * @param seed decides about everything that is left to chance
   */
  public FakeApplication orders(DrStrategy strategy, long seed) {
    FakeCloudBuilder builder = FakeCloud.builder().seed(seed);
    if (this == DNS_LOSS) {
      builder.dnsHome(DNS_ELSEWHERE);
    }
    FakeCloud cloud = (this == ON_PREMISES_LOSS
            ? builder.onPremises("head-office")
            : builder.region("us-east-1"))
        .region(RECOVERY.name())
        .build();
    if (onHost()) {
      cloud.addHost(RUNNER);
    }
    return FakeApplication.orders(cloud, strategy, plan -> extended(plan, cloud));
  }

  private DrPlanBuilder extended(DrPlanBuilder plan, FakeCloud cloud) {
    if (this != LINK_LOSS && this != FLAPPING) {
      return plan;
    }
    for (String dataset : List.of("orders-db", "receipts")) {
      plan.fence(
          "take the write lease of " + dataset,
          cloud.dataset(dataset).leased(LEASE).leaseTaken());
    }
    return plan;
  }

  /**
   * Returns the host on which the engine has to run: where what goes wrong concerns it. Its time source is that of the engine, and the
   * journal is on its disk.
   *
   * @param orders what {@link #orders} built
   */
  public Optional<FakeHost> runner(FakeApplication orders) {
    return onHost() ? Optional.of(orders.cloud().host(RUNNER)) : Optional.empty();
  }

  private boolean onHost() {
    return this == SLOW_DISK || this == CLOCK_JUMP;
  }

  /**
   * Returns all that goes wrong, from the moment at which it is let loose.
   *
   * @param orders what {@link #orders} built
   */
  public DisasterSchedule schedule(FakeApplication orders) {
    FakeCloud cloud = orders.cloud();
    Site primary = orders.primary();
    return switch (this) {
      case PRIMARY_REGION_LOSS, ON_PREMISES_LOSS -> now(Disaster.loss(primary));
      case ZONE_LOSS -> now(Disaster.loss(cloud.zones(primary).get(0)));
      case MACHINE_LOSS -> now(Disaster.machineLoss(primary, orders.web().name()));
      case CONTROL_PLANE_LOSS -> now(Disaster.controlPlaneLoss(primary));
      case RECOVERY_REGION_LOSS -> now(Disaster.loss(RECOVERY));
      case DISASTER_DURING_THE_RECOVERY ->
        now(Disaster.loss(primary))
            .with(DisasterSchedule.of(Disaster.controlPlaneLoss(RECOVERY)
                .after(minutesLater(cloud))
                .lasting(ofMinutes(15))));
      case FLAPPING ->
        DisasterSchedule.flapping(Disaster.loss(primary), ofMinutes(3), ofMinutes(2), 5);
      case LINK_LOSS -> now(Disaster.linkLoss(primary));
      case PARTITION -> now(Disaster.partition(primary, RECOVERY));
      case HALF_OPEN -> now(Disaster.halfOpen(primary));
      case VIRUS -> now(Disaster.corruption("orders-db", "receipts"));
      case USER_ERROR -> now(Disaster.corruption("orders-db"));
      case CORRUPT_REPLICA -> now(Disaster.corruptReplica("orders-db", RECOVERY));
      case REPLICATION_STALL -> now(Disaster.replicationStall("orders-db"));
      case THROTTLING -> now(Disaster.throttling(RECOVERY, 0.7));
      case NO_CAPACITY -> now(Disaster.noCapacity(RECOVERY));
      case SLOWNESS -> now(Disaster.slowness(primary, 50));
      case SLOW_DISK -> now(Disaster.loss(primary), Disaster.slowDisk(RUNNER, 500));
      case CLOCK_JUMP -> {
        Duration by = ofHours(cloud.chance("where the clock jumps to") < 0.5 ? 1 : -1);
        yield now(Disaster.loss(primary))
            .with(DisasterSchedule.of(Disaster.clockJump(RUNNER, by).after(minutesLater(cloud))));
      }
      case DNS_LOSS -> now(Disaster.controlPlaneLoss(cloud.dnsHome()));
      case EXPIRED_CREDENTIALS -> now(Disaster.expiredCredentials());
      case NONE -> DisasterSchedule.of();
    };
  }

  private static DisasterSchedule now(Disaster... disasters) {
    return new DisasterSchedule(
        Stream.of(disasters).map(disaster -> disaster.after(Duration.ZERO)).toList());
  }

  /** While somebody looks, decides or recovers. */
  private static Duration minutesLater(FakeCloud cloud) {
    return ofSeconds(60 + (long) (cloud.chance("when the second disaster strikes") * 420));
  }
}
