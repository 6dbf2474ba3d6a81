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
import io.drkit.spi.RunEvent.Command;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the {@link RunMachine} decides. All of it happens on one loop, but for the calls themselves. */
final class Runner {
  private static final Logger log = LoggerFactory.getLogger(Runner.class);

  private final DrPlan plan;
  private final JournaledEngine.Settings settings;
  private final Listeners listeners;
  private final RecordCodec codec;
  private final WayBack wayBack;
  private final StepContext.Shared shared;
  private final RunMachine machine;
  private final Tenure tenure;
  private final EventLoop loop;
  private final CompletableFuture<RunReport> ended = new CompletableFuture<>();
  private final StopLever lever;
  private final List<RunRecord> records;
  private volatile Earlier earlier;
  private Supplier<Runner> followUp = () -> {
    throw new IllegalStateException("nothing was said to follow this run");
  };
  private boolean followed;
  private long journalSize;
  /** Whether the journal showed in this turn that no other process runs the plan. */
  private boolean alone;

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
    this.listeners = new Listeners(settings.listeners());
    this.codec = codec;
    this.records = new ArrayList<>(records);
    this.journalSize = journalSize;
    this.tenure = tenure;
    RunState state = RunState.of(records);
    TimeSource time = settings.time();
    this.earlier = planLog.earlier(state);
    this.wayBack = new WayBack(plan, settings, planLog);
    this.lever = new StopLever(settings, codec);
    this.loop = time.loop("drkit-" + plan.name());
    this.shared = new StepContext.Shared(
        plan.name(),
        state.run(),
        state.started().direction(),
        state.epoch(),
        settings.requestTimeLimit(),
        time,
        endpoints,
        new AtomicBoolean());
    this.machine = new RunMachine(
        RunSteps.of(plan, Course.of(state.started()), planLog, state.run()).byName(),
        state,
        ReportBuilder.disruption(state, earlier),
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
      machine.stopped(lever.pulled().isPresent(), settings.time().uptime());
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

  /** Folds in what others appended. Another runner among them ends this one at once. */
  private void catchUp() {
    List<String> news = settings.journal().read(plan.name(), journalSize);
    alone = true;
    for (String line : news) {
      RunRecord entry = codec.read(plan.name(), journalSize, line);
      if (!entry.run().equals(id())
          || entry.epoch() != shared.epoch()
          || !(entry.event() instanceof Command)) {
        throw takenOver(null);
      }
      add(List.of(entry));
    }
  }

  private DrException takenOver(@Nullable Throwable cause) {
    return new DrException(
        "run " + id() + " of plan '" + plan.name()
            + "' was taken over by another process; look at the journal",
        cause);
  }

  private void add(List<RunRecord> batch) {
    journalSize += batch.size();
    Duration now = settings.time().uptime();
    synchronized (records) {
      records.addAll(batch);
    }
    for (RunRecord entry : batch) {
      machine.fold(entry, now);
      listeners.event(plan.name(), entry);
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
      if (!tenure.coversACall()) {
        // The next renewal turns again.
        return;
      }
      Duration now = settings.time().uptime();
      if (mustLookFirst(now)) {
        catchUp();
        turn();
        return;
      }
      machine.calls(now).forEach(this::call);
      wake.cancel();
      wake = machine
          .wake()
          .map(at ->
              loop.schedule(at.minus(now).isNegative() ? Duration.ZERO : at.minus(now), this::turn))
          .orElse(() -> {});
    } catch (Throwable e) {
      stop(e);
    } finally {
      alone = false;
    }
  }

  /**
   * Whether something is about to be asked of the world before the journal showed, after whatever this process slept through,
   * that nobody else runs the plan. A clock that stood still would not tell.
   */
  private boolean mustLookFirst(Duration now) {
    return !alone && machine.calls(now).stream().anyMatch(monitor -> monitor.next == Call.APPLY);
  }

  /** Makes everything durable that has to be before the next call. */
  private void write() {
    List<RunEvent> events =
        machine.events(settings.time().uptime(), settings.time().now());
    while (!events.isEmpty()) {
      tenure.require();
      try {
        append(events);
        events = machine.events(settings.time().uptime(), settings.time().now());
      } catch (JournalConflictException somebodyWasFaster) {
        catchUp();
        events = Outbox.stillTrue(events, machine.state());
        if (events.isEmpty()) {
          events = machine.events(settings.time().uptime(), settings.time().now());
        }
      }
    }
  }

  private void append(List<RunEvent> events) {
    List<RunRecord> batch = new ArrayList<>();
    for (RunEvent event : events) {
      batch.add(settings.record(journalSize + batch.size(), id(), shared.epoch(), event));
    }
    List<RunRecord> follow = wayBack.after(machine.state(), events, journalSize + batch.size());
    settings
        .journal()
        .append(
            plan.name(),
            journalSize,
            Stream.concat(batch.stream(), follow.stream()).map(codec::write).toList());
    alone = true;
    add(batch);
    journalSize += follow.size();
    followed = !follow.isEmpty();
    follow.forEach(entry -> listeners.event(plan.name(), entry));
  }

  private void call(StepMonitor monitor) {
    monitor.inFlight = true;
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
            (m, c) -> machine.applied(m, c.handedOver(), settings.time().uptime()));
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
          try {
            if (error != null) {
              machine.callFailed(monitor, error, context.sent(), settings.time().uptime());
            } else if (result == null) {
              machine.callFailed(
                  monitor,
                  new DrException(monitor.next.label
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
    listeners.progress(plan.name(), monitor.step.name(), progress);
    if (monitor.next == Call.OBSERVE) {
      machine.observed(monitor, progress, now);
    } else {
      machine.worked(monitor, progress, now);
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
        error instanceof JournalConflictException ? takenOver(error) : error);
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

  RunReport report() {
    List<RunRecord> soFar;
    synchronized (records) {
      soFar = List.copyOf(records);
    }
    return ReportBuilder.of(plan.name(), RunState.of(soFar), earlier);
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
