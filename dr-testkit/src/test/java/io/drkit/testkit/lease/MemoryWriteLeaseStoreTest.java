package io.drkit.testkit.lease;

import io.drkit.lease.WriteLeaseStore;
import io.drkit.testkit.contract.WriteLeaseStoreContract;

class MemoryWriteLeaseStoreTest extends WriteLeaseStoreContract {
  @Override
  protected WriteLeaseStore store() {
    return WriteLeaseStore.inMemory();
  }

  @Override
  protected WriteLeaseStore reopen(WriteLeaseStore store) {
    return store;
  }
}
