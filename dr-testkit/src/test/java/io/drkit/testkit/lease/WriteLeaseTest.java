package io.drkit.testkit.lease;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Site;
import io.drkit.lease.Grant;
import io.drkit.lease.LeaseTiming;
import io.drkit.lease.Role;
import io.drkit.lease.WriteLease;
import io.drkit.lease.WriteLeaseException;
import io.drkit.lease.WriteLeaseStore;
import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteLeaseTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final LeaseTiming TIMING = LeaseTiming.standard();

  private final VirtualTime time = VirtualTime.create();
  private final Register register = new Register(time);
  private final WriteLeaseStore store = register.from(EAST);

  private WriteLease lease(Site site) {
    return WriteLease.open("orders", site, register.from(site), TIMING, time);
  }

  private void grant(long epoch, Site site, Duration drain) throws Exception {
    Grant next = new Grant(epoch, Optional.ofNullable(site), "test", drain);
    assertThat(store.replace("orders", store.read("orders"), next)).isTrue();
  }

  @Test
  void theSiteOfTheGrantMayWriteAndNoOther() throws Exception {
    grant(1, EAST, TIMING.drain());
    WriteLease east = lease(EAST);
    WriteLease west = lease(WEST);
    assertThat(east.role()).as("before the first answer").isEqualTo(Role.UNKNOWN);
    time.advance(ofSeconds(1));

    assertThat(east.guard(() -> "written")).isEqualTo("written");
    assertThat(east.epoch()).isEqualTo(1);
    assertThat(west.role()).isEqualTo(Role.STANDBY);
    assertThatThrownBy(() -> west.guard(() -> "written"))
        .isInstanceOfSatisfying(
            WriteLeaseException.class, e -> assertThat(e.writePossible()).isFalse())
        .hasMessage("'orders' is not written in us-west-2: us-east-1 may write (epoch 1, by test)");
  }

  @Test
  void whoCannotReadTheRegisterStopsWithinTheTermLessTheSkew() throws Exception {
    grant(1, EAST, TIMING.drain());
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(1));
    register.cutOff(EAST, true);
    time.advance(ofSeconds(6));
    assertThat(east.held()).isTrue();
    time.advance(ofSeconds(3));

    assertThat(east.role()).isEqualTo(Role.UNKNOWN);
    assertThatThrownBy(east::epoch).hasMessageContaining("was not read for more than PT9S");
    register.cutOff(EAST, false);
    time.advance(ofSeconds(3));
    assertThat(east.held()).isTrue();
  }

  @Test
  void theTermIsCountedFromTheBeginningOfTheReading() throws Exception {
    grant(1, EAST, TIMING.drain());
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(1));
    register.latency(ofSeconds(2));
    // Begins to read by now; the answer is there after 2 s, and the register is cut off then.
    time.advance(ofSeconds(2));
    register.cutOff(EAST, true);
    Instant began = time.now();
    while (east.held()) {
      time.advance(Duration.ofMillis(100));
    }
    assertThat(Duration.between(began, time.now())).isLessThanOrEqualTo(ofSeconds(9));
  }

  @Test
  void aWriteThatTookLongerThanAFenceWaitsForIsToldAsSuch() throws Exception {
    grant(1, EAST, TIMING.drain());
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(1));

    assertThatThrownBy(() -> east.guard(() -> {
          time.advance(ofSeconds(6));
          return "written late";
        }))
        .isInstanceOfSatisfying(
            WriteLeaseException.class, e -> assertThat(e.writePossible()).isTrue())
        .hasMessageContaining("took PT6S, longer than the PT5S that a fence waits for");
  }

  @Test
  void aServiceThatIsSlowerThanTheRegisterKnowsDoesNotWrite() throws Exception {
    grant(1, EAST, TIMING.drain().minusMillis(1));
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(5));
    assertThat(east.held()).isFalse();
    grant(2, null, TIMING.drain().minusMillis(1));
    time.advance(ofSeconds(5));
    assertThat(east.held()).isFalse();
    grant(3, EAST, TIMING.drain());
    time.advance(ofSeconds(5));
    assertThat(east.held()).isTrue();
  }

  @Test
  void anEpochThatFallsGivesNothing() throws Exception {
    grant(5, WEST, TIMING.drain());
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(1));
    grant(4, EAST, TIMING.drain());
    time.advance(ofSeconds(5));
    assertThat(east.held()).isFalse();
  }

  @Test
  void listenersHearEachRoleAndWhereTheWorkloadGoes() throws Exception {
    grant(1, EAST, TIMING.drain());
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(1));
    List<String> heard = new ArrayList<>();
    east.listen(role -> heard.add(role + " " + east.activeSite().map(Site::name).orElse("none")));
    time.advance(ofSeconds(1));
    grant(2, null, TIMING.drain());
    time.advance(ofSeconds(3));
    grant(3, WEST, TIMING.drain());
    time.advance(ofSeconds(3));
    register.cutOff(EAST, true);
    time.advance(ofSeconds(12));

    assertThat(heard)
        .containsExactly("PRIMARY us-east-1", "STANDBY none", "STANDBY us-west-2", "UNKNOWN none");
  }

  @Test
  void aListenerThatThrowsDisturbsNobody() throws Exception {
    grant(1, EAST, TIMING.drain());
    WriteLease east = lease(EAST);
    List<Role> heard = new ArrayList<>();
    east.listen(role -> {
      if (role == Role.PRIMARY) {
        throw new IllegalStateException("a bug");
      }
    });
    east.listen(heard::add);
    time.advance(ofSeconds(1));
    assertThat(heard).containsExactly(Role.UNKNOWN, Role.PRIMARY);
  }

  @Test
  void aLeaseThatIsClosedWritesNothing() throws Exception {
    grant(1, EAST, TIMING.drain());
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(1));
    east.close();
    assertThat(east.held()).isFalse();
    assertThat(east.activeSite()).isEmpty();
  }

  @Test
  void whoNeverReadTheRegisterDoesNotWriteAndIsToldWhy() throws Exception {
    register.cutOff(EAST, true);
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(5));
    assertThatThrownBy(() -> east.guard(() -> "written"))
        .hasMessage("'orders' is not written in us-east-1: the register was not read yet");
    assertThat(east.activeSite()).isEmpty();

    grantAll(1, EAST);
    register.cutOff(EAST, false);
    time.advance(ofSeconds(5));
    assertThat(east.held()).isTrue();
    assertThat(east).hasToString("WriteLease[orders, us-east-1, PRIMARY]");
    east.close();
    assertThatThrownBy(east::epoch)
        .hasMessage("'orders' is not written in us-east-1: the lease was closed");
  }

  private void grantAll(long epoch, Site site) throws Exception {
    Grant next = new Grant(epoch, Optional.of(site), "test", TIMING.drain());
    assertThat(register.from(WEST).replace("orders", register.from(WEST).read("orders"), next))
        .isTrue();
  }

  /** What is paused between the look at the lease and its write has begun to write when it looked. */
  @Test
  void aPauseBetweenTheLookAndTheWriteIsPartOfTheWrite() throws Exception {
    grant(1, EAST, TIMING.drain());
    boolean[] pausing = {false};
    TimeSource machine = new TimeSource() {
      @Override
      public Instant now() {
        Instant now = time.now();
        if (pausing[0]) {
          pausing[0] = false;
          time.advance(ofSeconds(20));
        }
        return now;
      }

      @Override
      public Duration uptime() {
        return time.uptime();
      }

      @Override
      public EventLoop loop(String name) {
        return time.loop(name);
      }
    };
    WriteLease east = WriteLease.open("orders", EAST, store, TIMING, machine);
    time.advance(ofSeconds(1));
    // The first question for the time is when the write began, the second one is the look at the
    // lease.
    pausing[0] = true;
    assertThatThrownBy(() -> east.guard(() -> "written late"))
        .isInstanceOfSatisfying(
            WriteLeaseException.class, e -> assertThat(e.writePossible()).isTrue());
  }

  @Test
  void aListenerThatComesLateAndThrowsDisturbsNobody() throws Exception {
    grant(1, EAST, TIMING.drain());
    WriteLease east = lease(EAST);
    time.advance(ofSeconds(1));
    List<Role> heard = new ArrayList<>();
    east.listen(role -> {
      throw new IllegalStateException("a bug");
    });
    east.listen(heard::add);
    time.advance(ofSeconds(1));
    assertThat(heard).containsExactly(Role.PRIMARY);
  }

  /** A machine that was suspended: its wall clock went on, its monotonic clock stood still. */
  @Test
  void aProcessThatWasSuspendedDoesNotWriteOnWhatItKnew() throws Exception {
    grant(1, EAST, TIMING.drain());
    Duration[] asleep = {Duration.ZERO};
    TimeSource machine = new TimeSource() {
      @Override
      public Instant now() {
        return time.now().plus(asleep[0]);
      }

      @Override
      public Duration uptime() {
        return time.uptime();
      }

      @Override
      public EventLoop loop(String name) {
        return time.loop(name);
      }
    };
    WriteLease east = WriteLease.open("orders", EAST, store, TIMING, machine);
    time.advance(ofSeconds(1));
    assertThat(east.held()).isTrue();
    asleep[0] = Duration.ofHours(1);
    assertThat(east.held()).isFalse();
  }

  @Test
  void timingsThatCannotBeAreRefused() {
    Duration second = ofSeconds(1);
    for (Duration wrong : List.of(Duration.ZERO, second.negated())) {
      assertThatThrownBy(() -> new LeaseTiming(wrong, second, Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("term and longestWrite must be positive: " + wrong + ", PT1S");
      assertThatThrownBy(() -> new LeaseTiming(second, wrong, Duration.ZERO))
          .hasMessage("term and longestWrite must be positive: PT1S, " + wrong);
    }
    for (Duration wrong : List.of(second, second.negated())) {
      assertThatThrownBy(() -> new LeaseTiming(second, second, wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("skew must be zero or more, and below the term of PT1S: " + wrong);
    }
    assertThat(TIMING.drain()).isEqualTo(ofSeconds(16));
  }

  @Test
  void grantsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new Grant(-1, Optional.empty(), "test", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a grant's epoch and drain must not be negative: -1, PT0S");
    assertThatThrownBy(() -> new Grant(1, Optional.empty(), "test", ofSeconds(-1)))
        .hasMessage("a grant's epoch and drain must not be negative: 1, PT-1S");
    assertThatThrownBy(() -> new Grant(0, Optional.of(EAST), "test", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a register begins at epoch 1, but us-east-1 was given epoch 0");
    assertThat(Grant.NONE).hasToString("nobody may write (epoch 0, by )");
  }
}
