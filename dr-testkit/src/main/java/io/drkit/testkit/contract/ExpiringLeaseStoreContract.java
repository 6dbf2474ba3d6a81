package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseStore.Lease;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a {@link LeaseStore} must hold in addition if its leases run out. */
public abstract class ExpiringLeaseStoreContract extends LeaseStoreContract {

  /** For those who extend it. */
  protected ExpiringLeaseStoreContract() {}

  /**
   * Makes time pass on the clock of all stores of this test.
   *
   * @param duration how much
   * @throws Exception if it cannot; fails the test
   */
  protected abstract void pass(Duration duration) throws Exception;

  private static Duration duration(LeaseStore store) {
    return store.duration().orElseThrow();
  }

  /**
   * A lease that is not renewed is over for its holder after the duration, counted from the request.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aLeaseThatIsNotRenewedRunsOut() throws Exception {
    LeaseStore store = store();
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();

    pass(duration(store).minusMillis(1));
    assertThat(lease.held()).isTrue();
    pass(Duration.ofMillis(1));

    assertThat(lease.held()).isFalse();
    assertThat(lease.remaining()).contains(Duration.ZERO);
  }

  /**
   * A renewed lease lasts for the whole duration again.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aRenewedLeaseLastsForTheWholeDurationAgain() throws Exception {
    LeaseStore store = store();
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    for (int i = 0; i < 3; i++) {
      pass(duration(store).minusMillis(1));
      assertThat(lease.renew()).isTrue();
    }
    assertThat(lease.remaining()).contains(duration(store));
  }

  /**
   * A lease that is over is never held again, even if nobody else took it.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aLeaseThatIsOverIsNeverHeldAgain() throws Exception {
    LeaseStore store = store();
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();
    pass(duration(store));

    assertThat(lease.renew()).isFalse();
    assertThat(lease.held()).isFalse();
  }

  /**
   * Nobody takes a lease over who has not seen it unchanged for a whole duration, however old it is.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aContenderWatchesForAWholeDuration() throws Exception {
    LeaseStore store = store();
    LeaseStore other = reopen(store);
    Lease dead = store.tryAcquire("orders", "dead").orElseThrow();
    pass(duration(store).multipliedBy(5));

    assertThat(other.tryAcquire("orders", "me")).isEmpty();
    assertThat(other.holder("orders")).contains("dead");
    pass(duration(store).minusMillis(1));
    assertThat(other.tryAcquire("orders", "me")).isEmpty();
    pass(Duration.ofMillis(1));

    try (Lease mine = other.tryAcquire("orders", "me").orElseThrow()) {
      dead.close();
      assertThat(mine.renew()).as("the dead one gives back nothing").isTrue();
      assertThat(store.holder("orders")).contains("me");
    }
  }

  /**
   * A renewal makes the watching begin anew.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aRenewalMakesTheWatchingBeginAnew() throws Exception {
    LeaseStore store = store();
    LeaseStore other = reopen(store);
    Duration half = duration(store).dividedBy(2);
    try (Lease lease = store.tryAcquire("orders", "me").orElseThrow()) {
      for (int i = 0; i < 6; i++) {
        assertThat(other.tryAcquire("orders", "you")).isEmpty();
        pass(half);
        assertThat(lease.renew()).isTrue();
      }
      pass(half);
      assertThat(other.tryAcquire("orders", "you")).isEmpty();
      assertThat(lease.held()).isTrue();
    }
  }
}
