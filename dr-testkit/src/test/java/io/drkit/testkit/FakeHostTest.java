package io.drkit.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.spi.EventLoop;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FakeHostTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud =
      FakeCloud.builder().seed(7).whenLost(FakeCloud.WhenLost.REFUSE).build();
  private final VirtualTime time = cloud.time();
  private final FakeHost host = cloud.addHost("runner", WEST);

  private Duration ahead() {
    return Duration.between(time.now(), host.time().now());
  }

  @Test
  void itsClocksAreRightUnlessTheyAreMadeWrong() {
    time.advance(ofMinutes(3));
    assertThat(ahead()).isZero();
    assertThat(host.time().uptime()).isEqualTo(ofMinutes(3));
  }

  @Test
  void aWrongWallClockLeavesTheUptimeRight() {
    host.skew(ofHours(1)).jump(ofMinutes(-90));
    time.advance(ofMinutes(1));

    assertThat(ahead()).isEqualTo(ofMinutes(-30));
    assertThat(host.time().uptime()).isEqualTo(ofMinutes(1));
    host.skew(Duration.ZERO);
    assertThat(ahead()).isZero();
  }

  @Test
  void aClockThatDriftsIsMoreAndMoreWrong() {
    host.drift(1.1);
    time.advance(ofMinutes(10));
    assertThat(ahead()).isEqualTo(ofMinutes(1));
    assertThat(host.time().uptime()).isEqualTo(ofMinutes(11));

    host.drift(1);
    time.advance(ofMinutes(10));
    assertThat(ahead()).isEqualTo(ofMinutes(1));
    assertThat(host.time().uptime()).isEqualTo(ofMinutes(21));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> host.drift(0))
        .withMessageContaining("clocks of runner must go forward");
  }

  @Test
  void aFastClockMakesItsTasksEarly() {
    host.drift(2);
    List<Duration> ran = new ArrayList<>();
    EventLoop loop = host.time().loop("test");
    loop.schedule(ofSeconds(10), () -> ran.add(time.uptime()));
    time.advance(ofSeconds(10));

    assertThat(ran).containsExactly(ofSeconds(5));
  }

  @Test
  void aClockThatJumpsIsPutRightWhenThatIsOver() {
    cloud.strike(
        Disaster.clockJump("runner", ofHours(2)).after(ofMinutes(1)).lasting(ofMinutes(5)));
    cloud.addHost("another");
    time.advance(ofSeconds(59));
    assertThat(ahead()).isZero();
    time.advance(ofSeconds(1));
    assertThat(ahead()).isEqualTo(ofHours(2));
    assertThat(cloud.host("another").time().now()).isEqualTo(time.now());
    time.advance(ofMinutes(5));
    assertThat(ahead()).isZero();
  }

  @Test
  void aHostInALostSiteStandsStillAndGoesOnWhenItIsBack() {
    List<String> ran = new ArrayList<>();
    EventLoop loop = host.time().loop("test");
    loop.schedule(ofMinutes(2), () -> ran.add("first"));
    loop.schedule(ofMinutes(3), () -> ran.add("never")).cancel();
    EventLoop.Timer cancelled = loop.schedule(ofMinutes(3), () -> ran.add("cancelled"));
    loop.schedule(ofMinutes(4), () -> ran.add("second"));
    cloud.strike(Disaster.loss(WEST).after(ofMinutes(1)).lasting(ofMinutes(9)));

    time.advance(ofMinutes(9));
    assertThat(ran).isEmpty();
    cancelled.cancel();
    time.advance(ofMinutes(1));
    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  void aHostWhoseSiteIsLostWhileItWaitsForItsDiskGoesOnWithWhatCameMeanwhile() {
    Journal slow = host.disk().takes(ofMinutes(2)).journal(Journal.inMemory());
    List<Duration> ran = new ArrayList<>();
    EventLoop loop = host.time().loop("test");
    loop.schedule(Duration.ZERO, () -> slow.append("orders", 0, List.of("record")));
    loop.schedule(ofSeconds(30), () -> ran.add(time.uptime()));
    cloud.strike(Disaster.loss(WEST).after(ofMinutes(1)).lasting(ofMinutes(9)));
    time.advance(ofMinutes(20));

    assertThat(ran).containsExactly(ofMinutes(10));
  }

  @Test
  void aHostGoesOnWhenItsSiteIsHealed() {
    List<Duration> ran = new ArrayList<>();
    EventLoop loop = host.time().loop("test");
    loop.schedule(ofMinutes(2), () -> ran.add(time.uptime()));
    cloud.strike(Disaster.loss(WEST));
    time.advance(ofMinutes(7));
    cloud.heal(WEST);

    assertThat(ran).containsExactly(ofMinutes(7));
  }

  @Test
  void whoeverWaitsForAHostThatIsGoneForGoodIsToldSo() {
    EventLoop loop = host.time().loop("test");
    CompletableFuture<String> done = new CompletableFuture<>();
    loop.schedule(ofMinutes(1), () -> done.complete("done"));
    cloud.strike(Disaster.loss(WEST));

    assertThatIllegalStateException()
        .isThrownBy(() -> loop.await(done))
        .withMessageContaining("loop 'runner: test' waits")
        .withMessageContaining("nothing is left to happen");
  }

  @Test
  void aClosedLoopRunsNothingThatWaited() {
    List<String> ran = new ArrayList<>();
    EventLoop loop = host.time().loop("test");
    loop.schedule(ofMinutes(1), () -> ran.add("done"));
    cloud.strike(Disaster.loss(WEST).lasting(ofMinutes(5)));
    time.advance(ofMinutes(2));
    loop.close();
    time.advance(ofMinutes(10));

    assertThat(ran).isEmpty();
  }

  @Test
  void whoeverRunsOnAHostAsksFromThere() throws Exception {
    EventLoop loop = host.time().loop("test");
    List<Object> seen = new ArrayList<>();
    loop.schedule(Duration.ZERO, () -> seen.add(cloud.network().asker()));
    loop.call(() -> cloud.network().asker(), ofSeconds(1), (result, error) -> seen.add(result));
    time.advance(Duration.ZERO);

    assertThat(seen).containsExactly(WEST, WEST);
    assertThat(cloud.network().asker()).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {-90_000, -300, -1, 1, 300, 90_000})
  void noFigureFlattersWhenAClockJumpsInTheMiddleOfARun(long seconds) throws InterruptedException {
    for (DrStrategy strategy : DrStrategy.values()) {
      for (long after = 1; after < 600; after += 233) {
        FakeCloud world = FakeCloud.builder().seed(after).build();
        FakeHost runner = world.addHost("runner", WEST);
        FakeApplication orders = FakeApplication.orders(world, strategy);
        try (DrEngine engine = DrEngine.builder()
            .journal(Journal.inMemory())
            .leases(LeaseStore.over(LeaseTable.inMemory(), runner.time(), ofMinutes(1)))
            .time(runner.time())
            .build()) {
          engine.prepare(orders.plan(), "test").await().orThrow();
          world.time().advance(ofMinutes(150));
          world.strike(
              Disaster.loss(EAST).after(Duration.ZERO),
              Disaster.clockJump("runner", ofSeconds(seconds)).after(ofSeconds(60 + after)));
          world.time().advance(ofSeconds(60));
          Instant since = world.time().now().minusSeconds(60);
          RunReport report =
              engine.failover(orders.plan(), orders.declaration("test")).await();

          Duration outage =
              world.truth().outages("orders", orders.plan().objective().serviceLevel()).stream()
                  .filter(span -> !span.until().isBefore(since))
                  .map(Span::length)
                  .reduce(Duration.ZERO, Duration::plus);
          assertThat(report.rto().recovered()).isTrue();
          assertThat(report.rto().elapsed())
              .as("%s, %s s after %s s", strategy, seconds, after)
              .isGreaterThanOrEqualTo(outage);
          for (RunReport.DataLoss loss : report.losses()) {
            CloudTruth.Loss truth = world.truth().losses(loss.dataset()).get(0);
            assertThat(loss.length().orElseThrow())
                .as("%s of %s, %s s after %s s", loss.dataset(), strategy, seconds, after)
                .isGreaterThanOrEqualTo(truth.length());
          }
        }
      }
    }
  }
}
