package io.drkit.testkit.junit;

import io.drkit.Disaster;
import io.drkit.DrPlanBuilder;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What goes wrong on a {@link GameDay}. It decides where the application runs as well. */
public enum GameDayDisaster {
  /** The region in which the application runs is lost: its data, servers and control planes. */
  PRIMARY_REGION_LOSS,
  /** The first zone of that region is lost, in which the database is written. The region's other zones go on. */
  ZONE_LOSS,
  /** The application runs on premises, and that site is lost (WP-60 a). It is recovered in a region. */
  ON_PREMISES_LOSS,
  /**
   * The only link of the application's region is lost, such as that to its internet provider (WP-60 b): nobody reaches it, and what runs
   * there goes on. Its writers hold a lease, and the plan takes it.
   */
  LINK_LOSS,
  /** A virus in core services over several sites (WP-60 c): database and files go bad, and are copied as they are. */
  VIRUS,
  /** A user's error (WP-60 d): the database goes bad, and is copied as it is; it has to be recovered to the instant before. */
  USER_ERROR,
  /** The copy of the database in the recovery region is damaged, and nobody knows. What runs goes on. */
  CORRUPT_REPLICA,
  /** The copies of the database receive nothing any more, and nobody is told. What runs goes on. */
  REPLICATION_STALL,
  /** A storm of requests upon the recovery region's control planes: they refuse seven of ten. What runs goes on. */
  THROTTLING,
  /** No machine can be launched in the recovery region. What runs goes on. */
  NO_CAPACITY,
  /** A gray failure: everything in the application's region takes fifty times as long. Users are served. */
  SLOWNESS,
  /** DNS cannot be changed: the control planes of the region are lost in which its home is. */
  DNS_LOSS,
  /** Nobody's credentials are accepted any more by any control plane. What runs goes on. */
  EXPIRED_CREDENTIALS,
  /** The control planes of the application's region are lost: all that runs goes on, nothing can be changed there. */
  CONTROL_PLANE_LOSS,
  /** Nothing goes wrong, unless the test makes it so. */
  NONE;

  private static final Duration LEASE = Duration.ofSeconds(30);

  /** {@return the application's site and the one where it is recovered} */
  List<Site> sites() {
    Site primary =
        this == ON_PREMISES_LOSS ? Site.onPremises("head-office") : Site.region("us-east-1");
    return List.of(primary, Site.region("us-west-2"));
  }

  /** What the application's plan has beyond that of its strategy. */
  DrPlanBuilder extended(DrPlanBuilder plan, FakeCloud cloud) {
    if (this != LINK_LOSS) {
      return plan;
    }
    for (String dataset : List.of("orders-db", "receipts")) {
      plan.fence(
          "take the write lease of " + dataset,
          cloud.dataset(dataset).leased(LEASE).leaseTaken());
    }
    return plan;
  }

  Optional<Disaster> in(FakeCloud cloud, Site primary) {
    return switch (this) {
      case PRIMARY_REGION_LOSS, ON_PREMISES_LOSS -> Optional.of(Disaster.loss(primary));
      case ZONE_LOSS -> Optional.of(Disaster.loss(cloud.zones(primary).get(0)));
      case LINK_LOSS -> Optional.of(Disaster.linkLoss(primary));
      case VIRUS -> Optional.of(Disaster.corruption("orders-db", "receipts"));
      case USER_ERROR -> Optional.of(Disaster.corruption("orders-db"));
      case CORRUPT_REPLICA ->
        Optional.of(Disaster.corruptReplica("orders-db", sites().get(1)));
      case REPLICATION_STALL -> Optional.of(Disaster.replicationStall("orders-db"));
      case THROTTLING -> Optional.of(Disaster.throttling(sites().get(1), 0.7));
      case NO_CAPACITY -> Optional.of(Disaster.noCapacity(sites().get(1)));
      case SLOWNESS -> Optional.of(Disaster.slowness(primary, 50));
      case DNS_LOSS -> Optional.of(Disaster.controlPlaneLoss(cloud.dnsHome()));
      case EXPIRED_CREDENTIALS -> Optional.of(Disaster.expiredCredentials());
      case CONTROL_PLANE_LOSS -> Optional.of(Disaster.controlPlaneLoss(primary));
      case NONE -> Optional.empty();
    };
  }
}
