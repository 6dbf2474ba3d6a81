package io.drkit.testkit.assertj;

import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a run's report. A failure shows the run's timeline. */
public final class RunReportAssert extends AbstractAssert<RunReportAssert, RunReport> {

  RunReportAssert(@Nullable RunReport actual) {
    super(actual, RunReportAssert.class);
  }

  /**
   * Verifies that the service came back within a time, counted from the disruption.
   *
   * @param limit the longest outage that is borne
   * @throws AssertionError if it did not, or took longer
   */
  public RunReportAssert recoveredWithin(Duration limit) {
    isNotNull();
    if (!actual.rto().recovered()) {
      throw failed("to have recovered within " + limit, "it did not recover: " + problems());
    }
    if (actual.rto().exceeds(limit)) {
      throw failed(
          "to have recovered within " + limit,
          "the outage took " + (actual.rto().atLeast() ? "at least " : "")
              + actual.rto().elapsed() + ": " + actual.rto().phases());
    }
    return this;
  }

  /**
   * Verifies that no dataset lost more than a stretch of writing. A loss that nobody can tell is more than any.
   *
   * @param limit the longest stretch that is borne
   * @throws AssertionError if more was lost
   */
  public RunReportAssert lostAtMost(Duration limit) {
    isNotNull();
    List<String> more = actual.losses().stream()
        .filter(loss -> loss.length().map(length -> length.compareTo(limit) > 0).orElse(true))
        .map(loss -> loss.dataset() + " lost "
            + loss.length().map(Duration::toString).orElse("what nobody can tell") + " ("
            + loss.recoveryPoint().basis() + ")")
        .toList();
    if (!more.isEmpty()) {
      throw failed("to have lost at most " + limit, String.join(", ", more));
    }
    return this;
  }

  /**
   * Verifies that the run did what it is for, within RTO, RPO and service level.
   *
   * @throws AssertionError if it did not
   */
  public RunReportAssert metItsObjective() {
    isNotNull();
    if (!actual.objectiveMet()) {
      throw failed("to have met its objective, " + actual.objective(), problems());
    }
    return this;
  }

  /**
   * Verifies that steps were reached.
   *
   * @param steps their names
   * @throws AssertionError if one was not
   * @throws IllegalArgumentException if the run has no such step
   */
  public RunReportAssert reached(String... steps) {
    isNotNull();
    List<String> missing = Stream.of(steps)
        .map(actual::step)
        .filter(step -> step.status() != StepStatus.REACHED)
        .map(step -> "'" + step.name() + "' is " + step.status() + ": " + step.detail())
        .toList();
    if (!missing.isEmpty()) {
      throw failed("to have reached " + List.of(steps), String.join("; ", missing));
    }
    return this;
  }

  /**
   * Verifies that something was asked for in each of some steps, in this order of their beginnings. What was found as it should be, and
   * was only looked at, does not count.
   *
   * @param steps their names
   * @throws AssertionError if one asked for nothing, or the order is another
   * @throws IllegalArgumentException if the run has no such step
   */
  public RunReportAssert ranSteps(String... steps) {
    isNotNull();
    List<RunReport.StepReport> ran = Stream.of(steps).map(actual::step).toList();
    List<String> idle = ran.stream()
        .filter(step -> step.requests() == 0)
        .map(step -> "'" + step.name() + "' asked for nothing: it is " + step.status())
        .toList();
    if (!idle.isEmpty()) {
      throw failed("to have run " + List.of(steps), String.join("; ", idle));
    }
    for (int i = 1; i < ran.size(); i++) {
      RunReport.StepReport before = ran.get(i - 1);
      RunReport.StepReport after = ran.get(i);
      if (begun(after).isBefore(begun(before))) {
        throw failed(
            "to have run " + List.of(steps) + " in this order",
            "'" + after.name() + "' began at " + begun(after) + ", before '" + before.name()
                + "' at " + begun(before));
      }
    }
    return this;
  }

  private static Instant begun(RunReport.StepReport step) {
    return step.startedAt().orElse(Instant.MAX);
  }

  /**
   * Verifies that something is owed: a fence that could not be proven, or redundancy that is not back.
   *
   * @throws AssertionError if nothing is
   */
  public RunReportAssert isExposed() {
    isNotNull();
    if (actual.exposed().isEmpty()) {
      throw failed("to be exposed", "nothing is owed");
    }
    return this;
  }

  /**
   * Verifies that nothing is owed.
   *
   * @throws AssertionError if something is
   */
  public RunReportAssert isNotExposed() {
    isNotNull();
    if (!actual.exposed().isEmpty()) {
      throw failed("not to be exposed", String.join("; ", actual.exposed()));
    }
    return this;
  }

  /**
   * Verifies that the run asked nothing of a site: by the cloud in which it took place, because a report cannot know it. What was asked
   * while another process ran it counts as well.
   *
   * @param site a region with its zones, a zone, or a place of one's own
   * @param cloud where the run took place
   * @throws AssertionError if it asked anything
   */
  public RunReportAssert neverTouched(Site site, FakeCloud cloud) {
    isNotNull();
    long requests = cloud.truth().requests(actual, site);
    if (requests > 0) {
      throw failed("never to have touched " + site, "it made " + requests + " requests there");
    }
    return this;
  }

  private String problems() {
    return Optional.of(String.join("; ", actual.problems()))
        .filter(text -> !text.isEmpty())
        .orElse("the run is " + actual.outcome());
  }

  private AssertionError failed(String to, String but) {
    return failure(
        "%nExpecting%n  run %s of plan '%s' (%s)%n%s%nbut%n  %s%n%nTimeline:%n%s",
        actual.run(), actual.plan(), actual.direction(), to, but, Timeline.of(actual));
  }
}
