package io.drkit.testkit.junit;

import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrStrategy;
import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeCloudBuilder;
import io.drkit.testkit.Invariants;
import io.drkit.testkit.Timeline;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;

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
    FakeCloudBuilder builder = FakeCloud.builder().seed(setting.seed());
    for (Site site : setting.disaster().sites()) {
      if (site.kind() == Site.Kind.ON_PREMISES) {
        builder.onPremises(site.name());
      } else {
        builder.region(site.name());
      }
    }
    FakeCloud cloud = builder.build();
    application = FakeApplication.orders(
        cloud, setting.strategy(), plan -> setting.disaster().extended(plan, cloud));
    engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
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
    setting.disaster().in(cloud, application.primary()).ifPresent(this::strike);
  }

  private void strike(Disaster disaster) {
    application.cloud().strike(disaster);
    note(disaster.toString());
  }

  /** What happens beside the first disaster. */
  DisasterSchedule more(Setting setting) {
    return setting.more() == 0
        ? DisasterSchedule.of()
        : DisasterSchedule.random(setting.seed(), application.cloud(), MORE_WITHIN, setting.more());
  }

  void strike(DisasterSchedule schedule) {
    schedule.strike(application.cloud());
    schedule.strikes().forEach(strike -> note("to come: " + strike));
  }

  private void note(String what) {
    timeline.note(application.cloud().time().now(), what);
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
