package io.drkit.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Compaction;
import io.drkit.Decision;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.Retention;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The runs of a plan over some years, as a seed has them: the same seed, the same life. */
final class Life {
  /** What may be asked for. */
  enum Verb {
    PREPARE,
    FAILOVER,
    ROLLBACK,
    SWITCHOVER,
    FAILBACK,
    REHEARSE,
    CLEAN_UP,
    RESUME,
    DECIDE,
    EXPLAIN,
    KNOWN_TOKEN
  }

  static final List<Verb> VERBS = List.of(Verb.values());

  private static final List<Verb> MOVES = List.of(Verb.FAILOVER, Verb.SWITCHOVER);
  private static final Instruction ANN = Instruction.by("ann").because("it is time");

  private final SplittableRandom random;
  private final VirtualTime time = VirtualTime.create();
  private final Town town = new Town(time);
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final List<String> used = new ArrayList<>();
  private int tokensMade;
  private DrEngine engine = engine();

  Life(long seed) {
    random = new SplittableRandom(seed);
  }

  private DrEngine engine() {
    return DrEngine.builder().journal(journal).leases(leases).time(time).build();
  }

  Journal journal() {
    return journal;
  }

  List<RunReport> reports() {
    return engine.reports("orders");
  }

  Compaction compact(Duration age) {
    return engine.compact("orders", "ann", Retention.of(age));
  }

  /** Goes on with a verb of its own choice, in fair or foul weather. */
  String next() throws InterruptedException {
    return next(
        random.nextInt(3) == 0
            ? MOVES.get(random.nextInt(2))
            : VERBS.get(random.nextInt(VERBS.size())));
  }

  private String next(Verb verb) throws InterruptedException {
    return next(verb, random.nextInt(5) < 2);
  }

  /** Goes on with a verb while all is well or something is broken; tells what became of it. */
  String next(Verb verb, boolean foul) throws InterruptedException {
    time.advance(Duration.ofDays(1 + random.nextInt(120)));
    Set<String> broken = new LinkedHashSet<>();
    if (foul) {
      broken.add(Town.PARTS.get(random.nextInt(Town.PARTS.size())));
      broken.add(verb == Verb.REHEARSE ? "clean-up" : "fence");
    }
    town.breakDown(broken);
    DrPlan plan = town.plan(random.nextInt(8) == 0 ? 1 : 0);
    Declaration declaration = Declaration.of("ann");
    if (random.nextInt(2) == 0) {
      declaration = declaration.acceptLoss("db");
    }
    Site any = Town.SITES.get(random.nextInt(Town.SITES.size()));
    boolean lost = random.nextInt(4) == 0;
    int fate = random.nextInt(8);
    int limit = random.nextInt(20);
    int known = random.nextInt(1000);
    String token = newToken();
    Declaration tokened = declaration.startToken(token);
    try {
      return verb + ": "
          + switch (verb) {
            case PREPARE ->
              ended(
                  lost ? engine.prepare(plan, "ann") : engine.prepare(plan, "ann", any),
                  fate,
                  limit);
            case FAILOVER ->
              ended(
                  startedWith(token, engine.failover(plan, lost ? tokened.lost(any) : tokened)),
                  fate,
                  limit);
            case SWITCHOVER ->
              ended(startedWith(token, engine.switchover(plan, tokened)), fate, limit);
            case FAILBACK -> ended(startedWith(token, engine.failback(plan, tokened)), fate, limit);
            case ROLLBACK -> ended(engine.rollback(plan, ANN), fate, limit);
            case REHEARSE -> ended(engine.rehearse(plan, "ann"), fate, limit);
            case CLEAN_UP -> ended(engine.cleanUp(plan, "ann"), fate, limit);
            case RESUME ->
              ended(engine.resume(plan, "ann", lost ? List.of(any) : List.of()), fate, limit);
            case EXPLAIN -> engine.explain(plan, declaration).toString();
            case DECIDE -> decided();
            case KNOWN_TOKEN -> again(plan, known);
          };
    } catch (RefusedException e) {
      return verb + " refused: " + e.getMessage();
    }
  }

  private String newToken() {
    return "token " + tokensMade++;
  }

  private DrRun startedWith(String token, DrRun run) {
    used.add(token);
    return run;
  }

  /** A token that a run was started with does not start another one. */
  private String again(DrPlan plan, int which) {
    if (used.isEmpty()) {
      return "no token was used";
    }
    String token = used.get(which % used.size());
    int runs = reports().size();
    try {
      DrRun run = engine.failover(plan, Declaration.of("ann").startToken(token));
      assertThat(run.report().declaration().startToken()).contains(token);
    } catch (RefusedException e) {
      assertThat(e).hasMessageContaining("was started with the token '" + token + "' already");
    }
    assertThat(reports()).hasSize(runs);
    return "no second run";
  }

  private String ended(DrRun run, int fate, int limit) throws InterruptedException {
    if (fate == 0) {
      time.advance(Duration.ofSeconds(limit));
      if (!run.ended().isDone()) {
        run.cancel(ANN);
      }
    } else if (fate == 1) {
      time.advance(Duration.ofSeconds(limit));
      engine.close();
      engine = engine();
      return "left alone: " + last();
    }
    return run.await().toString();
  }

  private String decided() {
    RunReport last = reports().isEmpty() ? null : last();
    if (last == null) {
      return "nothing to decide";
    }
    for (RunReport.StepReport step : last.steps()) {
      if (step.status() == StepStatus.IN_DOUBT) {
        engine.control("orders").decide(step.name(), Decision.NO_EFFECT, ANN);
        return "decided " + step.name();
      }
    }
    return "no doubt";
  }

  private RunReport last() {
    List<RunReport> all = reports();
    return all.get(all.size() - 1);
  }

  /** Brings the last run to an end, so that the journal may be compacted. */
  void settle() throws InterruptedException {
    for (int i = 0; i < 3 && !reports().isEmpty(); i++) {
      if (last().outcome() == Outcome.COMPLETED
          || last().outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS) {
        return;
      }
      time.advance(Duration.ofDays(1));
      town.breakDown(Set.of());
      for (int mended = 0; mended < 2; mended++) {
        try {
          engine.resume(town.plan(mended), "ann", List.of()).await();
        } catch (RefusedException otherPlan) {
          // It was started with the other one.
        }
      }
      decided();
    }
  }
}
