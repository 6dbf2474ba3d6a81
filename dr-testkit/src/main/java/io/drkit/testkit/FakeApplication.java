package io.drkit.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.Disaster;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.RecoveryObjective;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A web shop's orders in a {@link FakeCloud}, with its recovery plan: one of the white paper's four strategies as
 * something that runs (WP-40 to WP-43). Web servers write a database, {@code orders-db}, and files beside it, {@code
 * receipts}; users come by {@code orders.example.com}. The plan's preparation brings about what the strategy keeps ready,
 * so {@code engine.prepare} comes before any disaster. Not thread-safe.
 *
 * <table>
 * <caption>What is ready in the recovery site, and what the plan promises</caption>
 * <tr><th>strategy</th><th>servers</th><th>data</th><th>RTO</th><th>RPO</th></tr>
 * <tr><td>backup and restore</td><td>an image</td><td>hourly backups</td><td>4 h</td><td>2 h</td></tr>
 * <tr><td>pilot light</td><td>an image</td><td>a small replica</td><td>30 min</td><td>1 min</td></tr>
 * <tr><td>warm standby</td><td>half of what is needed</td><td>a half-sized replica</td><td>10 min</td><td>30 s</td></tr>
 * <tr><td>multi-site</td><td>all, and they serve</td><td>a full replica</td><td>2 min</td><td>10 s</td></tr>
 * </table>
 */
public final class FakeApplication {
  private static final int DEMAND = 4;
  /** How long back a copy can be recovered to a point in time. */
  private static final Duration KEPT = Duration.ofDays(7);

  private final FakeCloud cloud;
  private final DrStrategy strategy;
  private final Direction direction;
  private final FakeDataset database;
  private final FakeDataset receipts;
  private final FakeServers web;
  private final FakeTraffic traffic;
  private final FakeService service;
  private final DrPlan plan;

  private FakeApplication(
      FakeCloud cloud,
      DrStrategy strategy,
      Direction direction,
      UnaryOperator<DrPlanBuilder> options) {
    this.cloud = cloud;
    this.strategy = strategy;
    this.direction = direction;
    Site primary = direction.from();
    this.database = cloud.addDataset("orders-db", primary).capacity(primary, DEMAND);
    this.receipts = cloud
        .addDataset("receipts", primary)
        .service("s3")
        .writesPerSecond(2)
        .capacity(primary, DEMAND)
        .capacity(direction.to(), DEMAND);
    // Two more than the demand asks for, so that the loss of one of three zones is borne.
    this.web = cloud.addServers("orders-web", primary, DEMAND + 2);
    this.traffic = cloud.addTraffic("orders.example.com", primary);
    this.service = cloud.addService("orders", traffic, web, database, receipts).demand(DEMAND);
    DrPlanBuilder builder = switch (strategy) {
      case BACKUP_AND_RESTORE -> backupAndRestore();
      case PILOT_LIGHT -> pilotLight();
      case WARM_STANDBY -> warmStandby();
      case MULTI_SITE -> multiSite();
    };
    this.plan = options.apply(builder).build();
  }

  /**
   * Builds the orders workload in the first of the cloud's sites, to be recovered in the second.
   *
   * @param cloud a cloud of two sites at least, without an orders workload
   * @param strategy how it is kept ready
   * @throws IllegalArgumentException if the cloud has one site only, or an orders workload already
   */
  public static FakeApplication orders(FakeCloud cloud, DrStrategy strategy) {
    return orders(cloud, strategy, UnaryOperator.identity());
  }

  /**
   * Builds the orders workload.
   *
   * @param cloud a cloud without an orders workload
   * @param strategy how it is kept ready
   * @param direction from the site where it runs to the one where it is recovered
   * @throws IllegalArgumentException if the cloud lacks one of the sites, or has an orders workload already
   */
  public static FakeApplication orders(FakeCloud cloud, DrStrategy strategy, Direction direction) {
    return new FakeApplication(cloud, strategy, direction, UnaryOperator.identity());
  }

  /**
   * Builds the orders workload in the first of the cloud's sites, to be recovered in the second, with options of its plan.
   *
   * @param cloud a cloud of two sites at least, without an orders workload
   * @param strategy how it is kept ready
   * @param options adds to its plan
   * @throws IllegalArgumentException if the cloud has one site only, or an orders workload already
   */
  public static FakeApplication orders(
      FakeCloud cloud, DrStrategy strategy, UnaryOperator<DrPlanBuilder> options) {
    List<Site> sites = cloud.sites();
    if (sites.size() < 2) {
      throw new IllegalArgumentException(
          "an application needs a second site to be recovered in, but the cloud has only " + sites);
    }
    Direction direction = new Direction(sites.get(0), sites.get(1));
    return new FakeApplication(cloud, strategy, direction, options);
  }

  /** {@return the cloud that it runs in} */
  public FakeCloud cloud() {
    return cloud;
  }

  /** {@return how it is kept ready} */
  public DrStrategy strategy() {
    return strategy;
  }

  /** {@return its recovery plan} */
  public DrPlan plan() {
    return plan;
  }

  /** {@return where it runs at first} */
  public Site primary() {
    return direction.from();
  }

  /** {@return where it is recovered} */
  public Site recovery() {
    return direction.to();
  }

  /** {@return the service that its users see} */
  public FakeService service() {
    return service;
  }

  /** {@return its database and the files beside it} */
  public List<FakeDataset> datasets() {
    return List.of(database, receipts);
  }

  /** {@return its web servers} */
  public FakeServers web() {
    return web;
  }

  /** {@return its users} */
  public FakeTraffic traffic() {
    return traffic;
  }

  /** {@return the verification that users are served at the level of the plan's objective} */
  public FailoverAction orderCanBePlaced() {
    return service.served(plan.objective().serviceLevel());
  }

  /**
   * Returns a declaration that tells the truth: since when users have been without service, or since the first of the disasters struck
   * that are still on, or since they were without service when it did; which sites are lost; until when those were up; and to when the data
   * has to be recovered, if it went bad.
   *
   * @param by who declares it
   */
  public Declaration declaration(String by) {
    List<Outages.Strike> on = cloud.outages().strikes().stream()
        .filter(strike -> strike.activeAt(cloud.time().now()))
        .toList();
    Declaration declaration = Declaration.of(by);
    List<Span> outages = cloud.truth().outages(service.name(), plan.objective().serviceLevel());
    Optional<Instant> since = Stream.concat(
            withoutServiceSince(outages).stream(), on.stream().map(Outages.Strike::from))
        .min(Comparator.naturalOrder())
        .map(first -> began(outages, first));
    Optional<Instant> stopped = on.stream()
        .filter(strike -> gone(strike.disaster()))
        .map(Outages.Strike::from)
        .max(Comparator.naturalOrder());
    if (since.isPresent()) {
      declaration = declaration.since(since.get());
    }
    if (stopped.isPresent()) {
      declaration = declaration.stopped(stopped.get());
    }
    Optional<Instant> bad = badSince();
    if (bad.isPresent()) {
      declaration = declaration.recoverTo(bad.get());
    }
    for (Outages.Strike strike : on) {
      if (gone(strike.disaster())) {
        declaration = declaration.lost(strike.disaster().place().orElseThrow());
      }
    }
    return declaration;
  }

  /** Whether nothing in a site can be reached any more: it is declared lost then, whether or not it runs on. */
  private static boolean gone(Disaster disaster) {
    return disaster instanceof Disaster.SiteLoss || disaster instanceof Disaster.LinkLoss;
  }

  /** Since when the data that is written to has been bad. */
  private Optional<Instant> badSince() {
    Instant now = cloud.time().now();
    return datasets().stream()
        .flatMap(dataset -> dataset.copies().stream())
        .filter(copy -> copy.writable(now))
        .flatMap(copy -> copy.badSince(now).stream())
        .min(Comparator.naturalOrder());
  }

  private Optional<Instant> withoutServiceSince(List<Span> outages) {
    return outages.isEmpty()
        ? Optional.empty()
        : Optional.of(outages.get(outages.size() - 1))
            .filter(last -> !last.until().isBefore(cloud.time().now()))
            .map(Span::from);
  }

  /** When the outage began during which something struck; when it struck if users were served. */
  private static Instant began(List<Span> outages, Instant struck) {
    return outages.stream()
        .filter(outage -> outage.from().isBefore(struck) && outage.until().isAfter(struck))
        .map(Span::from)
        .findFirst()
        .orElse(struck);
  }

  private DrPlanBuilder backupAndRestore() {
    database.periodic(ofHours(1)).seedingTime(ofMinutes(5)).promotionTime(ofMinutes(40));
    receipts.periodic(ofHours(1)).seedingTime(ofMinutes(5)).promotionTime(ofMinutes(20));
    database.capacity(recovery(), DEMAND);
    RecoveryObjective objective = RecoveryObjective.rto(ofHours(4)).rpo(ofHours(2));
    return failover(
            plan(objective)
                .prepare("web image is in the recovery site", web.imageCopied())
                .waive(
                    KeyPoint.BACKUP_RETENTION,
                    "the fake cloud keeps every backup; retention is a matter of the real one")
                .waive(KeyPoint.BACKUP_SECURITY, "the fake cloud holds nothing that could be read")
                .waive(
                    KeyPoint.BACKUP_RESTORE_TESTED,
                    "each game day restores the data and the system"),
            ofHours(2))
        .provision("launch web tier", web.count(DEMAND))
        .redirect("send users over", redirected())
        .verify("an order can be placed", service.served(objective.serviceLevel()))
        .afterwards("backups run in the recovery site", database.backedUp());
  }

  private DrPlanBuilder pilotLight() {
    database
        .asynchronous(ofSeconds(2))
        .promotionTime(ofMinutes(2))
        .resizingTime(ofMinutes(8))
        .keeps(KEPT);
    receipts.asynchronous(ofSeconds(20)).promotionTime(Duration.ZERO).keeps(KEPT);
    RecoveryObjective objective = RecoveryObjective.rto(ofMinutes(30)).rpo(ofMinutes(1));
    return failover(
            plan(objective)
                .prepare(
                    "web image is in the recovery site",
                    web.imageCopied(),
                    step -> step.meets(
                        KeyPoint.PILOT_LIGHT_PACKAGES_THERE,
                        KeyPoint.PILOT_LIGHT_IMAGES_MAINTAINED))
                .waive(
                    KeyPoint.PILOT_LIGHT_SERVERS_TESTED,
                    "each game day starts servers from the image and serves users with them"),
            ofMinutes(30))
        .provision(
            "launch web tier",
            web.count(DEMAND),
            step -> step.meets(KeyPoint.PILOT_LIGHT_PROVISIONING_AUTOMATED))
        .provision(
            "resize database",
            database.resized(DEMAND),
            step -> step.meets(KeyPoint.PILOT_LIGHT_DATABASE_RESIZED))
        .redirect("send users over", redirected())
        .verify("an order can be placed", service.served(objective.serviceLevel()))
        .afterwards(
            "backups run in the recovery site",
            database.backedUp(),
            step -> step.meets(KeyPoint.PILOT_LIGHT_REDUNDANCY_RESTORED));
  }

  private DrPlanBuilder warmStandby() {
    database
        .asynchronous(ofSeconds(2))
        .promotionTime(ofMinutes(1))
        .resizingTime(ofMinutes(4))
        .capacity(recovery(), DEMAND / 2)
        .keeps(KEPT);
    receipts.asynchronous(ofSeconds(10)).promotionTime(Duration.ZERO).keeps(KEPT);
    RecoveryObjective objective = RecoveryObjective.rto(ofMinutes(10)).rpo(ofSeconds(30));
    return failover(
            plan(objective)
                .prepare(
                    "web image is in the recovery site",
                    web.imageCopied(),
                    step -> step.meets(
                        KeyPoint.WARM_STANDBY_IMAGES_MAINTAINED, KeyPoint.WARM_STANDBY_IN_STEP))
                .prepare(
                    "half of the web tier runs",
                    web.count(DEMAND / 2),
                    step -> step.after("web image is in the recovery site")),
            ofMinutes(30))
        .provision(
            "scale web tier up",
            web.count(DEMAND),
            step -> step.meets(KeyPoint.WARM_STANDBY_AUTO_SCALING))
        .provision("resize database", database.resized(DEMAND))
        .redirect("send users over", redirected())
        .verify("an order can be placed", service.served(objective.serviceLevel()))
        .afterwards("backups run in the recovery site", database.backedUp());
  }

  private DrPlanBuilder multiSite() {
    database
        .asynchronous(ofSeconds(1))
        .promotionTime(ofSeconds(20))
        .capacity(recovery(), DEMAND)
        .keeps(KEPT);
    receipts.asynchronous(ofSeconds(5)).promotionTime(Duration.ZERO).keeps(KEPT);
    traffic.ttl(ofSeconds(10));
    service.worksOnDataOf(recovery(), primary());
    RecoveryObjective objective = RecoveryObjective.rto(ofMinutes(2)).rpo(ofSeconds(10));
    return failover(
            plan(objective)
                .prepare("web image is in the recovery site", web.imageCopied())
                .prepare(
                    "a duplicate of the web tier runs",
                    web.count(DEMAND),
                    step -> step.after("web image is in the recovery site"))
                .prepare(
                    "part of the users are served there",
                    traffic.weighted(3, 1),
                    step -> step.after("a duplicate of the web tier runs")
                        .meets(KeyPoint.MULTI_SITE_WEIGHTS_SET)),
            ofMinutes(30))
        .provision(
            "use the local database",
            service.usesLocalData(),
            step -> step.after("promote orders-db", "promote receipts")
                .meets(KeyPoint.MULTI_SITE_DATABASE_SWITCHED))
        .redirect("send all users over", redirected())
        .verify("an order can be placed", service.served(objective.serviceLevel()))
        .afterwards(
            "web tier grows as the load does",
            web.count(DEMAND + 2),
            step -> step.meets(KeyPoint.MULTI_SITE_AUTO_SCALING))
        .afterwards("backups run in the recovery site", database.backedUp());
  }

  private DrPlanBuilder plan(RecoveryObjective objective) {
    return DrPlan.builder("orders")
        .strategy(strategy)
        .primary(primary())
        .recovery(recovery())
        .objective(objective)
        .replicator(database.replicator())
        .replicator(receipts.replicator());
  }

  private DrPlanBuilder failover(DrPlanBuilder prepared, Duration promotionLimit) {
    return prepared
        .fence("stop the writers of orders-db", database.fenced())
        .fence("stop the writers of receipts", receipts.fenced())
        .promoteReplicas(step -> step.timeLimit(promotionLimit));
  }

  /** By the records where their control plane does not go down with the primary site; else by the switch. */
  private FailoverAction redirected() {
    return cloud.dnsHome().isIn(primary()) ? traffic.allTrafficSwitched() : traffic.allTraffic();
  }
}
