package io.drkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.Reversibility;
import io.drkit.Site;
import io.drkit.testkit.contract.ActionUnderTest;
import io.drkit.testkit.contract.FailoverActionContract;
import io.drkit.testkit.contract.ReplicaUnderTest;
import io.drkit.testkit.contract.ReplicatorContract;
import io.drkit.testkit.contract.Strictness;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contracts of actions and replicators are broken by whoever has a bug of a kind that the engine could not bear. */
class StrictContractsTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  /** What is wrong with an action, and the test that fails for it at least. */
  enum WrongAction {
    NOTHING(""),
    LOOKING_CHANGES_THE_WORLD("lookingChangesNothing"),
    IT_IS_NEVER_REACHED("whatIsAskedForIsReached"),
    TOKENS_ARE_IGNORED("aRepeatedRequestHasOneEffect"),
    ANOTHER_PROCESS_KNOWS_NOTHING("anotherProcessFindsWhatWasAskedFor"),
    ITS_NAME_CHANGES("whatItSaysOfItselfIsTheSameEverywhere"),
    ITS_NEEDS_ARE_HIDDEN("whatItCallsItSaysThatItNeeds"),
    UNDOING_DOES_NOTHING("whatCanBeTakenBackIs"),
    SILENCE_IS_REACHED("whatCannotBeReadIsNotGuessed"),
    SILENCE_IS_PENDING("whatCannotBeReadIsNotGuessed"),
    THE_LOST_SITE_IS_NEEDED_SILENTLY("aSiteThatWasDeclaredLostIsLeftAlone");

    private final String found;

    WrongAction(String found) {
      this.found = found;
    }
  }

  /** What is wrong with a replicator, and the test that fails for it at least. */
  enum WrongReplicator {
    NOTHING(""),
    UNREADABLE_LAG_IS_NONE("aLagThatCannotBeReadIsUnknown"),
    ITS_POINT_FLATTERS("aPromotionTellsItsRecoveryPointBeforeAndAfter"),
    A_PROMOTION_ASKS_THE_SOURCE("aPromotionLeavesALostSiteAlone"),
    NOTHING_IS_KEPT("whatWasLeftIsKeptAndCopiesFlowBack"),
    NO_COPY_IS_A_COPY("withoutACopyThereIsNothingToPromote"),
    ITS_NAME_CHANGES("whatItSaysOfItselfIsTheSameEverywhere"),
    COPIES_NEVER_FLOW("copiesFlowOnceTheyAreEstablished");

    private final String found;

    WrongReplicator(String found) {
      this.found = found;
    }
  }

  private static WrongAction wrongAction = WrongAction.NOTHING;
  private static WrongReplicator wrongReplicator = WrongReplicator.NOTHING;

  @ParameterizedTest
  @EnumSource(WrongAction.class)
  void aWrongActionIsFound(WrongAction wrong) {
    wrongAction = wrong;

    Strictness.assertFound(wrong.found, LampsThatAreLit.class);
  }

  @ParameterizedTest
  @EnumSource(WrongReplicator.class)
  void aWrongReplicatorIsFound(WrongReplicator wrong) {
    wrongReplicator = wrong;

    Strictness.assertFound(wrong.found, CopiesOfOrders.class);
  }

  @Test
  void everyTestOfAnActionsContractFindsSomething() {
    assertThat(List.of(WrongAction.values()))
        .extracting(wrong -> wrong.found)
        .containsAll(Strictness.testsOf(FailoverActionContract.class));
  }

  @Test
  void everyTestOfAReplicatorsContractFindsSomething() {
    assertThat(List.of(WrongReplicator.values()))
        .extracting(wrong -> wrong.found)
        .containsAll(Strictness.testsOf(ReplicatorContract.class));
  }

  static class LampsThatAreLit extends FailoverActionContract {
    @Override
    protected ActionUnderTest world() {
      return new House();
    }
  }

  /** A house with lamps, of which two are wanted. */
  private static final class House implements ActionUnderTest {
    private final VirtualTime time = VirtualTime.create();
    private final Set<String> tokens = new HashSet<>();
    private int lit;
    private boolean dark;

    @Override
    public FailoverAction action() {
      return new Lamps(this, 2);
    }

    @Override
    public FakeContext context() {
      return FakeContext.of(time, EAST, WEST);
    }

    @Override
    public Object changed() {
      return lit;
    }

    @Override
    public void pass(Duration duration) {
      time.advance(duration);
    }

    @Override
    public void silence() {
      dark = true;
    }
  }

  private record Lamps(House house, int wanted) implements FailoverAction {
    @Override
    public String describe() {
      return wanted + " lamps are lit"
          + (wrongAction == WrongAction.ITS_NAME_CHANGES
              ? " in house " + System.identityHashCode(house)
              : "");
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      if (wrongAction == WrongAction.THE_LOST_SITE_IS_NEEDED_SILENTLY) {
        context.call(Need.control("lamps", context.from()), () -> "a look at the old house");
      }
      return context.call(Need.control("lamps", context.to()), () -> look(context));
    }

    private Progress look(ActionContext context) {
      if (house.dark) {
        return switch (wrongAction) {
          case SILENCE_IS_REACHED -> Progress.reached();
          case SILENCE_IS_PENDING -> Progress.pending("nothing is lit");
          default -> Progress.unknown("it is dark");
        };
      }
      if (wrongAction == WrongAction.LOOKING_CHANGES_THE_WORLD) {
        house.lit++;
      }
      boolean forgotten = wrongAction == WrongAction.ANOTHER_PROCESS_KNOWS_NOTHING
          && context.askedAt().isPresent()
          && !context.applied();
      return (wanted == 0 ? house.lit == 0 : house.lit >= wanted)
              && !forgotten
              && wrongAction != WrongAction.IT_IS_NEVER_REACHED
          ? Progress.reached()
          : Progress.pending(house.lit + " are lit", Evidence.of("lit", "" + house.lit));
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      context.call(Need.control("lamps", context.to()), () -> {
        if (wanted == 0) {
          house.lit = wrongAction == WrongAction.UNDOING_DOES_NOTHING ? house.lit : 0;
        } else if (house.tokens.add(context.token("light"))
            || wrongAction == WrongAction.TOKENS_ARE_IGNORED) {
          house.lit += wanted;
        }
        return house;
      });
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.tokened(Duration.ofDays(1));
    }

    @Override
    public Reversibility reversibility() {
      return Reversibility.REVERSIBLE;
    }

    @Override
    public Optional<FailoverAction> undo(Evidence before) {
      return Optional.of(new Lamps(house, Integer.parseInt(before.facts().get("lit"))));
    }

    @Override
    public List<Need> needs(Direction direction) {
      return wrongAction == WrongAction.ITS_NEEDS_ARE_HIDDEN
          ? List.of()
          : List.of(Need.control("lamps", direction.to()));
    }
  }

  static class CopiesOfOrders extends ReplicatorContract {
    @Override
    protected ReplicaUnderTest world() {
      return new WrongShop(FakeReplicatorContractTest.shop());
    }
  }

  /** A shop whose replicator may be wrong. */
  private record WrongShop(ReplicaUnderTest shop) implements ReplicaUnderTest {
    @Override
    public Replicator replicator() {
      return new WrongCopies(shop.replicator());
    }

    @Override
    public FakeContext context() {
      return shop.context();
    }

    @Override
    public FakeContext back() {
      return shop.back();
    }

    @Override
    public Instant now() {
      return shop.now();
    }

    @Override
    public void pass(Duration duration) {
      shop.pass(duration);
    }

    @Override
    public void loseSource() {
      shop.loseSource();
    }

    @Override
    public void healSource() throws Exception {
      shop.healSource();
    }

    @Override
    public void silence() {
      shop.silence();
    }

    @Override
    public Optional<Instant> completeUntil() {
      return shop.completeUntil();
    }

    @Override
    public Object heldAtSource() throws Exception {
      return shop.heldAtSource();
    }
  }

  private record WrongCopies(Replicator right) implements Replicator {
    @Override
    public String dataset() {
      return right.dataset()
          + (wrongReplicator == WrongReplicator.ITS_NAME_CHANGES
              ? " " + System.identityHashCode(this)
              : "");
    }

    @Override
    public ReplicationKind kind() {
      return right.kind();
    }

    @Override
    public FailoverAction established() {
      return right.established();
    }

    @Override
    public FailoverAction retired() {
      return wrongReplicator == WrongReplicator.NOTHING_IS_KEPT
          ? FailoverAction.check(right.retired().describe(), context -> Progress.reached())
          : right.retired();
    }

    @Override
    public FailoverAction promoted() {
      return new WrongPromotion(right.promoted());
    }

    @Override
    public ReplicationStatus status(ActionContext context) throws Exception {
      if (wrongReplicator == WrongReplicator.COPIES_NEVER_FLOW) {
        Instant now = context.time().now();
        return ReplicationStatus.of(
            ReplicationStatus.State.ABSENT,
            RecoveryPoint.unknown(dataset(), "nothing was looked at"),
            now,
            "nobody looked");
      }
      if (wrongReplicator == WrongReplicator.UNREADABLE_LAG_IS_NONE
          || wrongReplicator == WrongReplicator.NO_COPY_IS_A_COPY) {
        try {
          ReplicationStatus told = right.status(context);
          return wrongReplicator == WrongReplicator.NO_COPY_IS_A_COPY ? flowing(context) : told;
        } catch (Exception unreadable) {
          return flowing(context);
        }
      }
      return right.status(context);
    }

    private ReplicationStatus flowing(ActionContext context) {
      Instant now = context.time().now();
      return ReplicationStatus.of(
          ReplicationStatus.State.FLOWING,
          RecoveryPoint.completeUntil(dataset(), now, "nothing was heard"),
          now,
          "all is well");
    }
  }

  private record WrongPromotion(FailoverAction right) implements FailoverAction {
    @Override
    public String describe() {
      return right.describe();
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      if (wrongReplicator == WrongReplicator.A_PROMOTION_ASKS_THE_SOURCE) {
        try {
          context.call(Need.control("rds", context.from()), () -> "how far is it?");
        } catch (Exception lost) {
          // It goes on without.
        }
      }
      Progress seen = right.observe(context);
      if (wrongReplicator == WrongReplicator.ITS_POINT_FLATTERS
          && seen instanceof Progress.Reached) {
        return Progress.reached(Evidence.of(RecoveryPoint.completeUntil(
            "orders-db", context.time().now(), "when it was looked at")));
      }
      return seen;
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      right.apply(context);
    }

    @Override
    public Repeatability repeatability() {
      return right.repeatability();
    }

    @Override
    public List<Need> needs(Direction direction) {
      return right.needs(direction);
    }
  }
}
