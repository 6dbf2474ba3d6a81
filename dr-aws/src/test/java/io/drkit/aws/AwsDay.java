package io.drkit.aws;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.Instruction;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RunControl;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.aws.autoscaling.AutoScalingGroups;
import io.drkit.aws.ec2.Ec2Images;
import io.drkit.aws.ec2.Ec2Instances;
import io.drkit.aws.rds.RdsInstance;
import io.drkit.aws.rds.RdsReadReplica;
import io.drkit.aws.route53.WeightedRecords;
import io.drkit.aws.s3.S3BucketReplicator;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import software.amazon.awssdk.services.route53.model.RRType;

/**
 * One day of a plan that is made of this module's actions alone, over fakes of AWS: a region is lost, and more than that happens. First
 * it is asked whether anything unsafe happened, then, when all is over, whether the workload runs where it was moved.
 */
final class AwsDay {
  private static final Duration DISASTERS = ofMinutes(90);
  private static final int ATTEMPTS = 60;
  private static final List<Mishaps.Kind> MISHAPS = List.of(Mishaps.Kind.values());

  private static final List<String> TROUBLE = List.of(
      "InsufficientInstanceCapacity",
      "Throttling",
      "RequestLimitExceeded",
      "Expired",
      "no answer within",
      "did not answer",
      "refused the connection",
      "is declared lost");

  private final long seed;
  private final Consumer<String> sightings;
  private final FakeCloud cloud;
  private final AwsAccount account;
  private final Timeline timeline = new Timeline();
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrPlan plan;
  private DrEngine engine;
  private Optional<RunReport> failover = Optional.empty();
  private boolean died;

  AwsDay(long seed, Consumer<String> sightings, Optional<Mistake> mistake) {
    this.seed = seed;
    this.sightings = sightings;
    cloud = FakeCloud.builder()
        .seed(seed)
        .region("eu-west-1")
        .region("us-west-2")
        .whenLost(FakeCloud.WhenLost.EITHER)
        .build();
    account = new AwsAccount(cloud, mistake, mishap());
    if (seed % 3 == 0) {
      account.settleLate();
    }
    engine = process();
    plan = plan();
  }

  private Mishaps.Kind mishap() {
    return MISHAPS.get(Math.floorMod(seed, MISHAPS.size()));
  }

  /** A process of the operator's. What it has not written down when it dies is gone. */
  private DrEngine process() {
    return DrEngine.builder()
        .journal(new MortalJournal(journal, account.mishaps()))
        .leases(leases)
        .time(cloud.time())
        .seed(seed)
        .owner("operator")
        .listener(timeline)
        .listener(new RunListener() {
          @Override
          public void onEvent(String name, RunRecord entry) {
            if (entry.event() instanceof ApprovalRequested) {
              cloud.time().schedule(ofMinutes(1), AwsDay.this::consent);
            }
          }
        })
        .build();
  }

  /** What a process writes down while it lives. */
  private record MortalJournal(Journal disk, Mishaps mishaps) implements Journal {
    @Override
    public void append(String name, long expectedNext, List<String> records) {
      mishaps.live();
      disk.append(name, expectedNext, records);
    }

    @Override
    public Log read(String name) {
      return disk.read(name);
    }

    @Override
    public List<String> read(String name, long from) {
      return disk.read(name, from);
    }
  }

  private DrPlan plan() {
    AwsClients clients = account.clients();
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(AwsAccount.IRELAND)
        .recovery(AwsAccount.OREGON)
        .objective(RecoveryObjective.rto(ofHours(1)).rpo(ofMinutes(5)))
        .replicator(RdsReadReplica.builder("orders-db")
            .clients(clients)
            .instance(AwsAccount.DATABASE)
            .instanceClass("db.t4g.medium")
            .build())
        .replicator(S3BucketReplicator.builder("invoices")
            .clients(clients)
            .bucket(AwsAccount.BUCKET)
            .every(ofMinutes(10))
            .concurrency(1)
            .build())
        .prepare("web image is in the recovery region", Ec2Images.of(clients).copied("orders-web"))
        .fence(
            "no worker writes any more", AutoScalingGroups.of(clients).stopped(AwsAccount.WORKERS))
        .promoteReplicas()
        .provision(
            AwsAccount.LAUNCH,
            Ec2Instances.running(clients, "orders-web", "t3.micro", AwsAccount.SERVERS))
        .provision(
            "scale the workers", AutoScalingGroups.of(clients).capacity(AwsAccount.WORKERS, 3))
        .provision(
            "the database grows",
            RdsInstance.of(clients, AwsAccount.DATABASE).instanceClass("db.r6g.large"))
        .redirect(
            "send users over",
            WeightedRecords.of(clients)
                .allTraffic(
                    "example.com",
                    "orders.example.com",
                    RRType.A,
                    PerSite.at(AwsAccount.IRELAND, "ireland").and(AwsAccount.OREGON, "oregon")))
        .verify(
            "machines run",
            FailoverAction.check(
                "machines run",
                context -> account.running() >= AwsAccount.SERVERS + 3
                    ? Progress.reached()
                    : Progress.underway(account.running() + " run")))
        .afterwards(
            "backups are kept", RdsInstance.of(clients, AwsAccount.DATABASE).backupRetention(14));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder.build();
  }

  /** What a seed makes of it: the primary region is lost, and up to four more disasters happen. */
  static DisasterSchedule schedule(long seed) {
    FakeCloud cloud =
        FakeCloud.builder().seed(seed).region("eu-west-1").region("us-west-2").build();
    List<Disaster.Strike> strikes = new ArrayList<>();
    strikes.add(
        Disaster.loss(AwsAccount.IRELAND).lasting(ofMinutes(20 + Math.floorMod(seed, 100L))));
    strikes.addAll(DisasterSchedule.random(seed, cloud, DISASTERS, 4).strikes());
    return new DisasterSchedule(strikes);
  }

  /** Lives the day; an error says what went wrong, with the timeline. */
  void live(DisasterSchedule schedule) throws InterruptedException {
    try {
      account.makeProduction();
      RunReport prepared = engine.prepare(plan, "nightly job").await();
      assertThat(prepared.outcome()).as(prepared.summary()).isEqualTo(Outcome.COMPLETED);
      account.write("late", 5);
      cloud.time().advance(ofMillis((long)
          (cloud.chance("the hour") * ofHours(2).toMillis())));
      Instant struck = cloud.time().now();
      schedule.strike(cloud);
      operate(struck);
      check(schedule, struck);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + ", " + schedule + ": " + e.getMessage() + "\n" + timeline, e);
    } finally {
      engine.close();
      account.clients().close();
    }
  }

  private void operate(Instant struck) throws InterruptedException {
    cloud.time().advance(ofMinutes(2));
    Attempt begun = () -> failOver(struck);
    attempt(begun);
    Duration over = cloud.time().uptime().plus(DISASTERS).plus(ofHours(2));
    int attempts = 0;
    while (cloud.time().uptime().compareTo(over) < 0 || !through()) {
      assertThat(attempts).as("attempts to fail over").isLessThan(ATTEMPTS);
      cloud.time().advance(ofMinutes(2));
      if (!through()) {
        attempts++;
        attempt(failover.isEmpty() && !died ? begun : this::resume);
      }
    }
  }

  private interface Attempt {
    void make() throws InterruptedException;
  }

  /** Somebody tries; if his process dies, another one begins. */
  private void attempt(Attempt attempt) throws InterruptedException {
    try {
      attempt.make();
    } catch (Mishaps.Death death) {
      begin();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof Mishaps.Death)) {
        throw e;
      }
      begin();
    }
  }

  private void begin() {
    died = true;
    sightings.accept("a process dies");
    engine.close();
    account.mishaps().revive();
    engine = process();
  }

  private boolean through() {
    return failover
        .filter(run -> run.outcome() == Outcome.COMPLETED
            || run.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS)
        .isPresent();
  }

  private void failOver(Instant struck) throws InterruptedException {
    try {
      Declaration declaration =
          Declaration.of("on-call").since(struck).stopped(struck).lost(AwsAccount.IRELAND);
      failover = Optional.of(engine.failover(plan, declaration).await());
      failover.ifPresent(this::sighted);
    } catch (DrException refused) {
      sightings.accept("a start is refused");
    }
  }

  private void resume() throws InterruptedException {
    try {
      List<Site> lost =
          cloud.lostSince(AwsAccount.IRELAND).isPresent() ? List.of(AwsAccount.IRELAND) : List.of();
      failover = Optional.of(engine.resume(plan, "on-call", lost).await());
      sightings.accept("a failover is resumed");
      failover.ifPresent(this::sighted);
    } catch (DrException refused) {
      sightings.accept("a resumption is refused");
    }
  }

  private void sighted(RunReport report) {
    sightings.accept("a failover ends " + report.outcome());
    for (RunReport.StepReport step : report.steps()) {
      if (step.status() == StepStatus.OWED) {
        sightings.accept("a fence is owed");
      }
    }
  }

  private void check(DisasterSchedule schedule, Instant struck) throws InterruptedException {
    String told = timeline.toString();
    TROUBLE.stream()
        .filter(told::contains)
        .forEach(trouble -> sightings.accept("somebody hears: " + trouble));
    RunReport report = failover.orElseThrow();
    assertThat(account.answer()).as("where users are sent").isEqualTo("192.0.2.2");
    boolean machinesLost = schedule.strikes().stream()
        .anyMatch(strike -> strike.disaster() instanceof Disaster.SiteLoss loss
            && loss.place().orElseThrow().isIn(AwsAccount.OREGON));
    if (machinesLost) {
      assertThat(account.servers()).as("servers").hasSizeGreaterThanOrEqualTo(AwsAccount.SERVERS);
    } else {
      assertThat(account.servers()).as("servers").hasSize(AwsAccount.SERVERS);
    }
    checkDatabase(report, struck);
    checkInvoices(report, struck);
    fenced(report);
  }

  private void checkDatabase(RunReport report, Instant struck) {
    assertThat(point(report, "orders-db"))
        .as("the recovery point of the database, held against the truth")
        .isBeforeOrEqualTo(account.databaseUntil());
    assertLost(report, "orders-db", Duration.between(account.databaseUntil(), struck));
    assertThat(account.databases()).singleElement().satisfies(database -> {
      assertThat(database.readReplicaSourceDBInstanceIdentifier())
          .as("what the database copies from")
          .isNull();
      assertThat(database.dbInstanceClass()).isEqualTo("db.r6g.large");
    });
  }

  private void checkInvoices(RunReport report, Instant struck) {
    Instant claimed = point(report, "invoices");
    account.written().forEach((key, at) -> {
      if (!account.copied(key)) {
        assertThat(at)
            .as("when %s was written, which is not in the copy", key)
            .isAfterOrEqualTo(claimed);
        assertLost(report, "invoices", Duration.between(at, struck));
        sightings.accept("an object is lost");
      }
    });
  }

  /** A report tells of no less loss than there was. */
  private static void assertLost(RunReport report, String dataset, Duration truth) {
    loss(report, dataset)
        .length()
        .ifPresent(told -> assertThat(told)
            .as("what is said to be lost of %s", dataset)
            .isGreaterThanOrEqualTo(truth));
  }

  /** What is owed is shown, and made good before anything else when the lost region is asked again. */
  private void fenced(RunReport report) throws InterruptedException {
    if (account.workers(AwsAccount.IRELAND) > 0) {
      assertThat(report.exposed()).as("the fence that is owed").isNotEmpty();
      engine.prepare(plan, "redundancy").await();
      cloud.time().advance(ofMinutes(10));
      sightings.accept("a fence is made good");
    }
    assertThat(account.workers(AwsAccount.IRELAND))
        .as("workers where the workload was")
        .isZero();
  }

  private static RunReport.DataLoss loss(RunReport report, String dataset) {
    return report.losses().stream()
        .filter(loss -> loss.dataset().equals(dataset))
        .findFirst()
        .orElseThrow();
  }

  private static Instant point(RunReport report, String dataset) {
    return loss(report, dataset).recoveryPoint().completeUntil().orElse(Instant.MIN);
  }

  private void consent() {
    try {
      RunControl run = engine.control("orders");
      run.approvals().forEach(request -> {
        run.approve(request, Instruction.by("data owner"));
        sightings.accept("a loss is consented to");
      });
    } catch (DrException ended) {
      sightings.accept("a consent comes too late");
    }
  }
}
