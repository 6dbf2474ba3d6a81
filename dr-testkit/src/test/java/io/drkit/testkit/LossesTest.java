package io.drkit.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drkit.ActionContext;
import io.drkit.Disaster;
import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.spi.ForwardingContext;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which writes count as lost once the workload went over, and came back. */
class LossesTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final VirtualTime time = cloud.time();
  private final FakeDataset db = cloud.addDataset("orders-db", EAST).asynchronous(ofSeconds(4));
  private final FakeServers web = cloud.addServers("orders-web", EAST, 1);
  private final FakeTraffic traffic = cloud.addTraffic("orders.example.com", EAST);
  private final FakeContext over = FakeContext.of(time, EAST, WEST);
  private final FakeContext back = FakeContext.of(time, WEST, EAST).run("run-2");

  @BeforeEach
  void failOver() throws Exception {
    cloud.addService("orders", traffic, web, db);
    reach(over, db.replicator().established());
    cloud.strike(Disaster.loss(EAST));
    time.advance(ofMinutes(1));
    reach(over, db.replicator().promoted());
    cloud.heal(EAST);
    reach(over, db.fenced());
  }

  private void reach(FakeContext context, FailoverAction action) throws Exception {
    assertThat(new Patience(time, context).reach(action).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  private CloudTruth.Loss first() {
    return cloud.truth().losses("orders-db").get(0);
  }

  @Test
  void whatIsWrittenAfterAFailbackIsNoPartOfTheFirstLoss() throws Exception {
    CloudTruth.Loss lost = first();
    assertThat(lost.length()).isBetween(ofSeconds(4), ofSeconds(6));

    reach(back, db.replicator().retired());
    assertThat(first()).as("kept aside").isEqualTo(lost);
    reach(back, db.replicator().established());
    time.advance(ofMinutes(10));
    reach(back, db.fenced());
    time.advance(ofMinutes(1));
    reach(back, db.replicator().promoted());
    time.advance(ofHours(3));

    assertThat(cloud.service("orders").level()).as("the shop writes again").isEqualTo(1);
    assertThat(cloud.truth().losses("orders-db")).hasSize(2);
    assertThat(first()).isEqualTo(lost);
  }

  @Test
  void whatASiteWroteIsNotCopiedOver() throws Exception {
    FailoverAction overTheOld = db.replicator().established();
    assertThat(overTheOld.observe(back).kind()).as("fenced").isEqualTo(Progress.Kind.BLOCKED);
    assertThatExceptionOfType(DrException.class)
        .isThrownBy(() -> overTheOld.apply(back))
        .withMessageContaining("orders-db is there in us-east-1 as it was written there");

    cloud.strike(Disaster.loss(WEST.zone("us-west-2a")));
    time.advance(ofSeconds(1));
    assertThat(cloud.dataset("orders-db").copy(WEST).writable(time.now())).isFalse();
    assertThat(overTheOld.observe(over).kind())
        .as("while another zone takes over")
        .isEqualTo(Progress.Kind.BLOCKED);
  }

  @Test
  void whatTheOldSiteGoesOnToWriteIsLostUntilItsContentIsReplaced() throws Exception {
    Duration atFirst = first().length();
    FailoverAction released = db.fenced().undo(Evidence.none()).orElseThrow();
    reach(over, released);
    time.advance(ofMinutes(30));
    Duration grown = first().length();
    assertThat(grown).isGreaterThan(atFirst.plus(ofMinutes(29)));

    reach(over, db.fenced());
    Instant fenced = time.now();
    reach(back, db.replicator().retired());
    reach(back, db.replicator().established());
    time.advance(ofHours(3));

    assertThat(first().lastWrite()).isBetween(fenced.minusSeconds(1), fenced);
  }

  /** The recovery site is lost, and users are sent back to what was left, into which nothing was copied. */
  private Instant returnHome() throws Exception {
    reach(over, traffic.allTrafficSwitched());
    time.advance(ofHours(1));
    cloud.strike(Disaster.loss(WEST));
    Instant struck = time.now();
    time.advance(ofMinutes(1));
    reach(back, db.replicator().promoted());
    reach(over, released());
    assertThat(cloud.truth().losses("orders-db"))
        .as("nobody has gone on with it")
        .hasSize(1);
    reach(back, traffic.allTrafficSwitched());
    time.advance(ofMinutes(10));
    assertThat(cloud.service("orders").level()).isEqualTo(1);
    return struck;
  }

  private FailoverAction released() {
    return db.fenced().undo(Evidence.none()).orElseThrow();
  }

  @Test
  void whatOnlyTheOtherSideHoldsIsLostByWhoeverGoesBackWithoutIt() throws Exception {
    startInTheWest();
    CloudTruth.Loss before = first();
    Instant struck = returnHome();

    assertThat(cloud.truth().losses("orders-db", "run-2")).singleElement().satisfies(loss -> {
      assertThat(loss.lastWrite()).isEqualTo(struck);
      assertThat(loss.completeUntil())
          .as("since the west could be written to")
          .isBetween(before.promoted().plus(ofMinutes(1)), before.promoted().plusSeconds(61));
      assertThat(loss.writes()).isBetween(35_000L, 36_100L);
    });
    assertThat(cloud.truth().losses("orders-db", "run-1")).containsExactly(before);
    time.advance(ofHours(3));
    assertThat(first()).as("what is written at home is not lost").isEqualTo(before);
  }

  @Test
  void whoeverGoesOverAgainWithoutWhatWasWrittenAtHomeLosesThat() throws Exception {
    startInTheWest();
    returnHome();
    Instant home = cloud.truth().losses("orders-db", "run-2").get(0).promoted();
    cloud.heal(WEST);
    time.advance(ofMinutes(20));
    cloud.strike(Disaster.loss(EAST));
    Instant struck = time.now();
    FakeContext again = FakeContext.of(time, EAST, WEST).run("run-3");
    reach(again, db.replicator().promoted());
    reach(again, traffic.allTrafficSwitched());
    time.advance(ofMinutes(10));

    assertThat(cloud.truth().losses("orders-db", "run-3")).singleElement().satisfies(loss -> {
      assertThat(loss.completeUntil()).isEqualTo(home);
      assertThat(loss.lastWrite()).isEqualTo(struck);
    });
  }

  @Test
  void whoeverOnlyExplainsOrPreparesLosesNothing() throws Exception {
    startInTheWest();
    reach(over, released());
    reach(over, traffic.allTrafficSwitched());
    time.advance(ofHours(1));
    back.mode(RunMode.PREPARE);
    FailoverAction promoted = db.replicator().promoted();
    assertThat(promoted.observe(back).kind()).isEqualTo(Progress.Kind.REACHED);
    assertThat(promoted.observe(explained(back.mode(RunMode.FAILOVER))).kind())
        .isEqualTo(Progress.Kind.REACHED);
    reach(back, traffic.allTrafficSwitched());
    time.advance(ofMinutes(10));

    assertThat(cloud.truth().losses("orders-db")).hasSize(1);
  }

  private void startInTheWest() throws Exception {
    reach(over, web.imageCopied());
    reach(over, web.count(1));
  }

  private static ActionContext explained(ActionContext context) {
    return new ForwardingContext(context) {
      @Override
      public long epoch() {
        return 0;
      }

      @Override
      protected ActionContext of(ActionContext other) {
        return explained(other);
      }
    };
  }
}
