package io.drkit.testkit.aws;

import io.drkit.testkit.aws.contract.RdsInstanceContract;
import io.drkit.testkit.aws.contract.RdsReplicaContract;
import io.drkit.testkit.aws.contract.RdsSnapshotContract;
import org.junit.jupiter.api.Nested;

class FakeRdsContractTest {
  @Nested
  class Instances extends RdsInstanceContract {
    Instances() {
      super(new OnFake());
    }
  }

  @Nested
  class Replicas extends RdsReplicaContract {
    Replicas() {
      super(new OnFake());
    }
  }

  @Nested
  class Snapshots extends RdsSnapshotContract {
    Snapshots() {
      super(new OnFake());
    }
  }
}
