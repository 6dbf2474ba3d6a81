package io.drkit.testkit.steering;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.ApprovalRequest;
import io.drkit.CommitWindow;
import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RefusedException;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.report.TextReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeHost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clocks that are set, or behind. What an outage took, and what would be lost, is told all the same, or not at all. */
class WrongClocksTest {
  private static final Duration STOOD_STILL = ofMinutes(40);

  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final FakeHost host = cloud.addHost("runner");
  private final Lamps lamps = new Lamps(cloud.time());
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrEngine engine = engine(host);

  private DrEngine engine(FakeHost on) {
    return engine(on, journal);
  }

  private DrEngine engine(FakeHost on, Journal its) {
    return DrEngine.builder().journal(its).leases(leases).time(on.time()).build();
  }

  private DrPlan plan(String... provisions) {
    return plan(UnaryOperator.identity(), provisions);
  }

  private DrPlan plan(UnaryOperator<DrPlanBuilder> with, String... provisions) {
    return Orders.plan(
        DrStrategy.PILOT_LIGHT, RecoveryObjective.rto(ofHours(1)).rpo(ofMinutes(1)), builder -> {
          builder.redirect("names", lamps.lamp("names", Duration.ofSeconds(1)));
          for (String provision : provisions) {
            builder.provision(provision, lamps.lamp(provision, Duration.ofSeconds(5)));
          }
          return with.apply(builder);
        });
  }

  @BeforeEach
  void aFailoverFailsAndNobodyRunsItForAWhile() throws InterruptedException {
    lamps.breakButton("web");
    assertThat(engine.failover(plan("web"), Declaration.of("ann")).await().outcome())
        .isEqualTo(Outcome.FAILED);
    lamps.repair("web");
    cloud.time().advance(STOOD_STILL);
  }

  @Test
  void theProcessThatResumesItKnowsHowLongThatWas() throws InterruptedException {
    cloud.strike(Disaster.clockJump("runner", ofMinutes(-11)));
    RunReport report = engine.resume(plan("web"), "ann", List.of()).await();

    assertThat(report.rto().recovered()).isTrue();
    assertThat(report.rto().elapsed()).isGreaterThan(STOOD_STILL);
    assertThat(report.rto().atLeast()).isFalse();
  }

  @Test
  void nobodyCanTellWhenAProcessResumesItWhoseClockIsBehind() throws InterruptedException {
    FakeHost behind = cloud.addHost("behind").skew(ofHours(-2));
    RunReport report = engine(behind).resume(plan("web"), "bob", List.of()).await();

    assertThat(report.rto().recovered()).isTrue();
    assertThat(report.rto().elapsed()).isLessThan(STOOD_STILL);
    assertThat(report.rto().atLeast()).isTrue();
    assertMissed(report);
    assertThat(TextReport.of(report)).contains("RTO  at least ");
  }

  @Test
  void nobodyCanTellWhenAnotherFailoverIsDeclaredByAClockThatIsBehind()
      throws InterruptedException {
    FakeHost behind = cloud.addHost("behind").skew(ofHours(-2));
    RunReport report =
        engine(behind).failover(plan("other web"), Declaration.of("bob")).await();

    assertThat(report.rto().recovered()).isTrue();
    assertThat(report.rto().atLeast()).isTrue();
    assertMissed(report);
  }

  @Test
  void nobodyCanTellAfterARunOfWhichNobodyCouldTell() throws InterruptedException {
    DrEngine behind = engine(cloud.addHost("behind").skew(ofHours(-2)));
    lamps.breakButton("web");
    behind.resume(plan("web"), "bob", List.of()).await();
    cloud.time().advance(ofMinutes(100));
    RunReport report = behind.failover(plan("other web"), Declaration.of("bob")).await();

    assertThat(report.rto().recovered()).isTrue();
    assertMissed(report);
  }

  @Test
  void anotherFailoverKnowsHowLongTheOneBeforeTookWhileTheClockWasSetBack()
      throws InterruptedException {
    cloud.strike(Disaster.clockJump("runner", ofHours(-2)));
    lamps.breakButton("web");
    engine.resume(plan("web"), "ann", List.of()).await();
    cloud.time().advance(ofMinutes(125));
    RunReport report = engine.failover(plan("other web"), Declaration.of("ann")).await();

    assertThat(report.rto().recovered()).isTrue();
    assertThat(report.rto().elapsed()).isGreaterThan(STOOD_STILL.plusMinutes(125));
    assertThat(report.rto().atLeast()).isFalse();
  }

  @Test
  void anotherFailoverKnowsHowLongAgoItsProcessRanTheOneBefore() throws InterruptedException {
    cloud.strike(Disaster.clockJump("runner", ofMinutes(-11)));
    RunReport report = engine.failover(plan("other web"), Declaration.of("ann")).await();

    assertThat(report.rto().elapsed()).isGreaterThan(STOOD_STILL);
    assertThat(report.rto().atLeast()).isFalse();
  }

  @Test
  void whatCameBackBeforeIsToldAsItWas() throws InterruptedException {
    DrPlan plan = plan(
        builder -> builder.commitWindow(new CommitWindow(ofHours(9), CommitWindow.AtLimit.NONE)),
        "other web");
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    cloud.time().advance(ofMinutes(1));
    assertThat(run.report().rto().recovered()).isTrue();
    engine.close();
    DrEngine second = engine(host);
    second.resume(plan, "ann", List.of());
    second.close();
    DrRun next = engine(cloud.addHost("behind").skew(ofHours(-2))).resume(plan, "bob", List.of());
    cloud.time().advance(ofMinutes(1));

    assertThat(next.report().rto().elapsed()).isBetween(STOOD_STILL, ofHours(1));
    assertThat(next.report().rto().atLeast()).isFalse();
  }

  @Test
  void clocksOfTwoHostsMayDifferALittle() throws InterruptedException {
    DrEngine first = engine(host);
    first.resume(plan("web"), "ann", List.of());
    cloud.time().advance(Duration.ofSeconds(3));
    first.close();
    DrEngine next = engine(cloud.addHost("a little behind").skew(Duration.ofSeconds(-4)));
    RunReport report = next.resume(plan("web"), "bob", List.of()).await();

    assertThat(report.rto().atLeast()).isFalse();
    assertThat(report.rto().elapsed()).isBetween(STOOD_STILL, ofHours(1));
  }

  @Test
  void aProcessThatAnotherOneTookOverFromKnowsNothingOfThat() throws InterruptedException {
    lamps.breakButton("web");
    DrEngine behind = engine(cloud.addHost("behind").skew(ofHours(-2)));
    behind.resume(plan("web"), "bob", List.of()).await();
    lamps.repair("web");
    cloud.time().advance(ofMinutes(1));
    engine.resume(plan("web"), "ann", List.of()).await();

    assertThat(
            journal.read("orders").records().stream().filter(record -> record.contains("STEADY")))
        .isEmpty();
  }

  @Test
  void anInstantThatTheRunItselfShowsToBeOverIsNoneInTheFuture() throws InterruptedException {
    Instant since = cloud.time().now();
    cloud.strike(Disaster.clockJump("runner", ofHours(-2)));
    RunReport report =
        engine.failover(plan("other web"), Declaration.of("ann").since(since)).await();

    assertThat(report.rto().recovered()).isTrue();
  }

  private UnaryOperator<DrPlanBuilder> moving(FailoverAction fence) {
    return builder -> builder
        .fence("stop", fence)
        .replicator(lamps.dataset("db", Duration.ZERO))
        .promoteReplicas();
  }

  @Test
  void aPlannedMoveIsNotGoneOnWithByAClockThatIsBehind() throws InterruptedException {
    Journal another = Journal.inMemory();
    DrPlan plan = plan(moving(lamps.lamp("stop", Duration.ofSeconds(9))), "more");
    DrEngine first = engine(host, another);
    first.switchover(plan, Declaration.of("ann"));
    cloud.time().advance(Duration.ofSeconds(2));
    first.close();
    DrEngine next = engine(cloud.addHost("behind").skew(ofHours(-2)), another);

    assertThatThrownBy(() -> next.resume(plan, "bob", List.of()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("nobody can tell what its copies must hold");
    assertThat(first.reports("orders"))
        .last()
        .satisfies(report -> assertThat(report.outcome()).isEqualTo(Outcome.RUNNING));
  }

  @Test
  void aPlannedMoveThatHasPromotedAllIsGoneOnWithWhateverTheClock() throws InterruptedException {
    Journal another = Journal.inMemory();
    DrPlan plan = plan(moving(lamps.lamp("stop", Duration.ofSeconds(1))));
    lamps.breakButton("names");
    assertThat(engine(host, another).switchover(plan, Declaration.of("ann")).await())
        .reached("promote db");
    lamps.repair("names");
    DrEngine next = engine(cloud.addHost("behind").skew(ofHours(-2)), another);
    RunReport report = next.resume(plan, "bob", List.of()).await();

    assertThat(report.rto().recovered()).isTrue();
    assertMissed(report);
  }

  @Test
  void aPlannedMoveDoesNotBeginWhenNobodyCanTellSinceWhen() throws InterruptedException {
    DrEngine behind = engine(cloud.addHost("behind").skew(ofHours(-2)));
    lamps.breakButton("web");
    behind.resume(plan("web"), "bob", List.of()).await();
    cloud.time().advance(ofMinutes(100));
    DrPlan plan = plan(moving(lamps.lamp("stop", Duration.ofSeconds(1))));

    assertThatThrownBy(() -> engine.switchover(plan, Declaration.of("ann")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("fail over instead, which asks what may be lost");
  }

  @Test
  void aClockThatWasSetBackInTheMiddleOfARunIsNotCountedTwiceAfterIt() throws InterruptedException {
    cloud.strike(Disaster.clockJump("runner", ofHours(-2)));
    lamps.breakButton("web");
    engine.resume(plan("web"), "ann", List.of()).await();
    cloud.time().advance(ofMinutes(1));
    DrEngine other = engine(cloud.addHost("right"));
    RunReport report = other.failover(plan("other web"), Declaration.of("bob")).await();

    assertThat(report.rto().elapsed()).isBetween(STOOD_STILL, ofHours(1));
    assertThat(report.rto().atLeast())
        .as("it may also be the host that is right")
        .isTrue();
  }

  @Test
  void whatSomebodySaysOfALostSiteHoldsWhateverAnyClockSays() throws InterruptedException {
    Duration ago = STOOD_STILL.plusSeconds(10);
    Instant stopped = cloud.time().now().minus(ago);
    Site east = Site.region("us-east-1");
    lamps.lag("db", ago.plusSeconds(20));
    DrPlan plan = plan(builder -> builder
        .unfenced("not what the test is about")
        .replicator(lamps.dataset("db", Duration.ofSeconds(20)))
        .promoteReplicas());
    DrEngine behind = engine(cloud.addHost("behind").skew(ofHours(-2)));
    RunReport report = behind
        .failover(
            plan,
            Declaration.of("bob")
                .since(stopped.minusSeconds(9))
                .stopped(stopped)
                .lost(east))
        .await();

    assertThat(report.declaration().stopped()).contains(stopped);
    assertThat(report.losses())
        .allSatisfy(loss -> assertThat(loss.length()).contains(Duration.ofSeconds(20)));
    assertThat(report.rpoMet()).isTrue();
    assertThat(report.rtoMet()).isFalse();
    assertThat(report.asOf()).isAfter(report.startedAt());
  }

  @Test
  void whatWasSeenOfACopyBeforeTheMachineWasSuspendedIsNotActedOnAfterwards()
      throws InterruptedException {
    lamps.whenSeen("db", () -> host.jump(ofMinutes(30)));
    DrPlan plan = plan(builder -> builder
        .unfenced("not what the test is about")
        .replicator(lamps.dataset("db", Duration.ofSeconds(5)))
        .promoteReplicas());
    DrRun run = engine.failover(plan, Declaration.of("ann"));
    cloud.time().advance(ofMinutes(2));

    assertThat(run.approvals()).extracting(ApprovalRequest::step).containsExactly("promote db");
    assertThat(run.report().step("promote db").requests()).isZero();
  }

  private static void assertMissed(RunReport report) {
    assertThat(report.rtoMet()).isFalse();
    assertThat(report.objectiveMet()).isFalse();
    assertThat(report.problems())
        .anySatisfy(problem -> assertThat(problem)
            .contains(
                "the RTO of PT1H was missed", "longer than", "and nobody can tell by how much"));
    assertThatThrownBy(() -> assertThat(report).recoveredWithin(ofHours(9)))
        .hasMessageContaining("the outage took at least");
  }
}
