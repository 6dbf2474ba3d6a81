package io.drkit.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Decision;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.RunReport.StepReport;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** One failover in one world: processes run it one after another, each until it dies or the run has ended. */
final class Story {
  private final VirtualTime time = VirtualTime.create();
  private final World world = new World(time);
  private final LeaseStore leases = LeaseStore.inMemory();
  private final List<String> deaths = new ArrayList<>();
  private final Set<String> forgotten = new LinkedHashSet<>();
  private final Blueprint blueprint;
  private final SurvivingLog log;
  private boolean consents;

  Story(Blueprint blueprint) {
    this.blueprint = blueprint;
    this.log = new SurvivingLog(world, blueprint);
  }

  World world() {
    return world;
  }

  SurvivingLog log() {
    return log;
  }

  VirtualTime time() {
    return time;
  }

  /** What happened so far, for the message of a failed test. */
  @Override
  public String toString() {
    return "after deaths at " + deaths + ", with the journal "
        + log.lines().stream().map(Lines::summary).toList();
  }

  /** Takes acknowledged records away, which no journal may. What then is asked for twice is nobody's fault. */
  void loseTail(int kept) {
    List<String> lines = log.lines();
    Journal shorter = Journal.inMemory();
    shorter.append("orders", 0, lines.subList(0, kept));
    log.goOnWith(shorter);
    for (String line : lines.subList(kept, lines.size())) {
      if (Lines.event(line).equals("StepIntended")) {
        forgotten.add(Lines.step(line));
      }
    }
  }

  /** Somebody consents to whatever is asked, from the next process on. */
  void consent() {
    consents = true;
  }

  /** The engine of one process. */
  DrEngine engine(Fate process) {
    return DrEngine.builder()
        .journal(log.openedBy(process))
        .leases(leases)
        .time(time)
        .owner("process " + deaths.size())
        .build();
  }

  /**
   * A process starts the run, or goes on with it.
   *
   * @return the report if the run has ended; nothing if the process died before
   */
  Optional<RunReport> live(Fate process) throws InterruptedException {
    try (DrEngine engine = engine(process)) {
      Optional<RunReport> before = engine.reports("orders").stream().findFirst();
      if (before.map(RunReport::outcome).filter(Story::brought).isPresent()) {
        return before;
      }
      DrPlan plan = blueprint.plan(world, process);
      DrRun run = before.isEmpty()
          ? engine.failover(plan, Declaration.of("on-call"))
          : engine.resume(plan, "on-call", List.of());
      if (consents) {
        time.schedule(
            Duration.ofSeconds(20),
            () -> run.approvals().forEach(request -> run.approve(request, Instruction.by("bob"))));
      }
      return Optional.of(run.await());
    } catch (Mortal.Death death) {
      deaths.add(String.valueOf(death.getMessage()));
      return Optional.empty();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Mortal.Death death) {
        deaths.add(String.valueOf(death.getMessage()));
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean brought(Outcome outcome) {
    return outcome == Outcome.COMPLETED || outcome == Outcome.COMPLETED_WITH_EXCEPTIONS;
  }

  /** A process that lives goes on; then a person looks at what is in doubt, decides, and has it gone on with once more. */
  RunReport finish() throws InterruptedException {
    RunReport report = live(Fate.KIND).orElseThrow();
    checkDoubts(report);
    time.advance(Duration.ofMinutes(1));
    boolean decided = false;
    try (DrEngine engine = engine(Fate.KIND)) {
      for (StepReport step : report.steps()) {
        if (step.status() == StepStatus.IN_DOUBT) {
          decided = true;
          engine
              .control("orders")
              .decide(
                  step.name(),
                  world.effects(step.name()) > 0 ? Decision.TOOK_EFFECT : Decision.NO_EFFECT,
                  Instruction.by("ann").because("the target was looked at"));
        }
      }
    }
    return decided && !brought(report.outcome()) ? live(Fate.KIND).orElseThrow() : report;
  }

  /** What must not be repeated was not, and is reported wherever nobody knows what became of it (I3). */
  private void checkDoubts(RunReport report) {
    for (StepReport step : report.steps()) {
      Wish wish = blueprint.wish(step.name());
      if (wish.unsafe() && !forgotten.contains(wish.name())) {
        assertThat(world.requests(wish.name()))
            .as("requests of %s, %s", wish, this)
            .isLessThan(2);
      }
      if (step.status() == StepStatus.IN_DOUBT) {
        assertThat(wish.unsafe()).as("%s may be in doubt, %s", wish, this).isTrue();
        assertThat(report.problems())
            .as("%s is reported, %s", wish, this)
            .anyMatch(problem -> problem.contains("'" + wish.name() + "' is in doubt"));
      }
    }
  }

  /** Everything was brought about, as often as was promised, and in order. */
  void check(RunReport report) {
    assertThat(world.wrongs()).as("%s", this).isEmpty();
    assertThat(report.outcome()).as("%s", this).matches(Story::brought);
    for (Wish wish : blueprint.wishes()) {
      StepStatus status = report.step(wish.name()).status();
      int effects = world.effects(wish.name());
      switch (wish.behaviour()) {
        case BLOCKED -> assertThat(status).as("%s, %s", wish, this).isEqualTo(StepStatus.FAILED);
        case PLAIN, SLICED -> {
          if (wish.required() || !wish.unsafe()) {
            assertThat(status).as("%s, %s", wish, this).isEqualTo(StepStatus.REACHED);
          }
          switch (wish.kind()) {
            case IDEMPOTENT ->
              assertThat(effects).as("effects of %s, %s", wish, this).isPositive();
            case TOKENED, OBSERVED ->
              assertThat(effects).as("effects of %s, %s", wish, this).isEqualTo(1);
            case UNSAFE ->
              assertThat(effects)
                  .as("effects of %s, %s", wish, this)
                  .isBetween(wish.required() ? 1 : 0, forgotten.contains(wish.name()) ? 2 : 1);
          }
        }
      }
    }
  }
}
