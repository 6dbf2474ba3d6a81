package io.drkit.testkit.contract;

import io.drkit.spi.LeaseStore;

class MemoryLeaseStoreTest extends LeaseStoreContract {
  @Override
  protected LeaseStore store() {
    return LeaseStore.inMemory();
  }

  @Override
  protected LeaseStore reopen(LeaseStore store) {
    return store;
  }
}
