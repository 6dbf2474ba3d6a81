package io.drkit.testkit.junit;

import io.drkit.Direction;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrStrategy;
import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeCloudBuilder;
import io.drkit.testkit.Invariants;
import io.drkit.testkit.Timeline;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The world of one game day: built before the test, struck when it begins, and held against the truth after it. */
final class GameDayWorld
    implements BeforeEachCallback,
        ParameterResolver,
        AfterTestExecutionCallback,
        AfterEachCallback {
  private static final List<Class<?>> PARAMETERS = List.of(
      FakeApplication.class,
      FakeCloud.class,
      VirtualTime.class,
      DrPlan.class,
      DrEngine.class,
      Timeline.class);

  private final DrStrategy strategy;
  private final GameDayDisaster disaster;
  private final long seed;
  private final Timeline timeline = new Timeline();
  private @Nullable FakeApplication application;
  private @Nullable DrEngine engine;

  GameDayWorld(DrStrategy strategy, GameDayDisaster disaster, long seed) {
    this.strategy = strategy;
    this.disaster = disaster;
    this.seed = seed;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws InterruptedException {
    FakeCloudBuilder builder = FakeCloud.builder().seed(seed);
    for (Site site : disaster.sites()) {
      if (site.kind() == Site.Kind.ON_PREMISES) {
        builder.onPremises(site.name());
      } else {
        builder.region(site.name());
      }
    }
    FakeCloud cloud = builder.build();
    Direction direction =
        new Direction(disaster.sites().get(0), disaster.sites().get(1));
    FakeApplication orders = FakeApplication.orders(cloud, strategy, direction);
    DrEngine built = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .seed(seed)
        .owner("game day")
        .listener(timeline)
        .build();
    application = orders;
    engine = built;
    RunReport prepared = built.prepare(orders.plan(), "game day").await();
    if (prepared.outcome() != Outcome.COMPLETED) {
      throw withRecord(new IllegalStateException(
          "the plan could not be prepared, so there is no game day: " + prepared.summary()));
    }
    // Half an hour to two and a half: the disaster falls anywhere between two hourly backups.
    long millis = 30 * 60_000 + (long) (cloud.chance("when disaster strikes") * 120 * 60_000);
    cloud.time().advance(Duration.ofMillis(millis));
    Optional<Disaster> struck = disaster.in(cloud, orders.primary());
    struck.ifPresent(what -> {
      cloud.strike(what);
      timeline.note(cloud.time().now(), what.toString());
    });
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (application == null || engine == null) {
      throw new IllegalStateException("a " + type.getSimpleName()
          + " is there from the test method on; take it as its parameter");
    }
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

  @Override
  public void afterTestExecution(ExtensionContext context) {
    Optional<Throwable> failure = context.getExecutionException();
    if (failure.isPresent()) {
      withRecord(failure.get());
      return;
    }
    if (application != null && engine != null) {
      List<String> broken =
          Invariants.broken(application, engine.reports(application.plan().name()));
      if (!broken.isEmpty()) {
        throw withRecord(new AssertionError(
            "after the test, an invariant does not hold:\n  " + String.join("\n  ", broken)));
      }
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (engine != null) {
      engine.close();
    }
  }

  private <T extends Throwable> T withRecord(T failure) {
    failure.addSuppressed(
        new GameDayRecord(strategy + ", " + disaster + ", seed " + seed + "\n" + timeline));
    return failure;
  }
}
