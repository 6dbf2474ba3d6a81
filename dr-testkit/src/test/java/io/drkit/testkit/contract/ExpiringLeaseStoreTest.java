package io.drkit.testkit.contract;

import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import java.time.Duration;

class ExpiringLeaseStoreTest extends ExpiringLeaseStoreContract {
  private final LeaseTable table = LeaseTable.inMemory();
  private final HandClock clock = new HandClock();

  @Override
  protected LeaseStore store() {
    return LeaseStore.over(table, clock, Duration.ofSeconds(30));
  }

  @Override
  protected LeaseStore reopen(LeaseStore store) {
    return store();
  }

  @Override
  protected void pass(Duration duration) {
    clock.pass(duration);
  }
}
