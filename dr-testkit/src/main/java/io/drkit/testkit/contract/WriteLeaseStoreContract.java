package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Site;
import io.drkit.lease.Grant;
import io.drkit.lease.WriteLeaseStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link WriteLeaseStore} must hold: one register for each name, of which nobody sees or changes a part. */
public abstract class WriteLeaseStoreContract {
  private static final int RACERS = 8;
  private static final int ROUNDS = 20;

  /** For those who extend it. */
  protected WriteLeaseStoreContract() {}

  /**
   * Returns a store without registers. Called once for each test.
   *
   * @throws Exception if it cannot be made; fails the test
   */
  protected abstract WriteLeaseStore store() throws Exception;

  /**
   * Returns another instance with the same registers, as another process would open it. The first one stays in use.
   *
   * @param store what {@link #store} returned in this test
   * @return another instance; the same one only if registers do not outlive it
   * @throws Exception if it cannot be opened; fails the test
   */
  protected abstract WriteLeaseStore reopen(WriteLeaseStore store) throws Exception;

  private static Grant grant(long epoch, @Nullable Site site) {
    return new Grant(epoch, Optional.ofNullable(site), "run r" + epoch, Duration.ofSeconds(16));
  }

  private static final Site ZONE = Site.region("us-east-1").zone("us-east-1a");

  /**
   * A register that nobody made is told from one that fences everybody.
   *
   * @throws Exception fails the test
   */
  @Test
  public void aRegisterIsReadAsItWasWritten() throws Exception {
    WriteLeaseStore store = store();
    assertThat(store.read("orders")).isEqualTo(Grant.NONE);

    for (Grant grant :
        List.of(grant(1, ZONE), grant(2, null), grant(3, Site.onPremises("hamburg")))) {
      assertThat(store.replace("orders", store.read("orders"), grant)).isTrue();
      assertThat(store.read("orders")).isEqualTo(grant);
    }
    assertThat(store.read("billing")).isEqualTo(Grant.NONE);
  }

  /**
   * Who expects something else changes nothing.
   *
   * @throws Exception fails the test
   */
  @Test
  public void whoExpectsSomethingElseChangesNothing() throws Exception {
    WriteLeaseStore store = store();
    store.replace("orders", Grant.NONE, grant(1, ZONE));

    assertThat(store.replace("orders", Grant.NONE, grant(1, null))).isFalse();
    assertThat(store.replace("orders", grant(2, ZONE), grant(3, null))).isFalse();
    assertThat(store.replace("billing", grant(1, ZONE), grant(2, null))).isFalse();
    assertThat(store.read("orders")).isEqualTo(grant(1, ZONE));
    assertThat(store.read("billing")).isEqualTo(Grant.NONE);
  }

  /**
   * What one instance wrote is what another reads from then on, and may change.
   *
   * @throws Exception fails the test
   */
  @Test
  public void anotherInstanceReadsAndChangesIt() throws Exception {
    WriteLeaseStore store = store();
    WriteLeaseStore other = reopen(store);
    assertThat(other.read("orders")).isEqualTo(Grant.NONE);

    assertThat(store.replace("orders", Grant.NONE, grant(1, ZONE))).isTrue();
    assertThat(other.read("orders")).isEqualTo(grant(1, ZONE));
    assertThat(other.replace("orders", grant(1, ZONE), grant(2, null))).isTrue();
    assertThat(store.read("orders")).isEqualTo(grant(2, null));
    assertThat(store.replace("orders", grant(1, ZONE), grant(2, ZONE))).isFalse();
  }

  /**
   * Of many who change a register at once, one does.
   *
   * @throws Exception fails the test
   */
  @Test
  public void ofManyWhoChangeItAtOnceOneDoes() throws Exception {
    WriteLeaseStore store = store();
    WriteLeaseStore other = reopen(store);
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    try {
      for (long round = 0; round < ROUNDS; round++) {
        Grant before = store.read("orders");
        Grant after = grant(before.epoch() + 1, ZONE);
        List<Callable<Boolean>> racers = LongStream.range(0, RACERS)
            .<Callable<Boolean>>mapToObj(
                racer -> () -> (racer % 2 == 0 ? store : other).replace("orders", before, after))
            .toList();
        int winners = 0;
        for (Future<Boolean> racer : threads.invokeAll(racers)) {
          winners += racer.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
        assertThat(store.read("orders")).isEqualTo(after);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
