package io.drkit.testkit.contract;

import io.drkit.file.FileLeaseStore;
import io.drkit.spi.LeaseStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileLeaseStoreTest extends LeaseStoreContract {
  @TempDir
  Path temporary;

  @Override
  protected LeaseStore store() {
    return FileLeaseStore.at(temporary.resolve("leases"));
  }

  @Override
  protected LeaseStore reopen(LeaseStore store) {
    return store();
  }
}
