package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseStore.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LeaseStore} must hold. That a lease ends with its process is for the store's own tests to show; that it
 * runs out, {@link ExpiringLeaseStoreContract} does.
 */
public abstract class LeaseStoreContract {
  private static final int RACERS = 8;
  private static final int ROUNDS = 20;
  private static final int RACE_SECONDS = 120;

  /** For those who extend it. */
  protected LeaseStoreContract() {}

  /**
   * Returns a store of which no lease is held. Called once for each test.
   *
   * @throws Exception if it cannot be made; fails the test
   */
  protected abstract LeaseStore store() throws Exception;

  /**
   * Returns another instance with the same leases, as another process would open it. The first one stays in use.
   *
   * @param store what {@link #store} returned in this test
   * @return another instance; the same one only if leases do not outlive it
   * @throws Exception if it cannot be opened; fails the test
   */
  protected abstract LeaseStore reopen(LeaseStore store) throws Exception;

  /**
   * A lease that nobody took has no holder and can be taken.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aFreeLeaseCanBeTaken() throws Exception {
    LeaseStore store = store();
    assertThat(store.holder("orders")).isEmpty();

    try (Lease lease = store.tryAcquire("orders", "process 1 on host-a").orElseThrow()) {
      assertThat(lease.held()).isTrue();
      assertThat(store.holder("orders")).contains("process 1 on host-a");
    }
  }

  /**
   * A lease that is held is refused to everyone, its own owner included.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aHeldLeaseIsRefusedToEveryone() throws Exception {
    LeaseStore store = store();
    LeaseStore other = reopen(store);
    try (Lease lease = store.tryAcquire("orders", "me").orElseThrow()) {
      assertThat(store.tryAcquire("orders", "me")).isEmpty();
      assertThat(other.tryAcquire("orders", "me")).isEmpty();
      assertThat(other.tryAcquire("orders", "you")).isEmpty();

      assertThat(lease.held()).isTrue();
      assertThat(store.holder("orders")).contains("me");
      assertThat(other.holder("orders")).contains("me");
    }
  }

  /**
   * A lease that was given back is free for the next one.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aLeaseThatIsGivenBackIsFree() throws Exception {
    LeaseStore store = store();
    LeaseStore other = reopen(store);
    Lease first = store.tryAcquire("orders", "the first, with a long name").orElseThrow();

    first.close();

    assertThat(first.held()).isFalse();
    assertThat(store.holder("orders")).isEmpty();
    assertThat(other.holder("orders")).isEmpty();
    try (Lease second = other.tryAcquire("orders", "second").orElseThrow()) {
      assertThat(second.held()).isTrue();
      assertThat(first.held()).isFalse();
      assertThat(store.holder("orders")).contains("second");
    }
  }

  /**
   * Giving a lease back again does not take it from whoever holds it by then.
   *
   * @throws Exception fails the test
   */
  @Test
  public void givingBackAgainDoesNothing() throws Exception {
    LeaseStore store = store();
    Lease first = store.tryAcquire("orders", "first").orElseThrow();
    first.close();
    first.close();
    try (Lease second = store.tryAcquire("orders", "second").orElseThrow()) {
      first.close();

      assertThat(second.held()).isTrue();
      assertThat(store.holder("orders")).contains("second");
      assertThat(reopen(store).tryAcquire("orders", "third")).isEmpty();
    }
  }

  /**
   * A lease that is held remains for as long as the store says, and one that was given back for no time.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aLeaseRemainsForAsLongAsTheStoreSays() throws Exception {
    LeaseStore store = store();
    Lease lease = store.tryAcquire("orders", "me").orElseThrow();

    assertThat(lease.remaining().isPresent()).isEqualTo(store.duration().isPresent());
    store
        .duration()
        .ifPresent(whole ->
            assertThat(lease.remaining().orElseThrow()).isPositive().isLessThanOrEqualTo(whole));
    lease.close();
    assertThat(lease.remaining()).contains(Duration.ZERO);
  }

  /**
   * A lease that was given back cannot be renewed, and stays with whoever has it by then.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aLeaseThatWasGivenBackCannotBeRenewed() throws Exception {
    LeaseStore store = store();
    Lease first = store.tryAcquire("orders", "first").orElseThrow();
    first.close();
    assertThat(first.renew()).isFalse();
    assertThat(store.holder("orders")).isEmpty();
    try (Lease second = reopen(store).tryAcquire("orders", "second").orElseThrow()) {
      assertThat(first.renew()).isFalse();
      assertThat(first.held()).isFalse();
      assertThat(second.renew()).isTrue();
      assertThat(store.holder("orders")).contains("second");
    }
  }

  /**
   * Each plan has a lease of its own.
   *
   * @throws Exception fails the test
   */
  @Test
  public void plansHaveLeasesOfTheirOwn() throws Exception {
    LeaseStore store = store();
    Lease orders = store.tryAcquire("orders", "me").orElseThrow();
    try (Lease billing = store.tryAcquire("billing", "you").orElseThrow()) {
      assertThat(store.holder("orders")).contains("me");
      assertThat(store.holder("billing")).contains("you");

      orders.close();

      assertThat(billing.held()).isTrue();
      assertThat(store.holder("orders")).isEmpty();
      assertThat(store.holder("billing")).contains("you");
    }
  }

  /**
   * The owner is told as it was given, whatever characters it has.
   *
   * @throws Exception fails the test
   */
  @Test
  public void theOwnerIsToldAsItWasGiven() throws Exception {
    LeaseStore store = store();
    String owner = " process 4711 on Zürich-漢字 \"quoted\" \\ ";
    try (Lease lease = store.tryAcquire("orders", owner).orElseThrow()) {
      assertThat(lease.held()).isTrue();
      assertThat(reopen(store).holder("orders")).contains(owner);
    }
  }

  /**
   * An owner that tells nobody anything is refused.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aBlankOwnerIsRefused() throws Exception {
    LeaseStore store = store();

    for (String blank : List.of("", " ")) {
      assertThatThrownBy(() -> store.tryAcquire("orders", blank))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("owner must not be blank");
    }
    assertThat(store.holder("orders")).isEmpty();
  }

  /**
   * Of many who ask at the same time, exactly one gets the lease, also while others ask who holds it.
   *
   * @throws Exception fails the test
   */
  @Test
  public void ofManyWhoAskExactlyOneGetsIt() throws Exception {
    LeaseStore store = store();
    LeaseStore other = reopen(store);
    ExecutorService racers = Executors.newFixedThreadPool(RACERS);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        List<Callable<Optional<Lease>>> asking = IntStream.range(0, RACERS)
            .<Callable<Optional<Lease>>>mapToObj(racer -> () -> {
              LeaseStore mine = racer % 2 == 0 ? store : other;
              mine.holder("orders");
              return mine.tryAcquire("orders", "racer " + racer);
            })
            .toList();
        int winners = 0;
        for (Future<Optional<Lease>> answer :
            racers.invokeAll(asking, RACE_SECONDS, TimeUnit.SECONDS)) {
          Optional<Lease> won = answer.get();
          winners += won.isPresent() ? 1 : 0;
          won.ifPresent(lease -> assertThat(lease.held()).isTrue());
          won.ifPresent(Lease::close);
        }
        assertThat(winners).isEqualTo(1);
      }
    } finally {
      racers.shutdownNow();
    }
  }
}
