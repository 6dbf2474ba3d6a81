package io.drkit.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.DrException;
import io.drkit.spi.LeaseStore.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class ExpiringLeaseStoreTest {
  private static final Duration WHOLE = Duration.ofSeconds(30);

  private final Clock clock = new Clock();
  private final FaultyTable table = new FaultyTable();
  private final LeaseStore store = LeaseStore.over(table, clock, WHOLE);

  @Test
  void theDurationCountsFromTheBeginningOfTheRequest() {
    table.next.add(() -> clock.uptime = clock.uptime.plusSeconds(4));
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    assertThat(lease.remaining()).contains(Duration.ofSeconds(26));

    table.next.add(() -> clock.uptime = clock.uptime.plusSeconds(5));
    assertThat(lease.renew()).isTrue();
    assertThat(lease.remaining()).contains(Duration.ofSeconds(25));
  }

  @Test
  void anAnswerThatComesAfterTheEndDoesNotBringTheLeaseBack() {
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    clock.uptime = clock.uptime.plusSeconds(29);
    table.next.add(() -> clock.uptime = clock.uptime.plusSeconds(2));

    assertThat(lease.renew()).isFalse();
    assertThat(lease.held()).isFalse();
    assertThat(lease.remaining()).contains(Duration.ZERO);
  }

  @Test
  void aRenewalWhoseAnswerWasLostExtendsNothingAndTheNextOneDoes() {
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    clock.uptime = clock.uptime.plusSeconds(20);
    table.next.add(() -> {
      throw new DrException("timed out");
    });

    assertThatThrownBy(lease::renew).isInstanceOf(DrException.class).hasMessage("timed out");
    assertThat(lease.remaining()).contains(Duration.ofSeconds(10));

    assertThat(lease.renew()).isTrue();
    assertThat(lease.remaining()).contains(WHOLE);
    assertThat(table.read("orders").epoch()).isEqualTo(1);
  }

  @Test
  void aRenewalThatAnEarlierOneOvertakesIsToBeMadeAgain() {
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    clock.uptime = clock.uptime.plusSeconds(20);
    table.before = () ->
        table.inner.replace("orders", table.inner.read("orders"), new LeaseTable.Entry(1, 1, "me"));

    assertThatThrownBy(lease::renew)
        .isInstanceOf(DrException.class)
        .hasMessageContaining("plan 'orders': its lease changed while it was renewed")
        .hasMessageContaining("renew it again");
    assertThat(lease.remaining()).contains(Duration.ofSeconds(10));
    assertThat(lease.renew()).isTrue();
  }

  @Test
  void aRenewalThatFindsAnotherHolderLosesTheLeaseAtOnce() {
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    table.inner.replace("orders", table.inner.read("orders"), new LeaseTable.Entry(2, 0, "thief"));

    assertThat(lease.renew()).isFalse();
    assertThat(lease.held()).isFalse();
    lease.close();
    assertThat(store.holder("orders")).contains("thief");
  }

  @Test
  void aLeaseThatAPersonGaveBackInTheTableIsLost() {
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    LeaseTable.Entry mine = table.inner.read("orders");
    table.inner.replace("orders", mine, mine.givenBack());

    assertThat(lease.renew()).isFalse();
    assertThat(lease.held()).isFalse();
    assertThat(store.tryAcquire("orders", "you")).isPresent();
  }

  @Test
  void aHolderThatDoesNotKnowYetGivesBackNothingOfAnother() {
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    table.inner.replace("orders", table.inner.read("orders"), new LeaseTable.Entry(2, 0, "thief"));

    lease.close();

    assertThat(store.holder("orders")).contains("thief");
  }

  @Test
  void twoWhoAskForAFreeLeaseAtOnceDoNotBothGetIt() {
    table.before = () ->
        table.inner.replace("orders", LeaseTable.Entry.NONE, new LeaseTable.Entry(1, 0, "you"));

    assertThat(store.tryAcquire("orders", "me")).isEmpty();
    assertThat(store.holder("orders")).contains("you");
  }

  @Test
  void anAcquisitionWhoseAnswerWasLostIsFreeAfterADuration() {
    table.next.add(() -> {
      throw new DrException("timed out");
    });
    assertThatThrownBy(() -> store.tryAcquire("orders", "me")).hasMessage("timed out");

    assertThat(store.tryAcquire("orders", "me")).isEmpty();
    clock.uptime = clock.uptime.plus(WHOLE);
    assertThat(store.tryAcquire("orders", "me")).isPresent();
    assertThat(table.read("orders").epoch()).isEqualTo(2);
  }

  @Test
  void aStoreInMemoryHasLeasesThatRunOut() {
    LeaseStore memory = LeaseStore.over(LeaseTable.inMemory(), clock, WHOLE);
    Lease lease = memory.tryAcquire("orders", "me").orElseThrow();

    assertThat(memory.duration()).contains(WHOLE);
    assertThat(lease).hasToString("Lease[orders, epoch 1]");
    clock.uptime = clock.uptime.plus(WHOLE);
    assertThat(lease.held()).isFalse();
  }

  @Test
  void aDurationThatIsNotPositiveIsRefused() {
    for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
      assertThatThrownBy(() -> LeaseStore.over(table, clock, wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("duration must be positive: " + wrong);
    }
  }

  /** A table that does something before a replacement, or after one and before its answer. */
  private static final class FaultyTable implements LeaseTable {
    private final LeaseTable inner = LeaseTable.inMemory();
    private final Deque<Runnable> next = new ArrayDeque<>();
    private Runnable before = () -> {};

    @Override
    public Entry read(String plan) {
      return inner.read(plan);
    }

    @Override
    public boolean replace(String plan, Entry expected, Entry entry) {
      Runnable first = before;
      before = () -> {};
      first.run();
      boolean replaced = inner.replace(plan, expected, entry);
      if (!next.isEmpty()) {
        next.remove().run();
      }
      return replaced;
    }
  }

  private static final class Clock implements TimeSource {
    private Duration uptime = Duration.ofHours(7);

    @Override
    public Duration uptime() {
      return uptime;
    }

    @Override
    public Instant now() {
      throw new AssertionError("no lease may depend on the wall clock");
    }

    @Override
    public EventLoop loop(String name) {
      throw new AssertionError("no lease store needs a loop");
    }
  }
}
