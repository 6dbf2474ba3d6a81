package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.testkit.FakeContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Replicator} must hold: how its wanted states follow on each other, and that no recovery point which it tells is
 * better than the truth.
 */
public abstract class ReplicatorContract {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
  private static final Duration A_WHILE = Duration.ofMinutes(10);
  private static final int MOST_LOOKS = 400;

  /** For those who extend it. */
  protected ReplicatorContract() {}

  /**
   * Returns a world in which the dataset has no copy: the same each time, and a new one.
   *
   * @throws Exception if it cannot be made; fails the test
   */
  protected abstract ReplicaUnderTest world() throws Exception;

  /**
   * A replicator says the same of itself in every process, and its three states tell themselves apart.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatItSaysOfItselfIsTheSameEverywhere() throws Exception {
    ReplicaUnderTest world = world();
    Replicator here = world.replicator();
    Replicator there = world.replicator();

    assertThat(here.dataset()).isNotBlank().isEqualTo(there.dataset());
    assertThat(here.kind()).isEqualTo(there.kind());
    assertThat(here.established().describe()).isEqualTo(there.established().describe());
    assertThat(here.promoted().describe())
        .isEqualTo(there.promoted().describe())
        .isNotEqualTo(here.established().describe());
    assertThat(here.retired().describe())
        .isEqualTo(there.retired().describe())
        .isNotEqualTo(here.promoted().describe());
  }

  /**
   * Without a copy there is no recovery point, and nothing to promote.
   *
   * @throws Exception fails the test
   */
  @Test
  public void withoutACopyThereIsNothingToPromote() throws Exception {
    ReplicaUnderTest world = world();
    FakeContext context = world.context();

    ReplicationStatus status = world.replicator().status(context);

    assertThat(status.state())
        .isIn(ReplicationStatus.State.ABSENT, ReplicationStatus.State.UNKNOWN);
    assertThat(status.recoveryPoint().completeUntil()).isEmpty();
    assertThat(status.lag()).isEmpty();
    assertThat(world.replicator().promoted().observe(context).kind())
        .isNotEqualTo(Progress.Kind.REACHED);
  }

  /**
   * Once established, copies flow: again from the start there is nothing to ask for, and the lag is known.
   *
   * @throws Exception fails the test
   */
  @Test
  public void copiesFlowOnceTheyAreEstablished() throws Exception {
    ReplicaUnderTest world = world();
    FakeContext context = world.context();
    establish(world, context);
    world.pass(A_WHILE);

    ReplicationStatus status = world.replicator().status(context);

    assertThat(status.state()).as(status.detail()).isEqualTo(ReplicationStatus.State.FLOWING);
    assertThat(status.recoveryPoint().dataset()).isEqualTo(world.replicator().dataset());
    assertThat(status.lag().orElseThrow()).isGreaterThanOrEqualTo(Duration.ZERO);
    assertNotBetterThanTruth(world, status.recoveryPoint());
    assertThat(world.replicator().established().observe(context).kind())
        .isEqualTo(Progress.Kind.REACHED);
  }

  /**
   * A pending promotion says what it would give at least, and one that is reached what it gave: neither is better than the truth, and
   * the second is not worse than the first.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aPromotionTellsItsRecoveryPointBeforeAndAfter() throws Exception {
    ReplicaUnderTest world = world();
    FakeContext context = world.context();
    establish(world, context);
    world.pass(A_WHILE);
    world.loseSource();
    context.lost(context.from());
    context.forget();

    RecoveryPoint before = pendingPoint(world, context);
    assertNotBetterThanTruth(world, before);
    context.apply(world.replicator().promoted());
    Evidence evidence = awaitReached(world, world.replicator().promoted(), context);

    evidence.recoveryPoint().ifPresent(after -> {
      assertThat(after.dataset()).isEqualTo(world.replicator().dataset());
      assertNotBetterThanTruth(world, after);
      assertThat(after.completeUntil().orElse(Instant.MAX))
          .isAfterOrEqualTo(before.completeUntil().orElse(Instant.MIN));
    });
    assertThat(world.replicator().status(context).state())
        .isEqualTo(ReplicationStatus.State.PROMOTED);
  }

  private static RecoveryPoint pendingPoint(ReplicaUnderTest world, FakeContext context)
      throws Exception {
    Progress seen = world.replicator().promoted().observe(context);
    assertThat(seen).as(seen.detail()).isInstanceOf(Progress.Pending.class);
    return ((Progress.Pending) seen).before().recoveryPoint().orElseThrow();
  }

  /**
   * A promotion calls nothing in a site that was declared lost, and does not try to.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aPromotionLeavesALostSiteAlone() throws Exception {
    ReplicaUnderTest world = world();
    FakeContext context = world.context();
    establish(world, context);
    FakeContext failover = world.context().run("run-2");
    failover.lost(failover.from());
    FailoverAction promoted = world.replicator().promoted();

    promoted.observe(failover);
    failover.apply(promoted);
    awaitReached(world, promoted, failover);
    world.replicator().status(failover);

    assertThat(failover.refused()).isEmpty();
    assertThat(failover.called()).noneMatch(need -> need.site().isIn(failover.from()));
    assertThat(promoted.needs(failover.direction()))
        .noneMatch(need -> !need.global() && need.site().isIn(failover.from()));
  }

  /**
   * Lag that cannot be read is the worst case, never none.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aLagThatCannotBeReadIsUnknown() throws Exception {
    ReplicaUnderTest world = world();
    FakeContext context = world.context();
    establish(world, context);
    world.pass(A_WHILE);
    world.silence();

    Optional<ReplicationStatus> status = read(() -> world.replicator().status(context));
    status.ifPresent(told -> {
      assertThat(told.lag()).as(told.detail()).isEmpty();
      assertThat(told.recoveryPoint().completeUntil()).isEmpty();
    });
    Optional<Progress> seen = read(() -> world.replicator().promoted().observe(context));
    seen.ifPresent(told -> {
      assertThat(told.kind()).isNotEqualTo(Progress.Kind.REACHED);
      if (told instanceof Progress.Pending pending) {
        assertThat(pending.before().recoveryPoint().orElseThrow().completeUntil())
            .isEmpty();
      }
    });
  }

  private interface Reading<T> {
    T read() throws Exception;
  }

  /** What is read; nothing if it could not be told, which is an answer as well. */
  private static <T> Optional<T> read(Reading<T> reading) {
    try {
      return Optional.of(reading.read());
    } catch (Exception untold) {
      return Optional.empty();
    }
  }

  /**
   * Once the copy was promoted and the old site is back, what that held is kept under a name of its own, and copies can flow the other
   * way. Nothing is deleted.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatWasLeftIsKeptAndCopiesFlowBack() throws Exception {
    ReplicaUnderTest world = world();
    FakeContext context = world.context();
    establish(world, context);
    world.pass(A_WHILE);
    world.loseSource();
    context.lost(context.from());
    FailoverAction promoted = world.replicator().promoted();
    promoted.observe(context);
    context.apply(promoted);
    awaitReached(world, promoted, context);
    world.healSource();
    Object held = world.heldAtSource();
    FakeContext back = world.back().run("run-2");
    FailoverAction retired = world.replicator().retired();

    Progress seen = retired.observe(back);
    assertThat(seen.kind()).as(seen.detail()).isEqualTo(Progress.Kind.PENDING);
    back.apply(retired);
    Evidence kept = awaitReached(world, retired, back);

    assertThat(kept.facts()).as("the name of what was kept").isNotEmpty();
    assertThat(world.heldAtSource()).isEqualTo(held);
    FakeContext flows = world.back().run("run-2").step("establish");
    bringAbout(world, world.replicator().established(), flows);
  }

  private static void assertNotBetterThanTruth(ReplicaUnderTest world, RecoveryPoint point) {
    Optional<Instant> truth = world.completeUntil();
    if (point.completeUntil().isPresent() && truth.isPresent()) {
      assertThat(point.completeUntil().get())
          .as(point.basis())
          .isBeforeOrEqualTo(truth.get())
          .isBeforeOrEqualTo(world.now());
    }
  }

  private static void establish(ReplicaUnderTest world, FakeContext context) throws Exception {
    Progress seen = world.replicator().established().observe(context);
    assertThat(seen.kind()).as(seen.detail()).isEqualTo(Progress.Kind.PENDING);
    bringAbout(world, world.replicator().established(), context);
  }

  private static void bringAbout(ReplicaUnderTest world, FailoverAction action, FakeContext context)
      throws Exception {
    if (action.observe(context).kind() == Progress.Kind.PENDING) {
      context.apply(action);
    }
    awaitReached(world, action, context);
  }

  private static Evidence awaitReached(
      ReplicaUnderTest world, FailoverAction action, FakeContext context) throws Exception {
    Progress seen = action.observe(context);
    for (int look = 0; look < MOST_LOOKS; look++) {
      if (seen instanceof Progress.Reached reached) {
        return reached.evidence();
      }
      world.pass(BETWEEN_LOOKS);
      seen = action.observe(context);
    }
    return fail("'" + action.describe() + "' is not reached: " + seen);
  }
}
