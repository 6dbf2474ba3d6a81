package io.drkit.testkit.assertj;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RunReportAssertTest {
  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT);

  private RunReport lostRegion(boolean declared) throws InterruptedException {
    DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .build();
    engine.prepare(orders.plan(), "test").await();
    cloud.time().advance(Duration.ofMinutes(10));
    cloud.strike(Disaster.loss(orders.primary()));
    return engine
        .failover(orders.plan(), declared ? orders.declaration("test") : Declaration.of("test"))
        .await();
  }

  private static void assertFails(ThrowingCallable assertion, String to, String but) {
    assertThatThrownBy(assertion)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "Expecting",
            "of plan 'orders' (us-east-1 -> us-west-2)",
            to,
            "but",
            but,
            "Timeline:",
            "began: FAILOVER");
  }

  @Test
  void aRunThatRecoveredPassesWithinItsFigures() throws InterruptedException {
    RunReport report = lostRegion(true);

    assertThat(report)
        .recoveredWithin(report.rto().elapsed())
        .lostAtMost(report.rpo().orElseThrow())
        .metItsObjective()
        .reached("launch web tier", "promote orders-db")
        .isExposed();
  }

  @Test
  void stepsThatRanAreToldFromThoseThatOnlyLookedAndInTheirOrder() throws InterruptedException {
    RunReport report = lostRegion(true);

    assertThat(report).ranSteps("promote orders-db", "send users over");
    assertFails(
        () -> assertThat(report).ranSteps("stop the writers of orders-db"),
        "to have run [stop the writers of orders-db]",
        "'stop the writers of orders-db' asked for nothing: it is OWED");
    assertFails(
        () -> assertThat(report).ranSteps("send users over", "promote orders-db"),
        "to have run [send users over, promote orders-db] in this order",
        "'promote orders-db' began at");
  }

  @Test
  void aRunThatRecoveredFailsJustBelowItsFigures() throws InterruptedException {
    RunReport report = lostRegion(true);

    assertFails(
        () -> assertThat(report).recoveredWithin(report.rto().elapsed().minusNanos(1)),
        "to have recovered within PT9M",
        "the outage took PT9M");
    assertFails(
        () -> assertThat(report).lostAtMost(report.rpo().orElseThrow().minusNanos(1)),
        "to have lost at most PT",
        "receipts lost PT");
    assertFails(
        () -> assertThat(report).isNotExposed(),
        "not to be exposed",
        "the fence 'stop the writers of orders-db' is owed");
    assertFails(
        () -> assertThat(report).reached("launch web tier", "stop the writers of orders-db"),
        "to have reached [launch web tier, stop the writers of orders-db]",
        "'stop the writers of orders-db' is OWED");
  }

  @Test
  void aRunAsksNothingOfASiteThatWasDeclaredLost() throws InterruptedException {
    assertThat(lostRegion(true)).neverTouched(orders.primary(), cloud);
  }

  @Test
  void aRunThatAsksASiteIsSeenToDoSo() throws InterruptedException {
    RunReport report = lostRegion(false);

    assertFails(
        () -> assertThat(report).neverTouched(orders.primary(), cloud),
        "never to have touched us-east-1",
        "requests there");
  }

  @Test
  void whetherASiteWasAskedIsToldByTheCloudOfTheRunAndOfItsSitesAlone()
      throws InterruptedException {
    RunReport report = lostRegion(true);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(report).neverTouched(Site.region("us-est-1"), cloud))
        .withMessageContaining("no site us-est-1");
    FakeCloud other = FakeCloud.builder().seed(8).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(report).neverTouched(orders.primary(), other))
        .withMessageContaining("run " + report.run() + " asked nothing of this cloud, of seed 8");
  }

  @Test
  void aRunThatDidNotRecoverSaysWhy() throws InterruptedException {
    RunReport report = lostRegion(false);

    assertFails(
        () -> assertThat(report).recoveredWithin(Duration.ofDays(1)),
        "to have recovered within PT24H",
        "it did not recover: step 'stop the writers of orders-db' failed");
    assertFails(
        () -> assertThat(report).metItsObjective(),
        "to have met its objective, RecoveryObjective[rto=PT30M",
        "failed");
    assertFails(() -> assertThat(report).isExposed(), "to be exposed", "nothing is owed");
    assertThat(report).isNotExposed();
  }

  @Test
  void theTimelineTellsTheRunStepByStep() throws InterruptedException {
    RunReport report = lostRegion(true);

    assertThatThrownBy(() -> assertThat(report).recoveredWithin(Duration.ofMillis(1)))
        .message()
        .containsPattern("(?m)^\\+0:00:00\\.000  disruption$")
        .containsPattern("(?m)^\\+0:09:\\d\\d\\.\\d{3}  reached  an order can be placed$")
        .containsPattern("(?m)^\\+0:00:00\\.000  owed     stop the writers of orders-db: ")
        .containsPattern(
            "(?m)^\\+0:\\d\\d:\\d\\d\\.\\d{3}  run r2-\\w+ COMPLETED_WITH_EXCEPTIONS$");
  }

  @Test
  void aStepThatIsNotThereIsMisuse() throws InterruptedException {
    RunReport report = lostRegion(true);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(report).reached("lunch web tier"))
        .withMessageContaining("no step 'lunch web tier'");
  }

  @Test
  void aReportThatIsMissingFails() {
    assertThatThrownBy(() -> assertThat((RunReport) null).metItsObjective())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not to be null");
  }
}
