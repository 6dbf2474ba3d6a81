package io.drkit.internal;

import io.drkit.Assessment;
import io.drkit.Compaction;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Explanation;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.Retention;
import io.drkit.RunControl;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseStore.Lease;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.Clock;
import io.drkit.spi.RunEvent.LeverPulled;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.RunStarted;
import io.drkit.spi.RunEvent.RunnerBegan;
import io.drkit.spi.RunEvent.StepSkipped;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** The engine: checks what a verb asks for, writes the start of a run, and hands it to a {@link Runner}. */
public final class JournaledEngine implements DrEngine {

  /**
   * What an engine is made of.
   *
   * @param journal where runs are written down
   * @param stopLever where the stop lever of all runs stands, if there is one
   * @param leases where runners make sure that they are alone
   * @param time the clock
   * @param requestTimeLimit how long one call may take
   * @param lookInterval how often a runner looks what people told it
   * @param seed the seed of the jitter
   * @param owner this process, for people
   * @param listeners who is told
   */
  public record Settings(
      Journal journal,
      Optional<Journal> stopLever,
      LeaseStore leases,
      TimeSource time,
      Duration requestTimeLimit,
      Duration lookInterval,
      long seed,
      String owner,
      List<RunListener> listeners) {

    /** An event as it is to be written down now. */
    RunRecord record(long sequence, String run, long epoch, RunEvent event) {
      return new RunRecord(sequence, run, epoch, time.now(), time.uptime(), event);
    }

    /** The beginning of this process's part of a run that somebody starts. */
    RunnerBegan began(String by) {
      return began(by, List.of(), Optional.empty(), Optional.empty());
    }

    /** The same with what is known of the time before. */
    RunnerBegan began(
        String by, List<Site> lost, Optional<Instant> stopped, Optional<Clock> clock) {
      return new RunnerBegan(owner, by, lost, stopped, clock, Optional.of(requestTimeLimit));
    }
  }

  private final Settings settings;
  private final RecordCodec codec = new RecordCodec();
  private final Endpoints endpoints;
  private final StopLever lever;
  private final Set<Runner> runners = ConcurrentHashMap.newKeySet();
  private final RanHere ranHere;

  /**
   * Creates an engine; see {@link io.drkit.DrEngineBuilder}.
   *
   * @throws IllegalStateException if a request may take longer than its runner's lease
   */
  public JournaledEngine(Settings settings) {
    Tenure.check(settings.leases(), settings.requestTimeLimit());
    this.settings = settings;
    this.endpoints = new Endpoints(settings.time());
    this.lever = new StopLever(settings, codec);
    this.ranHere = new RanHere(settings.time());
  }

  @Override
  public DrRun prepare(DrPlan plan, String by) {
    return prepare(plan, by, Optional.empty());
  }

  @Override
  public DrRun prepare(DrPlan plan, String by, Site to) {
    return prepare(plan, by, Optional.of(to));
  }

  private DrRun prepare(DrPlan plan, String by, Optional<Site> to) {
    return locked(plan, lease -> {
      PlanLog log = read(plan);
      log.unfinishedFailovers().stream().findFirst().ifPresent(failover -> {
        throw new RefusedException(StartChecks.at(plan) + "run " + failover.run()
            + " is a failover that is not finished (" + failover.outcome()
            + "), and copies must not flow into what it promoted; resume it");
      });
      Course course = Course.of(RunMode.PREPARE, StartChecks.preparing(plan, log, to));
      return start(plan, log, course, Declaration.of(by), lease);
    });
  }

  @Override
  public DrRun failover(DrPlan plan, Declaration declaration) {
    return move(plan, RunMode.FAILOVER, declaration);
  }

  @Override
  public DrRun switchover(DrPlan plan, Declaration declaration) {
    StartChecks.forSwitchover(plan, declaration);
    return move(plan, RunMode.SWITCHOVER, declaration);
  }

  @Override
  public DrRun failback(DrPlan plan, Declaration declaration) {
    StartChecks.forSwitchover(plan, declaration);
    return move(plan, RunMode.FAILBACK, declaration);
  }

  private DrRun move(DrPlan plan, RunMode mode, Declaration declaration) {
    Optional<DrRun> known = declaration.startToken().flatMap(token -> startedWith(plan, token));
    return known.orElseGet(() -> locked(plan, lease -> {
      PlanLog log = read(plan);
      StartChecks.refuseUsedToken(plan, log, declaration);
      Instant now = ranHere.now(log.unfinishedFailovers());
      StartChecks.refuseBlocked(plan, log, declaration, now);
      Direction direction = mode == RunMode.FAILBACK
          ? StartChecks.failback(plan, log, declaration, now)
          : StartChecks.direction(plan, log, declaration, now);
      log.unfinishedFailovers().forEach(run -> StartChecks.refuseBeside(plan, log, run, direction));
      return start(plan, log, Course.of(mode, direction), declaration, lease);
    }));
  }

  /** The run that was started with a token: in this process, or by its report alone if it has ended. */
  private Optional<DrRun> startedWith(DrPlan plan, String token) {
    PlanLog log = read(plan);
    return log.startedWith(token).map(run -> {
      RunControl control =
          new JournaledControl(settings, codec, plan.name(), Optional.of(run.run()));
      Optional<Runner> here =
          runners.stream().filter(runner -> runner.id().equals(run.run())).findFirst();
      if (here.isPresent()) {
        return new RunHandle(plan, here.get(), control);
      }
      if (run.outcome() == Outcome.RUNNING) {
        throw new RefusedException(
            StartChecks.at(plan) + "run " + run.run()
                + " was started with the token '" + token
                + "' already, by another process; steer it from here, or resume it if that process died");
      }
      return new EndedRun(
          plan,
          ReportBuilder.of(
              plan.name(), run, log.earlier(run), settings.time().now(), lever.pulled()),
          control);
    });
  }

  @Override
  public DrRun rollback(DrPlan plan, Instruction instruction) {
    return locked(plan, lease -> {
      PlanLog log = read(plan);
      RunState last = log.last()
          .orElseThrow(() -> new RefusedException(
              StartChecks.at(plan) + "there is no run to roll back; nothing was begun"));
      StartChecks.forRollback(plan, log, last);
      return start(
          plan,
          log,
          new Course(RunMode.ROLLBACK, last.started().direction(), Optional.of(last.run())),
          Declaration.of(instruction.by()).reason(instruction.reason()),
          lease);
    });
  }

  @Override
  public DrRun rehearse(DrPlan plan, String by) {
    StartChecks.forRehearsal(plan);
    return locked(plan, lease -> {
      PlanLog log = read(plan);
      log.unfinishedFailovers().stream().findFirst().ifPresent(failover -> {
        throw new RefusedException(StartChecks.at(plan) + "run " + failover.run()
            + " is a failover that is not finished (" + failover.outcome() + "); resume it");
      });
      log.uncleaned().ifPresent(rehearsal -> {
        throw new RefusedException(StartChecks.at(plan) + "what the rehearsal " + rehearsal.run()
            + " brought about was not cleaned up; call cleanUp first");
      });
      Course course =
          Course.of(RunMode.REHEARSE, StartChecks.preparing(plan, log, Optional.empty()));
      return start(plan, log, course, Declaration.of(by), lease);
    });
  }

  @Override
  public DrRun cleanUp(DrPlan plan, String by) {
    return locked(plan, lease -> {
      PlanLog log = read(plan);
      RunState rehearsal = log.uncleaned()
          .orElseThrow(() -> new RefusedException(StartChecks.at(plan)
              + "no rehearsal left anything behind; there is nothing to clean up"));
      StartChecks.refuseOtherPlan(plan, rehearsal);
      return start(plan, log, Course.cleanUp(rehearsal), Declaration.of(by), lease);
    });
  }

  @Override
  public DrRun resume(DrPlan plan, String by, List<Site> lost) {
    return resume(plan, by, lost, Optional.empty());
  }

  @Override
  public DrRun resume(DrPlan plan, String by, List<Site> lost, Instant stopped) {
    return resume(plan, by, lost, Optional.of(stopped));
  }

  private DrRun resume(DrPlan plan, String by, List<Site> lost, Optional<Instant> stopped) {
    return locked(plan, lease -> {
      PlanLog log = read(plan);
      RunState last = log.last()
          .orElseThrow(() -> new RefusedException(
              StartChecks.at(plan) + "there is no run to resume; start one with failover"));
      if (last.outcome() == Outcome.COMPLETED
          || last.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS) {
        throw new RefusedException(StartChecks.at(plan) + "run " + last.run() + " ended "
            + last.outcome() + "; there is nothing to resume");
      }
      StartChecks.refuseOtherPlan(plan, last);
      Direction direction = last.started().direction();
      StartChecks.checkLost(plan, lost, direction);
      stopped.ifPresent(instant ->
          StartChecks.checkStopped(plan, last, lost, instant, ranHere.now(List.of(last))));
      boolean wrote = ranHere.wrote(last);
      if (!wrote) {
        StartChecks.refuseBehind(plan, last, settings.time().now());
      }
      RunnerBegan event =
          settings.began(by, lost, stopped, Optional.of(Clock.STEADY).filter(clock -> wrote));
      RunRecord began = entry(log, 0, last.run(), last.epoch() + 1, event);
      append(plan, log, List.of(began));
      List<RunRecord> records = new ArrayList<>(log.records(last.run()));
      records.add(began);
      return run(plan, log, records, log.size() + 1, lease);
    });
  }

  @Override
  public Explanation explain(DrPlan plan, Declaration declaration) throws InterruptedException {
    PlanLog log = read(plan);
    Direction direction =
        StartChecks.direction(plan, log, declaration, ranHere.now(log.unfinishedFailovers()));
    return Explainer.explain(
        plan,
        new StepContext.Shared(
            plan.name(),
            "explain",
            direction,
            declaration.recoverTo(),
            0,
            settings.requestTimeLimit(),
            settings.time(),
            endpoints,
            new AtomicBoolean()),
        declaration.lost());
  }

  @Override
  public Assessment assess(DrPlan plan, Disaster disaster) {
    return Assessor.assess(plan, new Direction(plan.primary(), plan.sites().get(1)), disaster);
  }

  @Override
  public List<RunReport> reports(String plan) {
    PlanLog log = PlanLog.read(settings.journal(), codec, plan);
    Optional<LeverPulled> pulled = lever.pulled();
    return log.states().stream()
        .map(state -> ReportBuilder.of(
            plan, log.copy(state), log.earlier(state), settings.time().now(), pulled))
        .toList();
  }

  @Override
  public Compaction compact(String plan, String by, Retention retention) {
    return leased(plan, lease -> {
      Compaction done = new Compactor(settings, codec, plan).compact(retention, by);
      lease.close();
      return done;
    });
  }

  @Override
  public RunControl control(String plan) {
    return new JournaledControl(settings, codec, plan, Optional.empty());
  }

  @Override
  public void stopAll(Instruction instruction) {
    lever.pull(instruction);
  }

  @Override
  public void releaseAll(Instruction instruction) {
    lever.release(instruction);
  }

  @Override
  public void close() {
    runners.forEach(Runner::abandon);
  }

  private DrRun locked(DrPlan plan, Function<Lease, DrRun> start) {
    lever.pulled().ifPresent(pulled -> {
      throw new RefusedException(StartChecks.at(plan) + "the stop lever was pulled by "
          + pulled.by() + " (" + pulled.reason() + "); release it first");
    });
    return leased(plan.name(), start);
  }

  /**
   * Does something with the plan's lease.
   *
   * @param done takes the lease on; if it throws, the lease goes back
   */
  private <T> T leased(String plan, Function<Lease, T> done) {
    // Whoever was told that a run has ended may start the next one, before this engine has heard of
    // it.
    if (runners.stream().anyMatch(runner -> runner.plan().equals(plan) && !runner.over())) {
      throw beingRun(plan);
    }
    Lease lease = Contender.take(settings, plan).orElseThrow(() -> beingRun(plan));
    boolean handedOver = false;
    try {
      T result = done.apply(lease);
      handedOver = true;
      return result;
    } finally {
      if (!handedOver) {
        lease.close();
      }
    }
  }

  private RefusedException beingRun(String plan) {
    return new RefusedException("plan '" + plan + "': it is being run by "
        + settings.leases().holder(plan).orElse("another process")
        + "; wait for it, or end it first");
  }

  private DrRun start(
      DrPlan plan, PlanLog log, Course course, Declaration declaration, Lease lease) {
    List<RunState> unfinished = log.unfinishedFailovers();
    Optional<RunState> untold = unfinished.stream().filter(ranHere::untold).findFirst();
    if (course.mode().planned()) {
      StartChecks.refuseUntold(plan, untold);
    }
    RunSteps steps = RunSteps.of(plan, course, log, "");
    Instant now = ranHere.now(unfinished);
    Declaration told = StartChecks.lostOnceMore(log, declaration, course.direction(), now);
    RunStarted started = course.start(plan, told, steps.planned());
    StartChecks.refuseMissingPeople(plan, started);
    String id = RunIds.next(plan, log.runCount() + 1, settings.time().now());
    List<RunRecord> batch = new ArrayList<>();
    // A preparation whose process died must not stand in the way of a failover.
    log.open()
        .ifPresent(open -> batch.add(
            entry(log, batch.size(), open.run(), open.epoch() + 1, new RunEnded(Outcome.FAILED))));
    batch.add(
        new RunRecord(log.size() + batch.size(), id, 1, now, settings.time().uptime(), started));
    // What somebody said in so many words holds whatever any clock says.
    RunnerBegan began = untold.isEmpty()
        ? settings.began(declaration.by())
        : settings.began(
            declaration.by(),
            declaration.stopped().isPresent() ? declaration.lost() : List.of(),
            declaration.stopped(),
            Optional.of(Clock.NONE));
    batch.add(entry(log, batch.size(), id, 1, began));
    steps
        .leftOut()
        .forEach((step, why) ->
            batch.add(entry(log, batch.size(), id, 1, new StepSkipped(step, "the plan", why))));
    append(plan, log, batch);
    List<RunRecord> records =
        batch.stream().filter(entry -> entry.run().equals(id)).toList();
    return run(plan, log, records, log.size() + batch.size(), lease);
  }

  private DrRun run(
      DrPlan plan, PlanLog log, List<RunRecord> records, long journalSize, Lease lease) {
    Runner runner = runner(plan, log, records, journalSize, lease);
    return new RunHandle(
        plan, runner, new JournaledControl(settings, codec, plan.name(), Optional.of(runner.id())));
  }

  /** Goes on with a run, after what a process that died may have sent. */
  private Runner runner(
      DrPlan plan, PlanLog log, List<RunRecord> records, long journalSize, Lease lease) {
    Duration drain = log.drain(settings.requestTimeLimit());
    Tenure tenure =
        new Tenure(plan.name(), lease, settings.leases().duration(), settings.requestTimeLimit());
    Runner runner =
        new Runner(plan, settings, codec, endpoints, log, records, journalSize, drain, tenure);
    runner.followedBy(() -> followUp(plan, lease));
    ranHere.add(runner.id(), runner.epoch());
    runners.add(runner);
    Objects.requireNonNull(runner.ended().whenComplete((report, error) -> runners.remove(runner)));
    runner.start();
    return runner;
  }

  /** Goes on with the run that the journal's last one was followed by. */
  private Runner followUp(DrPlan plan, Lease lease) {
    PlanLog log = read(plan);
    RunState last = log.last().orElseThrow();
    return runner(plan, log, log.records(last.run()), log.size(), lease);
  }

  private RunRecord entry(PlanLog log, int index, String run, long epoch, RunEvent event) {
    return settings.record(log.size() + index, run, epoch, event);
  }

  private void append(DrPlan plan, PlanLog log, List<RunRecord> batch) {
    try {
      settings
          .journal()
          .append(plan.name(), log.size(), batch.stream().map(codec::write).toList());
    } catch (JournalConflictException e) {
      throw new RefusedException(
          StartChecks.at(plan)
              + "another process wrote to the journal at the same time; look at it and try again",
          e);
    }
    Listeners listeners = new Listeners(settings.listeners());
    batch.forEach(entry -> listeners.event(plan.name(), entry));
  }

  private PlanLog read(DrPlan plan) {
    return PlanLog.read(settings.journal(), codec, plan.name());
  }
}
