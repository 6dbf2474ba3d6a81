package io.drkit.testkit.steering;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process that takes a run over from one that died with a request on its way, or that lives and does not know. */
class TakeoverTest {
  private final VirtualTime time = VirtualTime.create();
  private final Lamps lamps = new Lamps(time);
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();

  private DrEngine engine(Duration requestTimeLimit) {
    return DrEngine.builder()
        .journal(journal)
        .leases(leases)
        .time(time)
        .requestTimeLimit(requestTimeLimit)
        .build();
  }

  private DrPlan plan() {
    return Orders.plan(
        DrStrategy.PILOT_LIGHT,
        RecoveryObjective.rto(ofSeconds(600)).rpo(ofSeconds(60)),
        builder -> builder
            .prepare("image", lamps.lamp("image", ofSeconds(5)))
            .provision("web", lamps.lamp("web", ofSeconds(5)))
            .redirect("names", lamps.lamp("names", ofSeconds(1))));
  }

  private DrEngine dyingWithARequestOnItsWay() {
    lamps.breakButton("web");
    DrEngine dying = engine(ofSeconds(20));
    dying.failover(plan(), Declaration.of("on-call"));
    time.advance(ofMillis(500));
    return dying;
  }

  private void aPreparationDiesWithARequestOnItsWay() {
    lamps.breakButton("image");
    DrEngine preparing = engine(ofSeconds(20));
    preparing.prepare(plan(), "deploy");
    time.advance(ofMillis(500));
    preparing.close();
  }

  private void assertTheThirdWaitsForTheFirst() throws InterruptedException {
    DrRun run = engine(ofSeconds(3)).resume(plan(), "carol", List.of());
    time.advance(ofMillis(19_900));
    assertThat(lamps.pressed()).isEmpty();
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void asksForNothingBeforeThePredecessorsRequestMustHaveEnded() throws Exception {
    dyingWithARequestOnItsWay().close();
    lamps.repair("web");

    DrRun run = engine(ofSeconds(3)).resume(plan(), "bob", List.of());
    time.advance(ofMillis(19_900));
    assertThat(lamps.pressed()).isEmpty();
    time.advance(ofSeconds(2));

    assertThat(lamps.pressed()).containsExactly("web");
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void waitsForTheRequestsOfBothWhereTheSuccessorDiesAsWell() throws Exception {
    dyingWithARequestOnItsWay().close();
    DrEngine between = engine(ofSeconds(3));
    between.resume(plan(), "bob", List.of());
    between.close();
    lamps.repair("web");
    assertTheThirdWaitsForTheFirst();
  }

  @Test
  void waitsForTheRequestsOfARunInWhoseSteadAnotherBegan() throws Exception {
    aPreparationDiesWithARequestOnItsWay();
    DrEngine between = engine(ofSeconds(3));
    between.failover(plan(), Declaration.of("bob"));
    between.close();
    lamps.repair("image");
    assertTheThirdWaitsForTheFirst();
  }

  @Test
  void aRunInTheSteadOfAnotherEndsNoSoonerThanThatOnesRequests() throws Exception {
    aPreparationDiesWithARequestOnItsWay();

    DrEngine engine = engine(ofSeconds(3));
    DrRun run = engine.failover(plan(), Declaration.of("bob"));
    run.cancel(Instruction.by("bob").because("false alarm"));
    time.advance(ofSeconds(19));
    assertThat(run.report().outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(run.await().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void waitsForARequestThatTheSuccessorGaveUpBeforeItDied() throws Exception {
    dyingWithARequestOnItsWay().close();
    DrEngine between = engine(ofSeconds(3));
    between.resume(plan(), "bob", List.of()).cancel(Instruction.by("bob").because("stop"));
    time.advance(ofMillis(500));
    between.close();
    lamps.repair("web");
    assertTheThirdWaitsForTheFirst();
  }

  @Test
  void doesNotWaitWhereNothingWasAskedFor() throws Exception {
    DrEngine dying = engine(ofSeconds(20));
    dying.failover(plan(), Declaration.of("on-call"));
    dying.close();

    engine(ofSeconds(20)).resume(plan(), "bob", List.of());
    time.advance(ofSeconds(2));

    assertThat(lamps.pressed()).containsExactly("web");
  }

  @Test
  void whoseRunIsGoneOnWithElsewhereStopsAndAsksForNothingMore() throws Exception {
    DrRun run = engine(ofSeconds(20)).failover(plan(), Declaration.of("on-call"));
    time.advance(ofSeconds(3));
    assertThat(lamps.pressed()).containsExactly("web");

    // Both hold a lease: only the journal tells the first process that it is not alone.
    DrEngine other = DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(time)
        .build();
    other.resume(plan(), "bob", List.of());
    other.close();
    int records = journal.read("orders").records().size();
    time.advance(ofMinutes(1));

    assertThat(lamps.lit()).containsExactly("web");
    assertThat(lamps.pressed()).containsExactly("web");
    assertThat(journal.read("orders").records()).hasSize(records);
    assertThatThrownBy(run::await).hasMessageContaining("was taken over by another process");
  }
}
