package io.drkit.testkit;

import io.drkit.RunReport;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What happened, one line for each event with its offset from the first one. Under virtual time it is the same for a seed,
 * byte for byte. Given to an engine as a listener, it collects the events of its runs. Not thread-safe.
 */
public final class Timeline implements RunListener {

  private record Entry(Instant at, String what) {}

  private final List<Entry> entries = new ArrayList<>();

  /** Begins an empty timeline. */
  public Timeline() {}

  /**
   * Returns the timeline of a run from its report: when each step began and how it ended.
   *
   * @param report the report
   */
  public static Timeline of(RunReport report) {
    Timeline timeline = new Timeline();
    report.declaration().since().ifPresent(since -> timeline.note(since, "disruption"));
    timeline.note(report.startedAt(), began(report.run(), report.mode(), report.direction()));
    for (RunReport.StepReport step : report.steps()) {
      step.startedAt().ifPresent(at -> timeline.note(at, "began    " + step.name()));
      step.endedAt()
          .ifPresent(at -> timeline.note(
              at,
              word(step.status())
                  + step.name()
                  + (step.status() == StepStatus.REACHED ? "" : ": " + step.detail())));
    }
    report
        .endedAt()
        .ifPresent(at -> timeline.note(at, "run " + report.run() + " " + report.outcome()));
    return timeline;
  }

  /**
   * Adds what happened outside of any run, such as a disaster.
   *
   * @param at when it happened; it need not be later than what was added before
   * @param what what happened, in a few words
   */
  public void note(Instant at, String what) {
    entries.add(new Entry(at, what));
  }

  @Override
  public void onEvent(String plan, RunRecord event) {
    note(event.at(), describe(event));
  }

  /** {@return the lines in the order of time; what happened at once, in the order in which it was told} */
  public List<String> lines() {
    List<Entry> ordered = new ArrayList<>(entries);
    // The sort is stable.
    ordered.sort(Comparator.comparing(Entry::at));
    return ordered.stream()
        .map(entry ->
            offset(Duration.between(ordered.get(0).at(), entry.at())) + "  " + entry.what())
        .toList();
  }

  /** {@return all lines, each ended by a line feed} */
  @Override
  public String toString() {
    return lines().stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static String offset(Duration offset) {
    return String.format(
        Locale.ROOT,
        "+%d:%02d:%02d.%03d",
        offset.toHours(),
        offset.toMinutesPart(),
        offset.toSecondsPart(),
        offset.toMillisPart());
  }

  private static String began(String run, Object mode, Object direction) {
    return "run " + run + " began: " + mode + " " + direction;
  }

  private static String word(StepStatus status) {
    return String.format(Locale.ROOT, "%-9s", status.toString().toLowerCase(Locale.ROOT));
  }

  private static String describe(RunRecord record) {
    RunEvent event = record.event();
    if (event instanceof RunEvent.RunStarted e) {
      return began(record.run(), e.mode(), e.direction()) + ", declared by "
          + e.declaration().by() + lost(e.declaration().lost())
          + e.declaration()
              .recoverTo()
              .map(instant -> ", data recovered to " + instant)
              .orElse("");
    } else if (event instanceof RunEvent.RunnerBegan e) {
      return "runner " + record.epoch() + " took over, asked by " + e.by() + lost(e.lost());
    } else if (event instanceof RunEvent.StepStarted e) {
      return "began    " + e.step();
    } else if (event instanceof RunEvent.StepIntended e) {
      return "asks     " + e.step() + (e.generation() > 1 ? ", request " + e.generation() : "");
    } else if (event instanceof RunEvent.StepApplied e) {
      return "asked    " + e.step();
    } else if (event instanceof RunEvent.CallFailed e) {
      return "failed call of " + e.step() + ": " + e.call() + ": " + e.error();
    } else if (event instanceof RunEvent.StepReached e) {
      return "reached  " + e.step();
    } else if (event instanceof RunEvent.StepFailed e) {
      return "failed   " + e.step() + ": " + e.reason();
    } else if (event instanceof RunEvent.StepOwed e) {
      return "owed     " + e.step() + ": " + e.reason();
    } else if (event instanceof RunEvent.StepInDoubt e) {
      return "in doubt " + e.step() + ": " + e.reason();
    } else if (event instanceof RunEvent.RunEnded e) {
      return "run " + record.run() + " " + e.outcome();
    }
    return event.toString();
  }

  private static String lost(List<?> sites) {
    return sites.isEmpty() ? "" : ", lost: " + sites;
  }
}
