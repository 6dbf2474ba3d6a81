package io.drkit.examples.cli;

import io.drkit.Disaster;
import io.drkit.DrPlanBuilder;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeCloudBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What can go wrong on a game day. */
enum FakeDisaster {
  REGION_LOSS("The region where orders runs is lost"),
  ZONE_LOSS("One zone of the region where orders runs is lost"),
  ON_PREMISES_LOSS("The site of its own in which orders runs, head-office, is lost"),
  CONTROL_PLANE_LOSS("The control planes of the region where orders runs are lost"),
  LINK_LOSS("Nobody reaches the region where orders runs, and its writers go on"),
  VIRUS("A virus makes database and files bad, and both are copied as they are"),
  USER_ERROR("A user's error makes the database bad, and it is copied as it is"),
  CORRUPT_REPLICA("The copy of the database in us-west-2 is damaged, and nobody knows"),
  REPLICATION_STALL("The copies of the database receive nothing any more, and nobody is told"),
  THROTTLING("The control planes of us-west-2 refuse seven of ten requests"),
  NO_CAPACITY("No machine can be launched in us-west-2"),
  SLOWNESS("Everything in the region where orders runs takes fifty times as long"),
  DNS_LOSS("DNS cannot be changed"),
  EXPIRED_CREDENTIALS("Nobody's credentials are accepted any more");

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final String words;

  FakeDisaster(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /** The cloud in whose first site orders runs, and is recovered in us-west-2. */
  FakeCloud cloud(long seed) {
    FakeCloudBuilder cloud = FakeCloud.builder().seed(seed);
    return this == ON_PREMISES_LOSS
        ? cloud.onPremises("head-office").region("us-west-2").build()
        : cloud.build();
  }

  /** What the plan of orders has beyond that of its strategy: writers that nobody reaches are stopped by their leases. */
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

  Disaster at(FakeCloud cloud, Site site) {
    Site recovery = cloud.sites().get(1);
    return switch (this) {
      case LINK_LOSS -> Disaster.linkLoss(site);
      case VIRUS -> Disaster.corruption("orders-db", "receipts");
      case USER_ERROR -> Disaster.corruption("orders-db");
      case CORRUPT_REPLICA -> Disaster.corruptReplica("orders-db", recovery);
      case REPLICATION_STALL -> Disaster.replicationStall("orders-db");
      case THROTTLING -> Disaster.throttling(recovery, 0.7);
      case NO_CAPACITY -> Disaster.noCapacity(recovery);
      case SLOWNESS -> Disaster.slowness(site, 50);
      case DNS_LOSS -> Disaster.controlPlaneLoss(cloud.dnsHome());
      case EXPIRED_CREDENTIALS -> Disaster.expiredCredentials();
      case REGION_LOSS, ON_PREMISES_LOSS -> Disaster.loss(site);
      case ZONE_LOSS -> Disaster.loss(cloud.zones(site).get(0));
      case CONTROL_PLANE_LOSS -> Disaster.controlPlaneLoss(site);
    };
  }

  static List<String> options() {
    return Arrays.stream(values()).map(FakeDisaster::option).toList();
  }

  private String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The disasters as they are written on a command line. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return options().iterator();
    }
  }

  /** Reads a disaster as it is written on a command line. */
  static final class Converter implements ITypeConverter<FakeDisaster> {
    @Override
    public FakeDisaster convert(String text) {
      return Arrays.stream(values())
          .filter(disaster -> disaster.option().equalsIgnoreCase(text.replace('_', '-')))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + options()));
    }
  }
}
