package io.drkit.testkit.chaos;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Decision;
import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RunControl;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.CloudTruth;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeHost;
import io.drkit.testkit.Invariants;
import io.drkit.testkit.Span;
import io.drkit.testkit.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One day of an operator who has a plan, and whom several disasters strike: before, during and after the recovery. First it is asked
 * whether anything unsafe happened, then, when all is over, whether the service is back.
 */
final class ChaosDay {
  private static final Duration LEASE = ofSeconds(30);
  /** Until when the last disaster begins; each lasts an hour at most. */
  static final Duration DISASTERS = ofMinutes(90);

  private static final int ATTEMPTS = 120;
  private static final int ATTEMPTS_AT_BAD_DATA = 2;

  private final FakeCloud cloud;
  private final FakeApplication orders;
  private final Timeline timeline = new Timeline();
  private final Journal journal;
  private final DrEngine engine;
  private final Sightings sightings;
  private final TimeSource clock;
  private final List<String> shorterThanTheTruth = new ArrayList<>();
  private final List<String> takenForGranted = new ArrayList<>();
  private boolean clockWasBehind;
  /** How the failover ended that was tried last. */
  private Optional<RunReport> failover = Optional.empty();

  /**
   * A day of an operator.
   *
   * @param host where the plan runs; nothing for a place that nothing happens to
   */
  ChaosDay(Optional<FakeHost> host, FakeCloud cloud, DrStrategy strategy, Sightings sightings) {
    this.sightings = sightings;
    this.cloud = cloud;
    this.orders = FakeApplication.orders(
        cloud,
        strategy,
        plan -> plan.fence(
                "take the write lease of orders-db",
                cloud.dataset("orders-db").leased(LEASE).leaseTaken())
            .fence(
                "take the write lease of receipts",
                cloud.dataset("receipts").leased(LEASE).leaseTaken()));
    this.clock = host.map(FakeHost::time).orElse(cloud.time());
    this.journal =
        host.map(on -> on.disk().journal(Journal.inMemory())).orElseGet(Journal::inMemory);
    this.engine = DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(clock)
        .seed(cloud.seed())
        .owner("operator")
        .listener(timeline)
        .listener(new RunListener() {
          @Override
          public void onEvent(String plan, RunRecord entry) {
            if (entry.event() instanceof ApprovalRequested) {
              cloud.time().schedule(ofSeconds(20), ChaosDay.this::consent);
            }
          }
        })
        .build();
  }

  /** All that the day left behind: what the engine wrote, what was told, and what really happened. */
  String trace() {
    CloudTruth truth = cloud.truth();
    StringBuilder trace = new StringBuilder();
    journal.read("orders").records().forEach(record -> trace.append(record).append('\n'));
    trace.append(timeline);
    orders
        .datasets()
        .forEach(dataset -> trace
            .append(truth.losses(dataset.name()))
            .append(truth.splitBrains(dataset.name()))
            .append(truth.acknowledgedWrites(dataset.name())));
    return trace.append(truth.outages("orders", 1)).toString();
  }

  /** How long the day was. */
  Duration lived() {
    return cloud.time().uptime();
  }

  /** Lives the day; an error says what went wrong, with the timeline. */
  void live(DisasterSchedule schedule) throws InterruptedException {
    try (engine) {
      assertThat(engine.prepare(orders.plan(), "operator").await().outcome())
          .isEqualTo(Outcome.COMPLETED);
      cloud.time().advance(ofMillis((long)
          (cloud.chance("the hour") * ofHours(2).toMillis())));
      schedule.strike(cloud);
      operate();
      assertThat(broken(schedule)).isEmpty();
      if (spoiled()) {
        sightings.saw("a day ends with data that is bad for good");
        onlyTheDataIsBad();
      } else {
        assertThat(orders.service().level())
            .as("the service is back when all is over")
            .isGreaterThanOrEqualTo(orders.plan().objective().serviceLevel());
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          orders.strategy() + ", " + schedule + ": " + e.getMessage() + "\n" + timeline, e);
    }
  }

  /** Whoever is to bring back good data by hand finds all else in its place, and a run that does not call that a service. */
  private void onlyTheDataIsBad() {
    RunReport last = failover.orElseThrow(() -> new AssertionError("nobody failed over"));
    last.steps().stream()
        .filter(step -> step.stage().compareTo(Stage.VERIFY) < 0)
        .forEach(step ->
            assertThat(step.status()).as(step.name()).isIn(StepStatus.REACHED, StepStatus.OWED));
    // What went bad after it was verified is not the run's to find.
    assertThat(last.step("an order can be placed").status())
        .isEqualTo(through(last) ? StepStatus.REACHED : StepStatus.FAILED);
  }

  /** The instants of a report are those of its clock: where that was wrong, only what needs none of them is held against the truth. */
  private List<String> broken(DisasterSchedule schedule) {
    boolean clocksAreRight = schedule.strikes().stream()
        .noneMatch(strike -> strike.disaster() instanceof Disaster.ClockJump);
    return clocksAreRight
        ? Stream.concat(
                Invariants.broken(orders, engine.reports("orders")).stream(),
                takenForGranted.stream())
            .toList()
        : Stream.concat(
                orders.datasets().stream()
                    .flatMap(dataset -> cloud.truth().splitBrains(dataset.name()).stream())
                    .map(Span::toString),
                shorterThanTheTruth.stream())
            .toList();
  }

  /**
   * Holds the outage that a run reports against the one that began with the disruption, by the true clock. A clock that is behind when a
   * failover is declared shortens every outage, and nobody can tell.
   */
  private void holdAgainstTheTrueClock(RunReport report) {
    if (clockWasBehind || !report.rto().recovered()) {
      return;
    }
    Instant since = report.declaration().since().orElseThrow();
    cloud.truth().outages("orders", orders.plan().objective().serviceLevel()).stream()
        .filter(outage -> !outage.from().isAfter(since) && outage.until().isAfter(since))
        .map(outage -> Duration.between(since, outage.until()))
        .filter(outage -> outage.compareTo(report.rto().elapsed()) > 0)
        .forEach(outage -> shorterThanTheTruth.add(
            "an outage of " + outage + " is reported as " + report.rto().elapsed()));
  }

  /** The same of what was lost where a fence proves until when the site wrote. */
  private void holdLossesAgainstTheTruth(RunReport report, Instant attempted) {
    for (RunReport.DataLoss told : report.losses()) {
      boolean proven =
          !clockWasBehind && told.length().isPresent() && told.silentSince().isEmpty();
      cloud.truth().losses(told.dataset()).stream()
          .filter(loss -> proven && !loss.promoted().isBefore(attempted))
          .filter(loss -> loss.length().compareTo(told.length().orElseThrow()) > 0)
          .forEach(loss -> shorterThanTheTruth.add("a loss of " + loss.length() + " of "
              + told.dataset() + " is reported as " + told.length().orElseThrow()));
    }
  }

  /**
   * Holds what a report takes for granted of the site that was left against the last true word on it.
   *
   * @param wrote until when it wrote when the failover was declared, or resumed last
   */
  private void holdAgainstTheLastWord(RunReport report, Instant wrote) {
    report.losses().stream()
        .filter(
            loss -> loss.promoted() && loss.silentSince().filter(wrote::isAfter).isPresent())
        .forEach(loss -> takenForGranted.add("what is lost of " + loss.dataset()
            + " is counted until " + loss.silentSince().orElseThrow() + ", but "
            + orders.primary() + " wrote until " + wrote));
  }

  /** Whether what is written to is bad. No resumption changes to when a run recovers. */
  private boolean spoiled() {
    return orders.declaration("operator").recoverTo().isPresent();
  }

  /** Looks every minute, fails over when users are without service, and goes on with what did not come to its end. */
  private void operate() throws InterruptedException {
    int attempts = 0;
    int attemptsAtBadData = 0;
    Duration over = cloud.time().uptime().plus(DISASTERS).plus(ofHours(2));
    while (cloud.time().uptime().compareTo(over) < 0 || open()) {
      boolean ended = cloud.time().uptime().compareTo(over) >= 0;
      if (ended && spoiled() && attemptsAtBadData++ >= ATTEMPTS_AT_BAD_DATA) {
        return;
      }
      assertThat(attempts).as("attempts").isLessThan(ATTEMPTS);
      cloud.time().advance(ofMinutes(2));
      if (open() || (!served() && !moved())) {
        attempts++;
        attempt();
      }
    }
  }

  private boolean served() {
    return orders.service().level() >= orders.plan().objective().serviceLevel();
  }

  /** Whether there is a failover that is not through. */
  private boolean open() {
    return failover.filter(run -> !through(run)).isPresent();
  }

  private boolean moved() {
    return failover.filter(ChaosDay::through).isPresent();
  }

  private static boolean through(RunReport run) {
    return run.outcome() == Outcome.COMPLETED || run.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS;
  }

  private void attempt() throws InterruptedException {
    Declaration truth = orders.declaration("operator");
    boolean gone = orders.primary().isInAny(truth.lost());
    Instant attempted = cloud.time().now();
    Instant wrote = truth.stopped().filter(stopped -> gone).orElse(clock.now());
    try {
      if (open()) {
        sightings.saw("a failover is resumed");
        List<Site> lost = truth.lost().stream()
            .filter(site -> !site.equals(orders.recovery()))
            .toList();
        DrRun resumed = gone
            ? engine.resume(orders.plan(), "operator", lost, wrote)
            : engine.resume(orders.plan(), "operator", lost);
        failover = Optional.of(resumed.await());
      } else {
        clockWasBehind = clock.now().isBefore(cloud.time().now());
        failover = Optional.of(engine.failover(orders.plan(), truth).await());
      }
      failover.ifPresent(this::sighted);
      failover.ifPresent(this::holdAgainstTheTrueClock);
      failover.ifPresent(report -> holdLossesAgainstTheTruth(report, attempted));
      failover.ifPresent(report -> holdAgainstTheLastWord(report, wrote));
      failover.ifPresent(this::settle);
    } catch (DrException refused) {
      sightings.saw("a start is refused");
      timeline.note(cloud.time().now(), "refused: " + refused.getMessage());
    }
  }

  /** Somebody looks for what a step in doubt may have brought about, and does not find it: it is asked for again. */
  private void settle(RunReport report) {
    report.steps().stream().filter(step -> step.status() == StepStatus.IN_DOUBT).forEach(step -> {
      sightings.saw("a person settles what is in doubt");
      engine
          .control("orders")
          .decide(
              step.name(),
              Decision.NO_EFFECT,
              Instruction.by("operator").because("nothing is there"));
    });
  }

  private void sighted(RunReport report) {
    sightings.saw("a failover ends " + report.outcome());
    report.steps().forEach(step -> {
      if (step.status() == StepStatus.OWED) {
        sightings.saw("a fence is owed");
      }
      if (step.detail().contains("too many came")) {
        sightings.saw("a step fails for throttling");
      }
      if (step.detail().contains("no room")) {
        sightings.saw("a step fails for want of room");
      }
      if (step.detail().contains("credentials have expired")) {
        sightings.saw("a step fails for expired credentials");
      }
    });
    if (report.declaration().recoverTo().isPresent() && through(report)) {
      sightings.saw("a failover brings back what was there before it went bad");
    }
    if (!report.rpoMet()) {
      sightings.saw("an RPO is missed");
    }
    if (!report.rtoMet()) {
      sightings.saw("an RTO is missed");
    }
  }

  /** Somebody who may consents to what would be lost, soon after it was asked. */
  private void consent() {
    RunControl run = engine.control("orders");
    try {
      run.approvals().forEach(request -> {
        run.approve(request, Instruction.by("data owner"));
        sightings.saw("a loss is consented to");
      });
    } catch (DrException ended) {
      sightings.saw("a consent comes too late");
    }
  }
}
