package io.drkit.internal;

import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RunReport;
import io.drkit.Work;
import io.drkit.internal.ReportBuilder.Earlier;
import io.drkit.internal.StepMonitor.Call;
import io.drkit.spi.EventLoop;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.LeverPulled;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the {@link RunMachine} decides. All of it happens on one loop, but for the calls themselves.
 *
 * <p>Events that may get lost in a crash are folded in at once and written down with the next one that may not, so that the end of
 * one step and the intent of the next share one force. While such an event is not durable, the world is looked at and nothing is
 * asked of it.
 */
final class Runner {
  private static final Logger log = LoggerFactory.getLogger(Runner.class);

  /**
   * How long an event may stay undurable while calls are in flight: people see what happens in less than a blink, and a step whose
   * look at the world takes longer pays with a force of its own.
   */
  private static final Duration LONGEST_PENDING = Duration.ofMillis(50);

  private final DrPlan plan;
  private final JournaledEngine.Settings settings;
  private final RecordCodec codec;
  private final RunLog records;
  private final WayBack wayBack;
  private final StepContext.Shared shared;
  private final RunMachine machine;
  private final Tenure tenure;
  private final EventLoop loop;
  private final CompletableFuture<RunReport> ended = new CompletableFuture<>();
  private final StopLever lever;
  private volatile Earlier earlier;
  /** Who pulled the stop lever, as this process last saw it. */
  private volatile Optional<LeverPulled> held = Optional.empty();

  private Supplier<Runner> followUp = () -> {
    throw new IllegalStateException("nothing was said to follow this run");
  };
  private boolean followed;
  private int inFlight;
  /** Whether the journal showed in this turn that no other process runs the plan. */
  private boolean alone;

  private boolean flushIsDue;
  private EventLoop.Timer flush = () -> {};
  private EventLoop.Timer wake = () -> {};

  /**
   * Takes over a run whose start, or whose takeover, is journaled already.
   *
   * @param records the run's records so far
   * @param journalSize the number of records in the plan's journal
   * @param drain how long requests of another process may go on
   */
  Runner(
      DrPlan plan,
      JournaledEngine.Settings settings,
      RecordCodec codec,
      Endpoints endpoints,
      PlanLog planLog,
      List<RunRecord> records,
      long journalSize,
      Duration drain,
      Tenure tenure) {
    this.plan = plan;
    this.settings = settings;
    this.codec = codec;
    this.tenure = tenure;
    RunState state = RunState.of(records);
    this.records = new RunLog(plan.name(), state, settings, codec, records, journalSize);
    TimeSource time = settings.time();
    this.earlier = planLog.earlier(state);
    this.wayBack = new WayBack(plan, settings, planLog);
    this.lever = new StopLever(settings, codec);
    this.loop = time.loop("drkit-" + plan.name());
    this.shared = new StepContext.Shared(
        plan.name(),
        state.run(),
        state.started().direction(),
        state.started().declaration().recoverTo(),
        state.epoch(),
        settings.requestTimeLimit(),
        time,
        endpoints,
        new AtomicBoolean());
    this.machine = new RunMachine(
        RunSteps.of(plan, Course.of(state.started()), planLog, state.run()).byName(),
        state,
        new Intervals(settings.seed()),
        drain,
        time.uptime(),
        time.now());
  }

  /** Sets who goes on with the run that follows this one in the journal, if one does. */
  void followedBy(Supplier<Runner> next) {
    followUp = next;
  }

  void start() {
    tenure.keep(loop, this::turn);
    loop.schedule(Duration.ZERO, this::look);
  }

  /** Heeds what people told the run, now and from time to time. */
  private void look() {
    loop.schedule(settings.lookInterval(), this::look);
    hear();
    turn();
  }

  private void hear() {
    try {
      held = lever.pulled();
      machine.stopped(held.isPresent(), settings.time().uptime());
      catchUp();
    } catch (JournalException e) {
      // What is to be written down fails for itself; a look that fails only makes people wait.
      log.warn(
          "nobody can tell this run anything just now [plan={}, run={}, error={}]",
          plan.name(),
          id(),
          Errors.describe(e));
    } catch (RuntimeException e) {
      stop(e);
    }
  }

  /** Folds in what people told the run, before what is not durable yet. Another runner ends this one at once. */
  private void catchUp() {
    List<RunRecord> news = records.news();
    alone = true;
    Duration now = settings.time().uptime();
    if (!records.anyPending()) {
      news.forEach(entry -> machine.fold(entry, now));
    } else if (!news.isEmpty()) {
      records.keep(machine.rebase(records.durable(), news.size(), records.pending(), now));
    }
  }

  /** Leaves the run as a crash would. */
  void abandon() {
    stop(new DrException(
        "the engine was closed; resume run " + id() + " of plan '" + plan.name() + "' to go on"));
  }

  private void turn() {
    if (ended.isDone()) {
      return;
    }
    try {
      write();
      if (machine.state().outcome() != Outcome.RUNNING) {
        finish();
        return;
      }
      tenure.require();
      // Without it, the next renewal turns again.
      if (tenure.coversACall() && !callsBegin()) {
        turn();
        return;
      }
      flushInTime();
    } catch (Throwable e) {
      stop(e);
    } finally {
      alone = false;
    }
  }

  /** Makes the calls that are due, unless something has to be made sure before: then everything is decided again. */
  private boolean callsBegin() {
    Duration now = settings.time().uptime();
    List<StepMonitor> calls = machine.calls(now);
    boolean applies = calls.stream().anyMatch(monitor -> monitor.next == Call.APPLY);
    boolean works = calls.stream().anyMatch(monitor -> monitor.next == Call.WORK);
    if ((applies || works) && records.anyPending()) {
      append(List.of());
      return false;
    }
    if (applies && !alone) {
      // Whatever this process slept through: a clock that stood still would not tell that somebody
      // else runs the plan.
      catchUp();
      return false;
    }
    calls.forEach(this::call);
    wake.cancel();
    wake = machine
        .wake(now)
        .map(at ->
            loop.schedule(at.minus(now).isNegative() ? Duration.ZERO : at.minus(now), this::turn))
        .orElse(() -> {});
    return true;
  }

  /** Sees to it that what is pending becomes durable soon, though nothing may come that it could share a force with. */
  private void flushInTime() {
    boolean nothingGoesOn = inFlight == 0;
    if (records.anyPending() && (nothingGoesOn || !flushIsDue)) {
      flushIsDue = true;
      flush.cancel();
      flush = loop.schedule(nothingGoesOn ? Duration.ZERO : LONGEST_PENDING, this::flush);
    }
  }

  private void flush() {
    flushIsDue = false;
    if (ended.isDone() || !records.anyPending()) {
      return;
    }
    try {
      append(List.of());
    } catch (Throwable e) {
      stop(e);
    }
    turn();
  }

  /** Decides until there is nothing more to decide, and makes durable what has to be before the next call. */
  private void write() {
    List<RunEvent> events = decided();
    while (!events.isEmpty()) {
      if (machine.soft(events)) {
        Duration now = settings.time().uptime();
        events.forEach(event -> machine.fold(records.note(event), now));
        events = List.of();
      } else {
        events = append(events);
      }
      if (events.isEmpty()) {
        events = decided();
      }
    }
  }

  private List<RunEvent> decided() {
    return machine.events(settings.time().uptime(), settings.time().now());
  }

  /**
   * Makes durable what is pending, and then some events.
   *
   * @return what is still true of the events if somebody's command came before all that; nothing is durable then
   */
  private List<RunEvent> append(List<RunEvent> events) {
    tenure.require();
    List<RunRecord> following =
        wayBack.after(machine.state(), events, records.next() + events.size());
    List<RunRecord> added;
    try {
      added = records.append(events, following);
    } catch (JournalConflictException somebodyWasFaster) {
      catchUp();
      return machine.stillTrue(events);
    }
    alone = true;
    followed = !following.isEmpty();
    Duration now = settings.time().uptime();
    added.forEach(entry -> machine.fold(entry, now));
    return List.of();
  }

  private void call(StepMonitor monitor) {
    monitor.called(settings.time().uptime());
    inFlight++;
    StepContext context = machine.context(shared, monitor);
    switch (monitor.next) {
      case OBSERVE ->
        call(monitor, context, () -> monitor.step.action().observe(context), this::seen);
      case APPLY ->
        call(
            monitor,
            context,
            () -> {
              monitor.step.action().apply(context);
              return context;
            },
            (m, c) ->
                machine.answers().applied(m, c.handedOver(), settings.time().uptime()));
      case WORK -> {
        Work work = monitor.work;
        call(
            monitor,
            context,
            () -> work == null ? Progress.reached() : work.slice(context),
            this::seen);
      }
    }
  }

  private <T> void call(
      StepMonitor monitor,
      StepContext context,
      Callable<T> call,
      BiConsumer<StepMonitor, T> returned) {
    log.debug(
        "{} begins [plan={}, run={}, step={}]",
        monitor.next.label,
        plan.name(),
        id(),
        monitor.step.name());
    loop.call(
        call, settings.requestTimeLimit(), (@Nullable T result, @Nullable Throwable error) -> {
          context.over(error);
          inFlight--;
          try {
            if (error != null) {
              machine
                  .answers()
                  .callFailed(monitor, error, context.sent(), settings.time().uptime());
            } else if (result == null) {
              machine
                  .answers()
                  .callFailed(
                      monitor,
                      new DrException(monitor.made.label
                          + " returned null; an action must say where the world stands"),
                      context.sent(),
                      settings.time().uptime());
            } else {
              returned.accept(monitor, result);
            }
            // One append, and one force of it, for all calls that came back meanwhile.
            wake.cancel();
            wake = loop.schedule(Duration.ZERO, this::turn);
          } catch (RuntimeException e) {
            stop(e);
          }
        });
  }

  private void seen(StepMonitor monitor, Progress progress) {
    Duration now = settings.time().uptime();
    records.seen(monitor.step.name(), progress);
    if (monitor.made == Call.OBSERVE) {
      machine.answers().observed(monitor, progress, now, settings.time().now());
    } else {
      machine.answers().worked(monitor, progress, now);
    }
  }

  private void finish() {
    end();
    if (!followed) {
      tenure.end();
      ended.complete(report());
      return;
    }
    earlier = PlanLog.read(settings.journal(), codec, plan.name()).earlier(machine.state());
    Runner next = followUp.get();
    Objects.requireNonNull(next.ended().whenComplete((report, error) -> ended.complete(report())));
  }

  private void stop(Throwable error) {
    end();
    tenure.end();
    ended.completeExceptionally(
        error instanceof JournalConflictException ? records.takenOver(error) : error);
  }

  /** Nothing more may be called before another process can take the run over. */
  private void end() {
    shared.ended().set(true);
    loop.close();
  }

  /** Looks at once for what was told in this process. */
  void heed() {
    if (!ended.isDone()) {
      loop.schedule(Duration.ZERO, () -> {
        hear();
        turn();
      });
    }
  }

  String plan() {
    return plan.name();
  }

  String id() {
    return shared.run();
  }

  long epoch() {
    return shared.epoch();
  }

  RunReport report() {
    return ReportBuilder.of(
        plan.name(), RunState.of(records.durable()), earlier, records.now(), held);
  }

  /** Whether it has ended, with the run or without it, and given the lease back. */
  boolean over() {
    return ended.isDone();
  }

  CompletableFuture<RunReport> ended() {
    return ended.copy();
  }

  RunReport await() throws InterruptedException {
    try {
      return loop.await(ended);
    } catch (CompletionException e) {
      throw Errors.unwrapped(e);
    }
  }
}
