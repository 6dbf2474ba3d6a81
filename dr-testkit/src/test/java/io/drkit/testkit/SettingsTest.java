package io.drkit.testkit;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the parts of a cloud are told to be: from when on it holds, and what is refused. */
class SettingsTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site NOWHERE = Site.region("us-est-1");
  private static final Duration NEGATIVE = ofMillis(-1);

  private final FakeCloud cloud =
      FakeCloud.builder().region("us-east-1").onPremises("head-office").build();
  private final FakeDataset db = cloud.addDataset("orders-db", EAST);
  private final FakeServers web = cloud.addServers("orders-web", EAST, 1);
  private final FakeTraffic traffic = cloud.addTraffic("orders.example.com", EAST);
  private final FakeService orders = cloud.addService("orders", traffic, web, db);

  private static void assertRefused(ThrowingCallable setting, String... why) {
    assertThatIllegalArgumentException()
        .isThrownBy(setting)
        .satisfies(refused -> assertThat(refused).hasMessageContainingAll(why));
  }

  @Test
  void aDemandThatGrowsMakesNoOutageOfThePast() {
    cloud.time().advance(ofHours(1));
    Instant grown = cloud.time().now();
    orders.demand(2);
    cloud.time().advance(ofHours(1));

    assertThat(cloud.truth().outages("orders", 1))
        .containsExactly(new Span(grown, cloud.time().now()));
    assertThat(cloud.truth().acknowledgedWrites("orders-db")).isEqualTo(36_000 + 18_000);
  }

  @Test
  void serversThatGrowEndAnOutageAndDoNotUndoIt() {
    orders.demand(2);
    db.capacity(EAST, 2);
    Instant began = cloud.time().now();
    cloud.time().advance(ofHours(1));
    web.size(2);
    Instant grown = cloud.time().now();
    cloud.time().advance(ofHours(1));

    assertThat(cloud.truth().outages("orders", 1)).containsExactly(new Span(began, grown));
  }

  @Test
  void aRateOfWritesCountsFromWhenItWasSet() {
    cloud.time().advance(ofHours(1));
    db.writesPerSecond(100);
    cloud.time().advance(ofHours(1));

    assertThat(cloud.truth().acknowledgedWrites("orders-db")).isEqualTo(36_000 + 360_000);
  }

  @Test
  void aSiteThatIsNotInTheCloudIsRefused() {
    String where = "no site us-est-1, only [us-east-1, head-office]";
    assertRefused(() -> web.serving(NOWHERE), where);
    assertRefused(() -> web.room(NOWHERE, 1), where);
    assertRefused(() -> cloud.upSince(NOWHERE), where);
    assertRefused(() -> cloud.lostSince(NOWHERE), where);
    assertRefused(() -> web.serving(EAST.zone("us-east-1z")), "no zone us-east-1z");
  }

  @Test
  void roomIsThatOfAZoneOrOfAPlaceWithoutZones() {
    assertRefused(
        () -> web.room(EAST, 1),
        "'orders-web'",
        "us-east-1",
        "[us-east-1a, us-east-1b, us-east-1c]");
    web.room(EAST.zone("us-east-1a"), 0).room(Site.onPremises("head-office"), 3);
  }

  @Test
  void timesAndAmountsBelowZeroAreRefused() {
    for (ThrowingCallable setting : List.<ThrowingCallable>of(
        () -> db.seedingTime(NEGATIVE),
        () -> db.promotionTime(NEGATIVE),
        () -> db.standbyTime(NEGATIVE),
        () -> db.resizingTime(NEGATIVE),
        () -> web.bootTime(NEGATIVE),
        () -> web.imageCopyTime(NEGATIVE),
        () -> traffic.ttl(NEGATIVE),
        () -> traffic.propagation(NEGATIVE))) {
      assertRefused(setting, "must not be negative: PT-0.001S");
    }
    assertRefused(() -> db.capacity(EAST, -1), "capacity of 'orders-db'", "-1");
    assertRefused(() -> web.room(EAST.zone("us-east-1a"), -1), "room for 'orders-web'", "-1");
    assertRefused(() -> cloud.addServers("more", EAST, -1), "'more'", "-1");
    assertRefused(() -> web.bootTime(ofDays(1)), "less than a day: PT24H");
  }

  @Test
  void aDatasetIsInOneZoneAtLeast() {
    assertRefused(() -> db.zones(), "'orders-db'", "[us-east-1a, us-east-1b, us-east-1c]");
  }
}
