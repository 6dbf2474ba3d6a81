package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.aws.contract.RdsInstanceContract;
import io.drkit.testkit.aws.contract.RdsReplicaContract;
import io.drkit.testkit.aws.contract.RdsSnapshotContract;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@WithAwsEmulator
class EmulatorRdsTest {
  @Nested
  class Instances extends RdsInstanceContract {
    Instances(AwsEmulator emulator) {
      super(new OnEmulator(emulator));
    }

    /** It gives a database the name of another one. Borne: the names that drkit gives have the id of the run. */
    @Override
    @Test
    public void aDatabaseIsNotGivenAnothersName() {
      assertThatThrownBy(super::aDatabaseIsNotGivenAnothersName)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting code to raise a throwable");
    }

    /** It has pages of any size. Borne: drkit asks for one database at a time. */
    @Override
    @Test
    public void aPageHasTwentyPlacesAtLeast() {
      assertThatThrownBy(super::aPageHasTwentyPlacesAtLeast)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting code to raise a throwable");
    }
  }

  @Nested
  class Replicas extends RdsReplicaContract {
    Replicas(AwsEmulator emulator) {
      super(new OnEmulator(emulator));
    }
  }

  @Nested
  class Snapshots extends RdsSnapshotContract {
    Snapshots(AwsEmulator emulator) {
      super(new OnEmulator(emulator));
    }

    /** It deletes without a word about a last snapshot. Borne: drkit says that there is to be none. */
    @Override
    @Test
    public void aDeletionNamesALastSnapshotOrNone() {
      assertThatThrownBy(super::aDeletionNamesALastSnapshotOrNone)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting code to raise a throwable");
    }

    /** It looks at no time. Borne: drkit restores snapshots and no points in time. */
    @Override
    @Test
    public void aDatabaseIsNotRestoredToTheFuture() {
      assertThatThrownBy(super::aDatabaseIsNotRestoredToTheFuture)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting code to raise a throwable");
    }
  }
}
