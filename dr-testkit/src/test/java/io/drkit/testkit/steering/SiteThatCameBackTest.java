package io.drkit.testkit.steering;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.ApprovalRequest;
import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RefusedException;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Invariants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A site is declared lost, the failover cannot go on, and while nobody runs it, the site comes back, unfenced, and takes orders for a
 * while. Whoever resumes the failover then loses these as well.
 */
class SiteThatCameBackTest {
  private static final Duration LOST_FOR = ofMinutes(10);
  /** When somebody resumes it, within its RTO. */
  private static final Duration GONE_ON = ofMinutes(25);

  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT);
  private final Site east = orders.primary();
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private DrEngine engine = engine();
  private Instant lost = cloud.time().now();

  private DrEngine engine() {
    return engine(journal, cloud.time());
  }

  private DrEngine behind() {
    return engine(journal, cloud.addHost("behind").skew(ofHours(-1)).time());
  }

  private DrEngine engine(Journal its, TimeSource time) {
    return DrEngine.builder().journal(its).leases(leases).time(time).build();
  }

  @BeforeEach
  void aFailoverThatNeverCameToItsPromotion() throws InterruptedException {
    engine.prepare(orders.plan(), "deploy").await();
    cloud.time().advance(ofHours(1));
    lost = cloud.time().now();
    cloud.strike(Disaster.linkLoss(east).lasting(LOST_FOR));
    cloud.strike(Disaster.replicationStall("orders-db").lasting(ofHours(2)));
    cloud.strike(Disaster.controlPlaneLoss(orders.recovery()).lasting(ofMinutes(20)));
    cloud.time().advance(ofMinutes(1));
    RunReport failed = engine
        .failover(orders.plan(), Declaration.of("ann").since(lost).lost(east))
        .await();
    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    cloud.time().advance(Duration.between(cloud.time().now(), lost.plus(GONE_ON)));
  }

  private RunReport consentedTo(DrRun run) throws InterruptedException {
    cloud.time().advance(ofMinutes(1));
    for (ApprovalRequest request : run.approvals()) {
      run.approve(request, Instruction.by("data owner"));
    }
    return run.await();
  }

  private static Duration loss(RunReport report) {
    return report.losses().stream()
        .filter(loss -> loss.dataset().equals("orders-db"))
        .findFirst()
        .orElseThrow()
        .length()
        .orElseThrow();
  }

  /** Nobody fenced it: that it took orders after the promotion as well, the truth tells too. */
  private void assertNothingIsFlattered() {
    assertThat(Invariants.broken(orders, engine.reports("orders")))
        .allMatch(sentence -> sentence.startsWith("split brain"));
  }

  @Test
  void itIsFencedUnlessItIsDeclaredLostOnceMoreAndWhatItTookUntilThenIsAskedFor()
      throws InterruptedException {
    RunReport report = consentedTo(engine.resume(orders.plan(), "bob", List.of()));

    assertThat(report).reached("stop the writers of orders-db").reached("promote orders-db");
    assertThat(report.declaration().lost()).isEmpty();
    assertThat(loss(report)).isBetween(GONE_ON, GONE_ON.plusMinutes(2));
    assertThat(report.losses()).allMatch(loss -> loss.silentSince().isEmpty());
    assertThat(Invariants.broken(orders, engine.reports("orders"))).isEmpty();
  }

  @Test
  void whatItMayHaveTakenWhileNoProcessSawToTheRunIsAskedForAndCountedAsLost()
      throws InterruptedException {
    engine.resume(orders.plan(), "bob", List.of(east), cloud.time().now());
    engine.close();
    cloud.time().advance(ofMinutes(2));
    engine = engine();
    DrRun run = engine.resume(orders.plan(), "carol", List.of());
    cloud.time().advance(ofMinutes(1));
    assertThat(run.approvals())
        .extracting(ApprovalRequest::loss)
        .anySatisfy(loss -> assertThat(loss)
            .contains("orders-db", east + " may have come back since it was declared lost"));
    RunReport report = consentedTo(run);

    assertThat(report).reached("promote orders-db");
    assertThat(loss(report)).isGreaterThan(GONE_ON);
    assertThat(report.losses())
        .as("what it writes afterwards is not counted")
        .allMatch(loss -> loss.silentSince().equals(report.endedAt()));
    assertThat(report.exposed())
        .anySatisfy(sentence ->
            assertThat(sentence).contains("somebody wrote there for as long as the run went on"));
    assertNothingIsFlattered();
  }

  @Test
  void itWroteUntilTheResumptionThatDeclaresItLostOnceMore() throws InterruptedException {
    cloud.strike(Disaster.linkLoss(east).lasting(ofHours(4)));
    Instant resumed = cloud.time().now();
    DrRun run = engine.resume(orders.plan(), "bob", List.of(east));
    RunReport report = consentedTo(run);

    assertThat(report).reached("promote orders-db");
    assertThat(loss(report)).isBetween(GONE_ON, GONE_ON.plusSeconds(30));
    assertThat(report.declaration().stopped()).contains(resumed);
    assertThat(report.losses()).allMatch(loss -> loss.silentSince().equals(Optional.of(resumed)));
    assertNothingIsFlattered();
  }

  @Test
  void whoeverKnowsWhenItStoppedForGoodSaysSo() throws InterruptedException {
    cloud.strike(Disaster.linkLoss(east).lasting(ofHours(4)));
    Instant stopped = cloud.time().now();
    cloud.time().advance(ofMinutes(2));
    RunReport report = consentedTo(engine.resume(orders.plan(), "bob", List.of(east), stopped));

    assertThat(report).reached("promote orders-db");
    assertThat(loss(report)).isBetween(GONE_ON, GONE_ON.plusSeconds(30));
    assertThat(report.losses()).allMatch(loss -> loss.silentSince().equals(Optional.of(stopped)));
    assertThat(report.exposed())
        .anySatisfy(sentence ->
            assertThat(sentence).contains("nobody wrote there after the instant that each names"));
    assertNothingIsFlattered();
  }

  @Test
  void nobodyCanTellWhatItTookWhenAProcessGoesOnWhoseClockIsBehind() throws InterruptedException {
    RunReport report = consentedTo(behind().resume(orders.plan(), "bob", List.of(east)));

    assertThat(report).reached("promote orders-db");
    assertThat(report.losses()).allMatch(loss -> loss.length().isEmpty());
    assertThat(report.rpoMet()).isFalse();
    assertNothingIsFlattered();
  }

  @Test
  void itsFenceIsNoProofOfALossWhenTheClockOfWhoeverProvedItIsBehind() throws InterruptedException {
    DrRun run = behind().resume(orders.plan(), "bob", List.of());
    cloud.time().advance(ofMinutes(1));
    assertThat(run.approvals())
        .extracting(ApprovalRequest::loss)
        .anySatisfy(loss ->
            assertThat(loss).contains("how much of 'orders-db' would be lost cannot be told"));
    RunReport report = consentedTo(run);

    assertThat(report).reached("stop the writers of orders-db").reached("promote orders-db");
    assertThat(report.losses()).allMatch(loss -> loss.length().isEmpty());
  }

  @Test
  void aConsentIsToWhatWasTold() throws InterruptedException {
    DrRun first = engine.resume(orders.plan(), "bob", List.of(east));
    cloud.time().advance(ofMinutes(1));
    ApprovalRequest old = first.approvals().get(0);
    engine.close();
    cloud.time().advance(ofMinutes(5));
    engine = engine();
    DrRun run = engine.resume(orders.plan(), "carol", List.of(east));
    cloud.time().advance(ofMinutes(1));

    assertThat(run.approvals()).isNotEmpty();
    assertThatThrownBy(() -> run.approve(old, Instruction.by("data owner")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("look at its requests again");
  }

  @Test
  void aRunThatMovesNothingLosesNothing() throws InterruptedException {
    Journal another = Journal.inMemory();
    cloud.strike(Disaster.controlPlaneLoss(orders.recovery()).lasting(ofHours(1)));
    try (DrEngine engine = engine(another, cloud.time())) {
      assertThat(engine.prepare(orders.plan(), "deploy").await().outcome())
          .isEqualTo(Outcome.FAILED);
      assertThatThrownBy(() ->
              engine.resume(orders.plan(), "bob", List.of(east), cloud.time().now()))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("is a PREPARE, which loses nothing; leave it out");
    }
  }

  @Test
  void aWordThatCannotBeIsRefusedAndTheRunStaysAsItWas() {
    Instant now = cloud.time().now();
    assertThatThrownBy(() -> engine.resume(orders.plan(), "bob", List.of(), now))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("until when us-east-1 wrote", "name it there as well");
    assertThatThrownBy(() -> engine.resume(orders.plan(), "bob", List.of(east), now.plusSeconds(1)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("is in the future");
    assertThatThrownBy(
            () -> engine.resume(orders.plan(), "bob", List.of(east), lost.minusSeconds(1)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("is before since");
    assertThat(engine.reports("orders"))
        .last()
        .satisfies(report -> assertThat(report.outcome()).isEqualTo(Outcome.FAILED));
  }
}
