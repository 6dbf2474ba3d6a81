package io.drkit.testkit.junit;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrStrategy;
import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeHost;
import io.drkit.testkit.Invariants;
import io.drkit.testkit.Timeline;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A game day that has begun: an application and its plan, prepared, in a cloud that was just struck. */
final class PlayedDay implements AutoCloseable {
  static final List<Class<?>> PARAMETERS = List.of(
      FakeApplication.class,
      FakeCloud.class,
      VirtualTime.class,
      DrPlan.class,
      DrEngine.class,
      Timeline.class);

  private static final Duration MORE_WITHIN = Duration.ofMinutes(90);

  private final FakeApplication application;
  private final DrEngine engine;
  private final Timeline timeline = new Timeline();

  /**
   * What a day is made of.
   *
   * @param more how many disasters happen at most beside the first one, by the seed
   */
  record Setting(DrStrategy strategy, GameDayDisaster disaster, long seed, int more) {
    @Override
    public String toString() {
      return strategy + ", " + disaster + ", seed " + seed;
    }
  }

  PlayedDay(Setting setting) throws InterruptedException {
    application = setting.disaster().orders(setting.strategy(), setting.seed());
    FakeCloud cloud = application.cloud();
    Optional<FakeHost> runner = setting.disaster().runner(application);
    Journal journal = Journal.inMemory();
    engine = DrEngine.builder()
        .journal(runner.map(host -> host.disk().journal(journal)).orElse(journal))
        .leases(LeaseStore.inMemory())
        .time(runner.map(FakeHost::time).orElse(cloud.time()))
        .seed(setting.seed())
        .owner("game day")
        .listener(timeline)
        .build();
    RunReport prepared = engine.prepare(application.plan(), "game day").await();
    if (prepared.outcome() != Outcome.COMPLETED) {
      throw new IllegalStateException(
          "the plan could not be prepared, so there is no game day: " + prepared.summary());
    }
    // Half an hour to two and a half: the disaster falls anywhere between two hourly backups.
    long millis = 30 * 60_000 + (long) (cloud.chance("when disaster strikes") * 120 * 60_000);
    cloud.time().advance(Duration.ofMillis(millis));
    strike(setting.disaster().schedule(application));
  }

  /** What happens beside the first disaster. */
  DisasterSchedule more(Setting setting) {
    return setting.more() == 0
        ? DisasterSchedule.of()
        : DisasterSchedule.random(setting.seed(), application.cloud(), MORE_WITHIN, setting.more());
  }

  void strike(DisasterSchedule schedule) {
    schedule.strike(application.cloud());
    schedule
        .strikes()
        .forEach(strike -> timeline.note(
            application.cloud().time().now(),
            (strike.after().isZero() ? "" : "to come: ") + strike));
  }

  /** What a test method takes as its parameter of a type. */
  Object parameter(Class<?> type) {
    for (Object value : List.of(
        application,
        application.cloud(),
        application.cloud().time(),
        application.plan(),
        engine,
        timeline)) {
      if (type.isInstance(value)) {
        return value;
      }
    }
    throw new IllegalStateException("no parameter of a game day is a " + type.getName());
  }

  List<String> brokenInvariants() {
    return Invariants.broken(application, engine.reports(application.plan().name()));
  }

  Timeline timeline() {
    return timeline;
  }

  @Override
  public void close() {
    engine.close();
  }
}
