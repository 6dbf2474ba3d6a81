package io.drkit.testkit.steering;

import static io.drkit.testkit.assertj.DrAssertions.assertThat;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.RecoveryObjective;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.report.TextReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeHost;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A clock is set back, or another one is behind, while nobody runs a failover that failed. What the outage took is told all the same, or not at all. */
class ClockSetBackTest {
  private static final Duration STOOD_STILL = ofMinutes(40);

  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final FakeHost host = cloud.addHost("runner");
  private final Lamps lamps = new Lamps(cloud.time());
  private final Journal journal = Journal.inMemory();
  private final LeaseStore leases = LeaseStore.inMemory();
  private final DrEngine engine = engine(host);

  private DrEngine engine(FakeHost on) {
    return DrEngine.builder().journal(journal).leases(leases).time(on.time()).build();
  }

  private DrPlan plan(String... provisions) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(ofHours(1)).rpo(ofMinutes(1)))
        .redirect("names", lamps.lamp("names", Duration.ofSeconds(1)));
    for (String provision : provisions) {
      builder.provision(provision, lamps.lamp(provision, Duration.ofSeconds(5)));
    }
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder.build();
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
  void whatCameBackBeforeIsToldAsItWas() throws InterruptedException {
    RunReport back = engine.resume(plan("web"), "ann", List.of()).await();
    assertThat(back.rto().elapsed()).isBetween(STOOD_STILL, ofHours(1));
    assertThat(back.rtoMet()).isTrue();
    cloud.time().advance(ofMinutes(1));
    assertThat(engine(cloud.addHost("behind").skew(ofHours(-2))).reports("orders"))
        .last()
        .satisfies(report -> assertThat(report.rtoMet()).isTrue());
  }

  private static void assertMissed(RunReport report) {
    assertThat(report.rtoMet()).isFalse();
    assertThat(report.objectiveMet()).isFalse();
    assertThat(report.problems())
        .anySatisfy(problem -> assertThat(problem)
            .contains("the RTO of PT1H was missed", "nobody can tell how much longer than"));
    assertThatThrownBy(() -> assertThat(report).recoveredWithin(ofHours(9)))
        .hasMessageContaining("the outage took at least");
  }
}
