package io.drkit.testkit;

import io.drkit.Outcome;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.Stage;
import io.drkit.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What must hold after any game day, however it went: no dataset of the cloud was ever writable in two places, every run has ended, no
 * run verified a service whose data was bad or measured more of it than users had, none that was to recover to an instant promoted what
 * was written after it, no report of a move shows less loss than there really was, and none of a failover a shorter outage.
 */
public final class Invariants {
  private final FakeApplication application;
  private final CloudTruth truth;
  private final List<String> datasets;
  private final List<String> broken = new ArrayList<>();

  private Invariants(FakeApplication application) {
    this.application = application;
    this.truth = application.cloud().truth();
    this.datasets = application.cloud().datasetNames();
  }

  /**
   * Holds reports against the truth.
   *
   * @param application what the runs were about
   * @param reports the reports of all runs, from {@code engine.reports(...)}
   * @return what does not hold, one sentence each; empty if all is well
   */
  public static List<String> broken(FakeApplication application, List<RunReport> reports) {
    Invariants invariants = new Invariants(application);
    invariants.datasets.forEach(invariants::oneWriter);
    reports.forEach(invariants::honest);
    return List.copyOf(invariants.broken);
  }

  private void oneWriter(String dataset) {
    for (Span span : truth.splitBrains(dataset)) {
      broken.add("split brain: " + dataset + " could be written in two places from " + span.from()
          + " for " + span.length());
    }
  }

  private void honest(RunReport report) {
    if (report.outcome() == Outcome.RUNNING) {
      broken.add("run " + report.run() + " has not ended; await it in the test");
      return;
    }
    report.steps().stream()
        .filter(step -> step.stage() == Stage.VERIFY && step.status() == StepStatus.REACHED)
        .forEach(step -> {
          datasets.forEach(of -> clean(report, step, of));
          step.evidence().serviceLevel().ifPresent(level -> served(report, step, level));
        });
    if (report.mode().moves()) {
      datasets.forEach(of -> honestLoss(report, of));
    }
    if (report.mode() == RunMode.FAILOVER) {
      report
          .declaration()
          .recoverTo()
          .ifPresent(wanted -> datasets.forEach(of -> farEnoughBack(report, wanted, of)));
      if (report.rto().recovered()) {
        honestOutage(report);
      }
    }
  }

  /** A level that was there at no time of a verification was not measured. */
  private void served(RunReport report, RunReport.StepReport verified, double level) {
    for (Span span : truth.outages(application.service().name(), level)) {
      if (lasted(span, verified)) {
        broken.add("run " + report.run() + " measured a service level of " + level + " by '"
            + verified.name() + "', but users were served less from " + span.from() + " until "
            + span.until());
      }
    }
  }

  /** Whether something lasted from the beginning of a step until after its end. */
  private static boolean lasted(Span span, RunReport.StepReport step) {
    return !span.from().isAfter(step.startedAt().orElseThrow())
        && span.until().isAfter(step.endedAt().orElseThrow());
  }

  private void clean(RunReport report, RunReport.StepReport verified, String dataset) {
    for (Span span : truth.corrupted(dataset)) {
      if (lasted(span, verified)) {
        broken.add(
            "run " + report.run() + " verified '" + verified.name() + "' while what users saw of "
                + dataset + " was bad, from " + span.from() + " until " + span.until());
      }
    }
  }

  private void farEnoughBack(RunReport report, Instant wanted, String dataset) {
    for (CloudTruth.Loss loss : truth.losses(dataset, report.run())) {
      if (loss.completeUntil().isAfter(wanted)) {
        broken.add("run " + report.run() + " was to recover to " + wanted + ", but promoted what "
            + dataset + " held at " + loss.completeUntil());
      }
    }
  }

  /** Whose promotion it was is known by the run's id: a report's instants are those of a clock that may be wrong. */
  private void honestLoss(RunReport report, String dataset) {
    Optional<RunReport.DataLoss> told =
        report.losses().stream().filter(loss -> loss.dataset().equals(dataset)).findFirst();
    for (CloudTruth.Loss loss : truth.losses(dataset, report.run())) {
      // A report that says since when a lost site must have been silent says no more than that.
      Instant last = told.flatMap(RunReport.DataLoss::silentSince)
          .filter(loss.lastWrite()::isAfter)
          .orElse(loss.lastWrite());
      Duration lost = Duration.between(loss.completeUntil(), last);
      if (told.isEmpty() && !lost.isZero()) {
        broken.add("run " + report.run() + " says nothing of a loss of " + dataset + ", but " + lost
            + " were lost");
      }
      told.flatMap(RunReport.DataLoss::length)
          .filter(length -> length.compareTo(lost) < 0)
          .ifPresent(length -> broken.add("run " + report.run() + " reports a loss of " + length
              + " of " + dataset + ", but " + lost + " were lost"));
    }
  }

  private void honestOutage(RunReport report) {
    Duration reported = report.rto().elapsed();
    Instant since = report
        .declaration()
        .since()
        .filter(at -> at.isBefore(report.startedAt()))
        .orElse(report.startedAt());
    Instant back = since.plus(reported);
    Instant from = back;
    Instant until = since;
    for (Span outage :
        truth.outages(application.service().name(), report.objective().serviceLevel())) {
      if (outage.until().isAfter(since) && outage.from().isBefore(back)) {
        from = outage.from().isBefore(from) ? outage.from() : from;
        until = outage.until();
      }
    }
    if (report.rto().countedFromDeclaration() && from.isBefore(since)) {
      // The report says that it does not know when the disruption began.
      from = since;
    }
    if (!report.rto().atLeast() && Duration.between(from, until).compareTo(reported) > 0) {
      broken.add("run " + report.run() + " reports an outage of " + reported
          + ", but users were without service for " + Duration.between(from, until)
          + ", from " + from + " until " + until);
    }
  }
}
