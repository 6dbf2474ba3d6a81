package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.drkit.ActionContext;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.testkit.FakeContext;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link FailoverAction} must hold: what the engine relies on when it resumes after a crash, asks again, takes back and
 * leaves a lost site alone. Extend it for an action of your own; a green class is one that the engine can run.
 */
public abstract class FailoverActionContract {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
  private static final int MOST_LOOKS = 400;

  /** For those who extend it. */
  protected FailoverActionContract() {}

  /**
   * Returns a world in which the action's state is pending: the same each time, and a new one.
   *
   * @throws Exception if it cannot be made; fails the test
   */
  protected abstract ActionUnderTest world() throws Exception;

  /**
   * Looking changes nothing, may be done any number of times, and says the same as long as nothing else happens.
   *
   * @throws Exception fails the test
   */
  @Test
  public void lookingChangesNothing() throws Exception {
    ActionUnderTest world = world();
    Object before = world.changed();
    FailoverAction action = world.action();
    FakeContext context = world.context();

    Progress first = action.observe(context);
    Progress again = action.observe(context);
    Progress elsewhere = world.action().observe(world.context());

    assertThat(first.kind()).as(first.detail()).isEqualTo(Progress.Kind.PENDING);
    assertThat(first.detail()).isNotBlank();
    assertThat(again.kind()).isEqualTo(Progress.Kind.PENDING);
    assertThat(elsewhere.kind()).isEqualTo(Progress.Kind.PENDING);
    assertThat(world.changed()).isEqualTo(before);
  }

  /**
   * What is asked for is reached, and stays so.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatIsAskedForIsReached() throws Exception {
    ActionUnderTest world = world();
    FakeContext context = world.context();

    reach(world, context);

    Object reached = world.changed();
    assertThat(world.action().observe(context).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(world.changed()).isEqualTo(reached);
  }

  /**
   * Another process that takes the run over finds what was asked for, and does not take it for pending.
   *
   * @throws Exception fails the test
   */
  @Test
  public void anotherProcessFindsWhatWasAskedFor() throws Exception {
    ActionUnderTest world = world();
    FakeContext context = world.context();
    FailoverAction action = world.action();
    if (isUnsafe(action)) {
      return;
    }
    context.apply(action);
    FakeContext other = context.takenOver();
    world.pass(settles(action));

    Progress seen = world.action().observe(other);

    assertThat(seen.kind()).as(seen.detail()).isIn(Progress.Kind.UNDERWAY, Progress.Kind.REACHED);
    awaitReached(world, other);
  }

  /**
   * A request that is repeated, because its answer was lost, has one effect. What the promise of the action allows to repeat is
   * repeated at once; the effect of an observed one is looked for first.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aRepeatedRequestHasOneEffect() throws Exception {
    ActionUnderTest once = world();
    if (isUnsafe(once.action())) {
      return;
    }
    reach(once, once.context());
    ActionUnderTest twice = world();
    FakeContext context = twice.context();
    context.apply(twice.action());

    FakeContext other = context.takenOver();
    FailoverAction again = twice.action();
    if (again.repeatability().kind() == Repeatability.Kind.OBSERVED) {
      twice.pass(settles(again));
      if (again.observe(other).kind() == Progress.Kind.PENDING) {
        other.apply(again);
      }
    } else {
      other.apply(again);
    }
    awaitReached(twice, other);

    assertThat(twice.changed()).isEqualTo(once.changed());
  }

  /**
   * What an action says of itself is the same in every process.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatItSaysOfItselfIsTheSameEverywhere() throws Exception {
    ActionUnderTest world = world();
    FailoverAction here = world.action();
    FailoverAction there = world().action();

    assertThat(here.describe()).isNotBlank().doesNotContain("\n").isEqualTo(there.describe());
    assertThat(here.repeatability()).isEqualTo(there.repeatability());
    assertThat(here.reversibility()).isEqualTo(there.reversibility());
    assertThat(here.estimate()).isEqualTo(there.estimate());
    here.estimate()
        .ifPresent(estimate -> assertThat(estimate).isGreaterThanOrEqualTo(Duration.ZERO));
    FakeContext context = world.context();
    assertThat(here.needs(context.direction()))
        .doesNotContainNull()
        .isEqualTo(there.needs(context.direction()));
    reach(world, context);
    assertThat(here.describe()).isEqualTo(there.describe());
  }

  /**
   * Whatever an action calls it has said that it needs: an assessment goes by that.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatItCallsItSaysThatItNeeds() throws Exception {
    ActionUnderTest world = world();
    FakeContext context = world.context();

    reach(world, context);

    assertThat(world.action().needs(context.direction())).containsAll(context.called());
  }

  /**
   * An action that says it can be taken back brings the world back to what it was, by what was journaled before it was asked for.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatCanBeTakenBackIs() throws Exception {
    ActionUnderTest world = world();
    FakeContext context = world.context();
    FailoverAction action = world.action();
    Object before = world.changed();
    Evidence journaled = ((Progress.Pending) action.observe(context)).before();
    Optional<FailoverAction> undo = action.undo(journaled);
    if (action.reversibility() == Reversibility.ONE_WAY) {
      assertThat(undo).isEmpty();
    }
    if (action.reversibility() != Reversibility.REVERSIBLE || undo.isEmpty()) {
      return;
    }
    reach(world, context);
    assertThat(world.changed()).isNotEqualTo(before);

    FakeContext back = world.context().run("run-2");
    if (undo.get().observe(back).kind() == Progress.Kind.PENDING) {
      back.apply(undo.get());
    }
    awaitReached(world, undo.get(), back);

    assertThat(world.changed()).isEqualTo(before);
  }

  /**
   * What cannot be read is neither reached nor pending: the one would flatter, and the other asks again.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whatCannotBeReadIsNotGuessed() throws Exception {
    ActionUnderTest pending = world();
    pending.silence();
    assertNotGuessed(pending, pending.context());

    ActionUnderTest reached = world();
    FakeContext context = reached.context();
    reach(reached, context);
    reached.silence();
    assertNotGuessed(reached, context);
  }

  private static void assertNotGuessed(ActionUnderTest world, ActionContext context) {
    Progress seen;
    try {
      seen = world.action().observe(context);
    } catch (Exception unreadable) {
      return;
    }
    assertThat(seen.kind()).as(seen.detail()).isIn(Progress.Kind.UNKNOWN, Progress.Kind.BLOCKED);
  }

  /**
   * A site that was declared lost is not called: what needs nothing there is reached without it, and what does is not called done.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aSiteThatWasDeclaredLostIsLeftAlone() throws Exception {
    ActionUnderTest world = world();
    FakeContext context = world.context();
    context.lost(context.from());
    Object before = world.changed();

    boolean reached = false;
    try {
      reach(world, context);
      reached = true;
    } catch (Exception | AssertionError unreachable) {
      // Whether that was right is judged by what the action says that it needs.
    }

    assertThat(context.called())
        .noneMatch(need -> !need.global() && need.site().isIn(context.from()));
    if (world.action().needs(context.direction()).stream()
        .noneMatch(need -> isLost(need, context))) {
      assertThat(reached).as("reached without " + context.from()).isTrue();
    } else if (!reached) {
      assertThat(world.changed()).isEqualTo(before);
    }
  }

  private static boolean isLost(Need need, FakeContext context) {
    return !need.global() && need.site().isIn(context.from());
  }

  private static boolean isUnsafe(FailoverAction action) {
    return action.repeatability().kind() == Repeatability.Kind.UNSAFE;
  }

  private static Duration settles(FailoverAction action) {
    return action.repeatability().kind() == Repeatability.Kind.OBSERVED
        ? action.repeatability().time()
        : Duration.ZERO;
  }

  private static void reach(ActionUnderTest world, FakeContext context) throws Exception {
    Progress seen = world.action().observe(context);
    assertThat(seen.kind()).as(seen.detail()).isEqualTo(Progress.Kind.PENDING);
    context.apply(world.action());
    awaitReached(world, context);
  }

  private static void awaitReached(ActionUnderTest world, FakeContext context) throws Exception {
    awaitReached(world, world.action(), context);
  }

  private static void awaitReached(
      ActionUnderTest world, FailoverAction action, FakeContext context) throws Exception {
    Progress seen = action.observe(context);
    for (int look = 0; look < MOST_LOOKS && seen.kind() != Progress.Kind.REACHED; look++) {
      world.pass(BETWEEN_LOOKS);
      seen = action.observe(context);
    }
    if (seen.kind() != Progress.Kind.REACHED) {
      fail("'" + action.describe() + "' is not reached: " + seen);
    }
  }
}
