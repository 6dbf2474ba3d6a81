package io.drkit.report;

import io.drkit.Progress;
import io.drkit.RunMode;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A live line for each thing that happens in a run: a step begins, gets on, is reached, fails; somebody is asked, or tells the
 * run something. Each line is complete in itself and begins with the time in UTC, so it reads as well in a log file as in a terminal. Thread-safe.
 *
 * <p>What a step observes is told when it changes; with a percentage, whenever it enters another tenth.
 */
public final class TerminalProgress implements RunListener {
  private final Appendable out;
  private final TimeSource time;
  private final Map<String, String> told = new LinkedHashMap<>();
  private final Map<String, Instant> started = new LinkedHashMap<>();
  private int width = 24;

  /**
   * Creates a listener that writes lines.
   *
   * @param out where to; flushed after each line if it can be, as a {@code PrintStream} or a {@code Writer} can
   * @param time the clock for what is observed; that of the engine
   */
  public TerminalProgress(Appendable out, TimeSource time) {
    this.out = out;
    this.time = time;
  }

  @Override
  public synchronized void onEvent(String plan, RunRecord event) {
    String sentence = sentence(plan, event);
    if (sentence != null) {
      line(event.at(), sentence);
    }
  }

  @Override
  public synchronized void onProgress(String plan, String step, Progress progress) {
    String words = switch (progress.kind()) {
      case PENDING -> "not there: " + progress.detail();
      case UNDERWAY -> underway((Progress.Underway) progress);
      case UNKNOWN -> "cannot tell: " + progress.detail();
      // An event follows that says it.
      case REACHED, BLOCKED -> null;
    };
    if (words == null) {
      return;
    }
    String measure =
        progress instanceof Progress.Underway underway && underway.percent().isPresent()
            ? "tenth " + underway.percent().get() / 10
            : words;
    if (!measure.equals(told.put(key(plan, step), measure))) {
      line(time.now(), step(step, words));
    }
  }

  private static String underway(Progress.Underway underway) {
    return underway.percent().map(percent -> percent + " % ").orElse("") + underway.detail();
  }

  private @Nullable String sentence(String plan, RunRecord record) {
    RunEvent event = record.event();
    if (event instanceof RunEvent.RunStarted run) {
      width = run.steps().stream().mapToInt(step -> step.name().length()).max().orElse(width);
      return "run " + record.run() + " of plan '" + plan + "': "
          + mode(run.mode()) + " " + run.direction() + ", "
          + run.steps().size() + " steps"
          + run.declaration()
              .recoverTo()
              .map(instant -> ", data recovered to " + instant)
              .orElse("");
    }
    if (event instanceof RunEvent.RunnerBegan runner && record.epoch() > 1) {
      return "run " + record.run() + " of plan '" + plan + "' goes on in " + runner.owner()
          + ", by " + runner.by();
    }
    if (event instanceof RunEvent.StepStarted step) {
      started.put(key(plan, step.step()), record.at());
      told.remove(key(plan, step.step()));
      return step(step.step(), "started");
    }
    if (event instanceof RunEvent.StepIntended step) {
      return step(step.step(), step.generation() == 1 ? "asks for it" : "asks for it again");
    }
    if (event instanceof RunEvent.CallFailed call) {
      return step(call.step(), call.call() + " failed: " + call.error());
    }
    if (event instanceof RunEvent.StepReached step) {
      return step(step.step(), "reached" + after(plan, step.step(), record.at()));
    }
    if (event instanceof RunEvent.StepFailed step) {
      return step(
          step.step(),
          "FAILED" + after(plan, step.step(), record.at()) + ": " + step.reason()
              + (step.effectPossible() ? " (a request may yet take effect)" : ""));
    }
    if (event instanceof RunEvent.StepOwed step) {
      return step(step.step(), "OWED: " + step.reason());
    }
    if (event instanceof RunEvent.StepInDoubt step) {
      return step(step.step(), "IN DOUBT: " + step.reason());
    }
    if (event instanceof RunEvent.ApprovalRequested asked) {
      return step(
          asked.step(),
          "ASKS '" + asked.group() + "' for consent by " + asked.needed() + " until "
              + asked.expiresAt().truncatedTo(ChronoUnit.SECONDS) + "; loss: " + asked.loss());
    }
    if (event instanceof RunEvent.Command command) {
      return told("run " + record.run() + " ", command);
    }
    if (event instanceof RunEvent.RunEnded end) {
      return "run " + record.run() + " ended: " + end.outcome();
    }
    return null;
  }

  /** What a person told the run, with who and why. */
  private @Nullable String told(String run, RunEvent.Command command) {
    String by = " by " + command.by() + (command.reason().isEmpty() ? "" : ": " + command.reason());
    if (command instanceof RunEvent.StepApproved step) {
      return step(step.step(), "approved" + by);
    }
    if (command instanceof RunEvent.StepDeclined step) {
      return step(step.step(), "declined" + by);
    }
    if (command instanceof RunEvent.StepSkipped step) {
      return step(step.step(), "skipped" + by);
    }
    if (command instanceof RunEvent.StepRetried step) {
      return step(step.step(), "tried again, told" + by);
    }
    if (command instanceof RunEvent.StepDecided step) {
      return step(step.step(), "decided as " + step.decision() + by);
    }
    if (command instanceof RunEvent.StepSwitched step) {
      return step(step.step(), "goes on as in a " + mode(step.mode()) + ", told" + by);
    }
    if (command instanceof RunEvent.RunSwitched switched) {
      return run + "is a " + mode(switched.mode()) + " now, told" + by;
    }
    if (command instanceof RunEvent.RunPaused) {
      return run + "paused" + by;
    }
    if (command instanceof RunEvent.RunContinued) {
      return run + "goes on, told" + by;
    }
    if (command instanceof RunEvent.RunCancelled) {
      return run + "cancelled" + by;
    }
    return command instanceof RunEvent.RunRolledBack
        ? run + "is to be rolled back, told" + by
        : null;
  }

  private static String mode(RunMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private String after(String plan, String step, Instant now) {
    Instant begin = started.get(key(plan, step));
    return begin == null ? "" : " after " + DurationText.of(Duration.between(begin, now));
  }

  private String step(String name, String words) {
    return name + " ".repeat(Math.max(0, width - name.length())) + "  " + words;
  }

  private static String key(String plan, String step) {
    // A plan's name holds no slash.
    return plan + "/" + step;
  }

  private void line(Instant at, String words) {
    String clock = at.truncatedTo(ChronoUnit.SECONDS).toString();
    try {
      // In one piece, so that lines of other writers do not land in the middle of it.
      out.append(clock.substring(clock.indexOf('T') + 1) + "  " + OneLine.of(words) + "\n");
      if (out instanceof Flushable held) {
        held.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the progress of a run could not be written", e);
    }
  }
}
