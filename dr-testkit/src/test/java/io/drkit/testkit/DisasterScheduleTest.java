package io.drkit.testkit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.drkit.Disaster;
import io.drkit.Site;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DisasterScheduleTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  @Test
  void theSameSeedMakesTheSameSchedule() {
    FakeCloud cloud = FakeCloud.builder().build();
    cloud.addDataset("orders-db", EAST);

    assertThat(DisasterSchedule.random(7, cloud, ofMinutes(90), 4))
        .isEqualTo(DisasterSchedule.random(7, cloud, ofMinutes(90), 4))
        .isNotEqualTo(DisasterSchedule.random(8, cloud, ofMinutes(90), 4));
  }

  @Test
  void seedsMakeEveryKindOfDisasterAndKeepToTheLimits() {
    FakeCloud cloud = FakeCloud.builder().build();
    cloud.addDataset("orders-db", EAST);
    Set<Class<?>> kinds = new HashSet<>();

    for (long seed = 0; seed < 500; seed++) {
      DisasterSchedule schedule = DisasterSchedule.random(seed, cloud, ofMinutes(90), 4);
      assertThat(schedule.strikes()).hasSizeBetween(1, 4).allSatisfy(strike -> {
        assertThat(strike.after()).isBetween(Duration.ZERO, ofMinutes(90));
        assertThat(strike.lasts().orElseThrow()).isBetween(ofSeconds(1), ofMinutes(60));
        kinds.add(strike.disaster().getClass());
      });
      schedule.strike(FakeCloud.builder().build().addDataset("orders-db", EAST).cloud());
    }

    assertThat(kinds)
        .containsExactlyInAnyOrder(
            Disaster.SiteLoss.class,
            Disaster.ControlPlaneLoss.class,
            Disaster.Throttling.class,
            Disaster.Slowness.class,
            Disaster.NoCapacity.class,
            Disaster.ReplicationStall.class,
            Disaster.ExpiredCredentials.class);
  }

  @Test
  void seedsMakeEveryKindOfNetworkDisasterAndOfHostsWhereThereAreSome() {
    assertThat(networks(false))
        .containsExactlyInAnyOrder(
            Disaster.Partition.class, Disaster.HalfOpen.class, Disaster.LossyLink.class);
    assertThat(networks(true))
        .containsExactlyInAnyOrder(
            Disaster.Partition.class,
            Disaster.HalfOpen.class,
            Disaster.LossyLink.class,
            Disaster.ClockJump.class,
            Disaster.SlowDisk.class);
    FakeCloud small = FakeCloud.builder().region("us-east-1").build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DisasterSchedule.networks(1, small, ofMinutes(90), 4))
        .withMessageContaining("two sites");
  }

  private static Set<Class<?>> networks(boolean hosts) {
    FakeCloud cloud = FakeCloud.builder().build();
    if (hosts) {
      cloud.addHost("runner");
    }
    Set<Class<?>> kinds = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      DisasterSchedule schedule = DisasterSchedule.networks(seed, cloud, ofMinutes(90), 4);
      assertThat(schedule).isEqualTo(DisasterSchedule.networks(seed, cloud, ofMinutes(90), 4));
      assertThat(schedule.strikes()).hasSizeBetween(1, 4).allSatisfy(strike -> {
        assertThat(strike.after()).isBetween(Duration.ZERO, ofMinutes(90));
        assertThat(strike.lasts().orElseThrow()).isBetween(ofSeconds(1), ofMinutes(60));
        kinds.add(strike.disaster().getClass());
      });
      schedule.strike(cloud);
    }
    return kinds;
  }

  @Test
  void oneScheduleGoesOnBesideAnother() {
    DisasterSchedule both = DisasterSchedule.of(Disaster.loss(EAST).after(ofMinutes(1)))
        .with(DisasterSchedule.of(Disaster.noCapacity(WEST).after(ofMinutes(2))));

    assertThat(both)
        .hasToString("loss of us-east-1 after PT1M, no capacity in us-west-2 after PT2M");
  }

  @Test
  void whatFlapsComesAndGoes() {
    FakeCloud cloud = FakeCloud.builder().build();
    DisasterSchedule.flapping(Disaster.linkLoss(WEST), ofSeconds(10), ofSeconds(20), 3)
        .strike(cloud);

    for (int second = 0; second < 100; second++) {
      boolean cut = second < 90 && second % 30 < 10;
      assertThat(cloud.answers(io.drkit.Need.data("any", WEST)))
          .as("after %s s", second)
          .isNotEqualTo(cut);
      cloud.time().advance(ofSeconds(1));
    }
  }

  @Test
  void ofManyDisastersThoseAreLeftThatAreNeededToFail() {
    Disaster lost = Disaster.loss(EAST);
    Disaster full = Disaster.noCapacity(WEST);
    DisasterSchedule many = DisasterSchedule.of(
        Disaster.slowness(WEST, 3).after(ofSeconds(5)),
        lost.after(ofMinutes(3)),
        Disaster.expiredCredentials().lasting(ofSeconds(1)),
        full.after(ofMinutes(10)),
        Disaster.throttling(WEST, 0.5).after(ofMinutes(1)));

    assertThat(many.smallestFailing(schedule -> {
          boolean first = schedule.strikes().stream().anyMatch(s -> s.disaster().equals(lost));
          // Only if it comes late.
          boolean second = schedule.strikes().stream()
              .anyMatch(s -> s.disaster().equals(full) && s.after().compareTo(ofMinutes(5)) > 0);
          return first && second;
        }))
        .contains(DisasterSchedule.of(lost.after(Duration.ZERO), full.after(ofMinutes(10))));
    assertThat(many.smallestFailing(schedule -> false)).isEmpty();
    assertThat(DisasterSchedule.of(lost.after(ofMinutes(3))).toString())
        .isEqualTo("loss of us-east-1 after PT3M");
    assertThat(DisasterSchedule.of().toString()).isEqualTo("nothing");
  }

  @Test
  void whatCannotBeIsRefused() {
    FakeCloud cloud = FakeCloud.builder().build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DisasterSchedule.random(1, cloud, ofMinutes(1), 0))
        .withMessageContaining("at least: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> DisasterSchedule.flapping(Disaster.loss(EAST), ofMinutes(1), Duration.ZERO, 3))
        .withMessageContaining("3 times, PT0S apart");
  }
}
