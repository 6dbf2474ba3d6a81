package io.drkit.testkit.lease;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Instruction;
import io.drkit.KeyPoint;
import io.drkit.Need;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.lease.Grant;
import io.drkit.lease.LeaseTiming;
import io.drkit.lease.WriteFence;
import io.drkit.lease.WriteLease;
import io.drkit.lease.WriteLeaseStore;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeContext;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteFenceTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final Site SOUTH = Site.region("sa-east-1");
  private static final LeaseTiming TIMING = LeaseTiming.standard();

  private final VirtualTime time = VirtualTime.create();
  private final WriteLeaseStore store = WriteLeaseStore.inMemory();
  private final WriteFence fence = WriteFence.of("orders", store, TIMING);
  private final FakeContext run = FakeContext.of(time, EAST, WEST).run("r1");

  private void grant(long epoch, Site site, String by) throws Exception {
    Grant next = new Grant(epoch, Optional.ofNullable(site), by, TIMING.drain());
    assertThat(store.replace("orders", store.read("orders"), next)).isTrue();
  }

  private Progress look(FailoverAction action) throws Exception {
    return action.observe(run);
  }

  @Test
  void aRegisterIsMadeOnceForTheSiteThatIsLeft() throws Exception {
    FailoverAction established = fence.established();
    assertThat(look(established).kind()).isEqualTo(Progress.Kind.PENDING);
    established.apply(run);
    assertThat(store.read("orders"))
        .isEqualTo(new Grant(1, Optional.of(EAST), "run r1", TIMING.drain()));
    established.apply(run);
    assertThat(store.read("orders").epoch()).isEqualTo(1);
    assertThat(look(established).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(established.undo(Evidence.of("epoch", "0"))).isEmpty();
  }

  @Test
  void aFenceIsProvenByTheWholeDrainAfterThisProcessSawIt() throws Exception {
    grant(1, EAST, "deploy");
    FailoverAction fenced = fence.fenced();
    assertThat(look(fenced).detail()).isEqualTo("us-east-1 may write (epoch 1, by deploy)");
    fenced.apply(run);
    assertThat(look(fenced).detail())
        .isEqualTo("writes under the grant before epoch 2 may go on for PT16S");
    time.advance(ofSeconds(16).minusMillis(1));
    assertThat(look(fenced).kind()).isEqualTo(Progress.Kind.UNDERWAY);
    time.advance(ofSeconds(1));
    assertThat(look(fenced).kind()).isEqualTo(Progress.Kind.REACHED);

    WriteFence successor = WriteFence.of("orders", store, TIMING);
    assertThat(look(successor.fenced()).kind()).isEqualTo(Progress.Kind.UNDERWAY);
    time.advance(ofSeconds(16));
    assertThat(look(successor.fenced()).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void theFenceOfAnotherRunIsNoneOfThisOne() throws Exception {
    grant(2, null, "run r0");
    assertThat(look(fence.fenced()).kind()).isEqualTo(Progress.Kind.PENDING);
    assertThat(look(fence.granted()).detail())
        .isEqualTo("the register of 'orders' was not fenced by this run:"
            + " nobody may write (epoch 2, by run r0); fence it before it is given to us-west-2");
    fence.granted().apply(run);
    assertThat(store.read("orders").epoch()).as("nothing was changed").isEqualTo(2);
    fence.fenced().apply(run);
    fence.granted().apply(run);
    assertThat(store.read("orders").site()).contains(WEST);
  }

  @Test
  void aSiteThatMayWriteAlreadyIsNotFencedFromItself() throws Exception {
    grant(3, WEST, "run r0");
    assertThat(look(fence.fenced()).kind())
        .as("those who wrote before it may still")
        .isEqualTo(Progress.Kind.UNDERWAY);
    time.advance(ofSeconds(16));
    assertThat(look(fence.fenced()).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(look(fence.granted()).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void aFenceWithoutARegisterIsNoFence() throws Exception {
    assertThat(look(fence.fenced()).detail())
        .isEqualTo("there is no register of 'orders', so no service was held back by it;"
            + " prepare the plan first");
    FailoverAction back = back(EAST);
    assertThat(look(back).kind()).as("it was lost since").isEqualTo(Progress.Kind.BLOCKED);
  }

  private FailoverAction back(Site site) {
    return fence
        .fenced()
        .undo(Evidence.of("epoch", "1").and("site", site.toString()))
        .orElseThrow();
  }

  @Test
  void whatWasFencedIsGivenBackToTheSiteThatHadIt() throws Exception {
    grant(1, EAST, "deploy");
    fence.fenced().apply(run);
    FailoverAction back = back(EAST);
    assertThat(back.describe()).isEqualTo("the site that was left may write 'orders' again");
    assertThat(look(back).kind()).isEqualTo(Progress.Kind.PENDING);
    back.apply(run);
    assertThat(look(back).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(store.read("orders"))
        .isEqualTo(new Grant(3, Optional.of(EAST), "run r1", TIMING.drain()));
    assertThat(back.undo(Evidence.of("epoch", "2"))).isEmpty();
    assertThat(fence.fenced().undo(Evidence.of("epoch", "2")))
        .as("nobody had it")
        .isEmpty();
  }

  private FailoverAction takenBack() {
    return fence.granted().undo(Evidence.of("epoch", "2")).orElseThrow();
  }

  @Test
  void aGrantIsTakenBackByAFenceInFrontOfTheSiteThatHadIt() throws Exception {
    grant(3, WEST, "run r0");
    FailoverAction back = takenBack();
    assertThat(back.describe())
        .isEqualTo("the site that took over does not write 'orders' any more");
    assertThat(look(back).kind()).isEqualTo(Progress.Kind.PENDING);
    back.apply(run);
    assertThat(store.read("orders").site()).isEmpty();
    assertThat(look(back).detail())
        .isEqualTo("writes under the grant before epoch 4 may go on for PT16S");
    time.advance(ofSeconds(16));
    assertThat(look(back).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(back.undo(Evidence.of("epoch", "3"))).isEmpty();
  }

  /** A grant whose answer was lost may still be on its way; at a higher epoch it is refused. */
  @Test
  void aGrantThatNeverTookEffectIsTakenBackAllTheSame() throws Exception {
    grant(2, null, "run r0");
    takenBack().apply(run);
    assertThat(store.read("orders").epoch()).isEqualTo(3);
  }

  @Test
  void aGrantIsTakenBackFromNoThirdSiteAndNotFromTheOneThatWasLeft() throws Exception {
    grant(3, SOUTH, "run r9");
    assertThat(look(takenBack()).detail())
        .isEqualTo("the register of 'orders' is not with us-west-2 any more: sa-east-1 may write"
            + " (epoch 3, by run r9); give it to whom it belongs by hand");
    grant(4, EAST, "by hand");
    takenBack().apply(run);
    assertThat(store.read("orders").site()).contains(EAST);
    time.advance(ofSeconds(16));
    look(takenBack());
    time.advance(ofSeconds(16));
    assertThat(look(takenBack()).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void aMoveThatIsRolledBackLetsTheSiteThatWasLeftWriteAgainAfterTheOtherStopped()
      throws Exception {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.WARM_STANDBY)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(ofMinutes(10)).rpo(ofMinutes(1)))
        .prepare("a site may write", fence.established())
        .fence("nobody writes", fence.fenced())
        .redirect("the site that takes over writes", fence.granted())
        .verify(
            "an order can be placed",
            FailoverAction.check("it can", context -> Progress.blocked("it cannot")));
    for (KeyPoint point : DrStrategy.WARM_STANDBY.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    DrPlan plan = builder.build();
    DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(time)
        .build();
    engine.prepare(plan, "deploy").await();
    List<String> roles = new ArrayList<>();
    Map<String, Instant> since = new HashMap<>();
    for (Site site : List.of(EAST, WEST)) {
      WriteLease.open("orders", site, store, TIMING, time).listen(role -> {
        roles.add(site + " " + role);
        since.putIfAbsent(site + " " + role, time.now());
      });
    }
    time.advance(ofSeconds(3));
    RunReport failed = engine.failover(plan, Declaration.of("ann")).await();
    assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
    time.advance(ofSeconds(3));
    roles.clear();
    since.clear();

    RunReport back = engine.rollback(plan, Instruction.by("ann")).await();
    time.advance(ofSeconds(3));

    assertThat(back.outcome()).as(back.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(roles)
        .as("each is told of each epoch")
        .containsExactly(
            "us-east-1 STANDBY", "us-west-2 STANDBY", "us-east-1 PRIMARY", "us-west-2 STANDBY");
    assertThat(Duration.between(since.get("us-west-2 STANDBY"), since.get("us-east-1 PRIMARY")))
        .as("whoever did not hear of it has stopped by then")
        .isGreaterThan(TIMING.drain().minus(TIMING.term().dividedBy(5)));
  }

  @Test
  void whatAnotherSiteHoldsIsNotTakenFromItByAWayBack() throws Exception {
    grant(3, WEST, "run r1");
    assertThat(look(back(EAST)).kind()).isEqualTo(Progress.Kind.BLOCKED);
  }

  @Test
  void aThirdSiteThatHadTheRegisterIsNotMistakenForTheOneThatWasLeft() throws Exception {
    grant(1, SOUTH, "deploy");
    fence.fenced().apply(run);
    FailoverAction back = back(SOUTH);
    assertThat(look(back).detail())
        .isEqualTo("the register of 'orders' was with sa-east-1 before, which this run did not"
            + " leave; give it to whom it belongs by hand");
    back.apply(run);
    assertThat(store.read("orders").site()).isEmpty();
  }

  /** What changes between the look and the request is not overruled. */
  @Test
  void aChangeThatComesBetweenIsNotOverruled() throws Exception {
    grant(1, EAST, "deploy");
    WriteLeaseStore raced = new WriteLeaseStore() {
      @Override
      public Grant read(String name) throws Exception {
        Grant before = store.read(name);
        grant(2, null, "run r2");
        return before;
      }

      @Override
      public boolean replace(String name, Grant expected, Grant next) throws Exception {
        return store.replace(name, expected, next);
      }
    };
    WriteFence.of("orders", raced, TIMING).fenced().apply(run);
    assertThat(store.read("orders").by()).isEqualTo("run r2");
  }

  @Test
  void aStoreThatNeedsSomethingIsCalledThroughTheRun() throws Exception {
    Need need = Need.data("rds", Site.region("eu-west-1"));
    WriteLeaseStore remote = new WriteLeaseStore() {
      @Override
      public Grant read(String name) throws Exception {
        return store.read(name);
      }

      @Override
      public boolean replace(String name, Grant expected, Grant next) throws Exception {
        return store.replace(name, expected, next);
      }

      @Override
      public List<Need> needs() {
        return List.of(need);
      }
    };
    FailoverAction established = WriteFence.of("orders", remote, TIMING).established();
    established.apply(run);
    assertThat(run.called()).containsExactly(need, need);
    assertThat(established.needs(run.direction())).containsExactly(need);
  }
}
