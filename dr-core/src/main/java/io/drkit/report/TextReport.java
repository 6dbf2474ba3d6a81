package io.drkit.report;

import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.RunReport.ChildReport;
import io.drkit.RunReport.DataLoss;
import io.drkit.RunReport.Outage;
import io.drkit.RunReport.Standing;
import io.drkit.RunReport.StepReport;
import io.drkit.StepStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A run's report as a person reads it in a terminal at the end of a run: the outcome first, then what
 * holds it up if it goes on, then RTO and RPO against the
 * objective, what is lost of each dataset, the steps, what is owed, and what to do. A report never flatters: what is not
 * known is called unknown, and what was not reached is in capitals.
 */
public final class TextReport {
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String PLAIN = "\u001b[0m";

  private final RunReport report;
  private final boolean colours;
  private final StringBuilder text = new StringBuilder();

  private TextReport(RunReport report, boolean colours) {
    this.report = report;
    this.colours = colours;
  }

  /**
   * Returns a report as plain text of several lines, the last one ended too.
   *
   * @param report the report
   */
  public static String of(RunReport report) {
    return new TextReport(report, false).write();
  }

  /**
   * Returns a report as text with ANSI colours, for a terminal that shows them.
   *
   * @param report the report
   */
  public static String coloured(RunReport report) {
    return new TextReport(report, true).write();
  }

  private String write() {
    headline();
    list("NOW", YELLOW, report.standing().stream().map(Standing::sentence).toList());
    if (report.mode().moves()) {
      line("");
      outage(report.rto());
      losses();
      serviceLevel();
      children();
    }
    line("");
    steps();
    list(
        "EXPOSED"
            + report.exposedSince().map(since -> " since " + second(since)).orElse("")
            + ": owed, and to be put right",
        YELLOW,
        report.exposed());
    list("PROBLEMS", RED, report.problems());
    report
        .rolledBackBy()
        .ifPresent(by -> line((report.mode() == RunMode.REHEARSE ? "cleaned up" : "rolled back")
            + " by run " + by + "; its own report tells how far"));
    return text.toString();
  }

  private void headline() {
    String colour = report.objectiveMet() ? GREEN : RED;
    line(paint(colour, report.outcome().name().replace('_', ' ')) + ": " + verdict());
    line("run " + report.run() + " of plan '" + report.plan() + "', "
        + lower(report.mode().name()) + " " + report.direction() + ", "
        + lower(report.strategy().name())
        + ", by " + OneLine.of(report.declaration().by())
        + (report.declaration().automatic() ? ", automatically" : "")
        + (report.declaration().reason().isEmpty()
            ? ""
            : " (" + OneLine.of(report.declaration().reason()) + ")"));
    line("started " + second(report.startedAt())
        + report
            .endedAt()
            .map(end -> ", ended " + second(end) + " (" + between(report, end) + ")")
            .orElse(", not ended by " + second(report.asOf())));
    if (!report.declaration().lost().isEmpty()) {
      line("declared lost: "
          + report.declaration().lost().stream()
              .map(Object::toString)
              .collect(Collectors.joining(", ")));
    }
    report
        .declaration()
        .recoverTo()
        .ifPresent(instant ->
            line("data recovered to " + instant + ", or as close before it as was kept"));
  }

  private static Instant second(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String between(RunReport report, Instant end) {
    return DurationText.of(Duration.between(report.startedAt(), end));
  }

  private String verdict() {
    if (report.outcome() == Outcome.RUNNING) {
      return "it goes on, or its process ended before it; resume goes on";
    }
    if (report.outcome() == Outcome.IN_DOUBT) {
      return "nobody knows whether a step that must not be repeated took effect; a person has to look";
    }
    if (report.mode() == RunMode.ROLLBACK) {
      return report.objectiveMet()
          ? "what was asked for is taken back, and the workload stays in "
              + report.direction().from()
          : "not all that was asked for is taken back; the workload belongs to "
              + report.direction().from();
    }
    if (report.mode() == RunMode.REHEARSE) {
      return report.objectiveMet()
          ? "what can be rehearsed of a move to " + report.direction().to() + " works"
          : "a move to " + report.direction().to() + " would not work";
    }
    if (report.mode() == RunMode.CLEAN_UP) {
      return report.objectiveMet()
          ? "nothing is left of the rehearsal"
          : "something may be left of the rehearsal; resume, or clean up once more";
    }
    if (report.mode() == RunMode.PREPARE) {
      return report.objectiveMet()
          ? report.direction().to() + " is prepared to take over from "
              + report.direction().from()
          : report.direction().to() + " is not prepared to take over from "
              + report.direction().from();
    }
    if (!report.rto().recovered()) {
      return "the service is not back in " + report.direction().to();
    }
    String back = "the service is back in " + report.direction().to();
    if (report.objectiveMet()) {
      return back + ", within its objective";
    }
    return back + ", but " + String.join(" and ", missed());
  }

  private List<String> missed() {
    List<String> missed = new ArrayList<>();
    if (!report.rtoMet()) {
      missed.add("its RTO was missed");
    }
    if (!report.rpoMet()) {
      missed.add("its RPO was missed");
    }
    if (!report.serviceLevelMet()) {
      missed.add("its service level was missed");
    }
    report.children().stream()
        .filter(child -> !child.objectiveMet())
        .forEach(child -> missed.add("the objective of " + child.path() + " was missed"));
    if (missed.isEmpty()) {
      missed.add("a required step was not reached");
    }
    return missed;
  }

  private void outage(Outage outage) {
    String so = outage.recovered() ? "" : " so far, and the service is not back";
    line("RTO  " + length(outage) + so + ", objective "
        + DurationText.of(report.objective().rto()) + ": "
        + met(report.rtoMet(), outage.exceeds(report.objective().rto())));
    String phases = outage.phases().entrySet().stream()
        .filter(phase -> !phase.getValue().isZero())
        .map(phase -> lower(phase.getKey().name()) + " " + DurationText.of(phase.getValue()))
        .collect(Collectors.joining(", "));
    if (!phases.isEmpty()) {
      line("     " + phases);
    }
    if (outage.countedFromDeclaration()) {
      line("     RTO counted from the declaration, the true outage was longer:"
          + " nobody said when the disruption began");
    }
    if (outage.atLeast()) {
      line(
          "     nobody can tell how much longer, which misses every RTO: a process went on whose clock"
              + " is behind what was written before");
    }
  }

  private static String length(Outage outage) {
    return (outage.atLeast() ? "at least " : "") + DurationText.of(outage.elapsed());
  }

  private void losses() {
    if (report.losses().isEmpty()) {
      line("RPO  not measured: the run promotes no dataset");
      return;
    }
    if (report.ownLosses().isEmpty()) {
      line("RPO  judged by the objective of each child");
      report.losses().forEach(loss -> line("     " + sentence(loss)));
      return;
    }
    Optional<Duration> worst = longest(report.ownLosses());
    line("RPO  " + worst.map(DurationText::of).orElse("unknown") + ", objective "
        + DurationText.of(report.objective().rpo()) + ": "
        + met(report.rpoMet(), isOver(worst, report.objective()))
        + (report.rpoMet() && report.ownLosses().stream().anyMatch(TextReport::takesForGranted)
            ? ", but no fence proves it"
            : ""));
    report.losses().forEach(loss -> line("     " + sentence(loss)));
  }

  private static Optional<Duration> longest(List<DataLoss> losses) {
    return losses.stream().anyMatch(loss -> loss.length().isEmpty())
        ? Optional.empty()
        : losses.stream().flatMap(loss -> loss.length().stream()).max(Duration::compareTo);
  }

  private static boolean takesForGranted(DataLoss loss) {
    return loss.promoted() && loss.silentSince().isPresent();
  }

  private String sentence(DataLoss loss) {
    RecoveryPoint point = loss.recoveryPoint();
    String basis = point.basis().isEmpty() ? "" : "; " + OneLine.of(point.basis());
    String length = loss.length().map(DurationText::of).orElse("nobody can tell how much that is")
        + loss.silentSince()
            .filter(since -> loss.promoted())
            .map(since -> ", if " + report.direction().from() + " acknowledged nothing after "
                + since.truncatedTo(ChronoUnit.MILLIS) + ", which no fence proves")
            .orElse("");
    if (point.completeUntil().isEmpty()) {
      return (loss.promoted() ? "" : loss.dataset() + " is not promoted: ")
          + "nobody can tell what is lost of " + loss.dataset() + ", which misses every RPO"
          + basis;
    }
    String after = "everything written to " + loss.dataset() + " after "
        // Cut to the earlier millisecond: more is lost than that, never less.
        + point.completeUntil().get().truncatedTo(ChronoUnit.MILLIS);
    if (!loss.promoted()) {
      return loss.dataset() + " is not promoted: promoting it would lose " + after + " (" + length
          + ")" + basis;
    }
    if (loss.length().filter(Duration::isZero).isPresent()) {
      return "nothing written to " + loss.dataset() + " is lost" + basis;
    }
    return after + " is lost (" + length + ")" + basis;
  }

  private void serviceLevel() {
    report
        .serviceLevel()
        .ifPresent(level -> line("service level " + percent(level) + ", objective "
            + percent(report.objective().serviceLevel()) + ": " + met(report.serviceLevelMet())));
  }

  /** A line for each child: how long it was out and what it lost, against its own objective. */
  private void children() {
    int paths = width(report.children().stream().map(ChildReport::path).toList());
    for (ChildReport child : report.children()) {
      String level = child
          .serviceLevel()
          .map(measured -> "; service level " + percent(measured) + " of "
              + percent(child.objective().serviceLevel()))
          .orElse("");
      line("child " + pad(child.path(), paths) + "  "
          + met(
              child.objectiveMet(),
              child.rto().exceeds(child.objective().rto())
                  || isOver(child.rpo(), child.objective()))
          + "  RTO " + length(child.rto()) + " of "
          + DurationText.of(child.objective().rto())
          + (child.rto().recovered() ? "" : " so far, and it is not back") + "; RPO "
          + (child.losses().isEmpty()
              ? "not measured"
              : child.rpo().map(DurationText::of).orElse("unknown") + " of "
                  + DurationText.of(child.objective().rpo())
                  + (child.losses().stream().allMatch(DataLoss::promoted)
                      ? ""
                      : ", and not all of it is promoted"))
          + level);
    }
  }

  private static String percent(double level) {
    // Cut, not rounded: 99.96 % is not 100 %.
    return BigDecimal.valueOf(level)
            .movePointRight(2)
            .setScale(1, RoundingMode.FLOOR)
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  private void steps() {
    int names = width(report.steps().stream().map(StepReport::name).toList());
    int stages =
        width(report.steps().stream().map(step -> lower(step.stage().name())).toList());
    int lengths = width(report.steps().stream().map(TextReport::length).toList());
    line("STEPS");
    for (StepReport step : report.steps()) {
      String line = "  " + paint(colour(step), pad(status(step), 8)) + "  "
          + pad(lower(step.stage().name()), stages) + "  " + pad(step.name(), names) + "  "
          + padLeft(length(step), lengths) + "  " + remark(step);
      line(line.stripTrailing());
    }
  }

  private static String status(StepReport step) {
    return switch (step.status()) {
      case WAITING -> "NOT DONE";
      case RUNNING -> "RUNNING";
      case REACHED -> "reached";
      case FAILED -> "FAILED";
      case OWED -> "OWED";
      case SKIPPED -> "SKIPPED";
      case IN_DOUBT -> "IN DOUBT";
    };
  }

  private static String colour(StepReport step) {
    return switch (step.status()) {
      case REACHED -> GREEN;
      case WAITING, RUNNING, OWED, SKIPPED -> YELLOW;
      case FAILED, IN_DOUBT -> RED;
    };
  }

  private static String length(StepReport step) {
    return StepLength.of(step).map(DurationText::of).orElse("");
  }

  private static String remark(StepReport step) {
    List<String> parts = new ArrayList<>();
    if (!step.required()) {
      parts.add("best effort");
    }
    if (step.requests() > 1) {
      parts.add("asked for " + step.requests() + " times");
    }
    if (step.failedCalls() > 0) {
      parts.add(step.failedCalls() + (step.failedCalls() == 1 ? " call failed" : " calls failed"));
    }
    if (step.status() != StepStatus.REACHED && !step.detail().isEmpty()) {
      parts.add(OneLine.of(step.detail()));
    }
    return String.join("; ", parts);
  }

  private void list(String title, String colour, List<String> sentences) {
    if (!sentences.isEmpty()) {
      line("");
      line(paint(colour, title));
      sentences.forEach(sentence -> line("  - " + OneLine.of(sentence)));
    }
  }

  /** What is not over yet while the run goes on may yet be met. */
  private String met(boolean met, boolean over) {
    return met || over || report.outcome() != Outcome.RUNNING
        ? met(met)
        : paint(YELLOW, "not missed yet");
  }

  private static boolean isOver(Optional<Duration> loss, RecoveryObjective objective) {
    return loss.filter(length -> length.compareTo(objective.rpo()) <= 0).isEmpty();
  }

  private String met(boolean met) {
    return met ? paint(GREEN, "met") : paint(RED, "MISSED");
  }

  private String paint(String colour, String words) {
    return colours ? colour + words + PLAIN : words;
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static String lower(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static int width(List<String> words) {
    return words.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String pad(String words, int width) {
    return words + " ".repeat(Math.max(0, width - words.length()));
  }

  private static String padLeft(String words, int width) {
    return " ".repeat(Math.max(0, width - words.length())) + words;
  }
}
