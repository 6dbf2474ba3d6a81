package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.aws.contract.S3BucketContract;
import io.drkit.testkit.aws.contract.S3ObjectContract;
import io.drkit.testkit.aws.contract.S3UploadContract;
import io.drkit.testkit.aws.contract.S3VersionContract;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@WithAwsEmulator
class EmulatorS3Test {
  @Nested
  class Buckets extends S3BucketContract {
    Buckets(AwsEmulator emulator) {
      super(new OnEmulator(emulator));
    }

    /** It breaks down over a token of somebody else or takes it. Borne: drkit makes up no tokens. */
    @Override
    @Test
    public void anInventedTokenIsRefused() {
      assertThatThrownBy(super::anInventedTokenIsRefused).isInstanceOf(AssertionError.class);
    }
  }

  @Nested
  class Objects extends S3ObjectContract {
    Objects(AwsEmulator emulator) {
      super(new OnEmulator(emulator));
    }
  }

  @Nested
  class Versions extends S3VersionContract {
    Versions(AwsEmulator emulator) {
      super(new OnEmulator(emulator));
    }

    /** It says 404 where S3 says 405. Borne: drkit never asks for a version by its id. */
    @Override
    @Test
    public void aDeleteMarkerCannotBeRead() {
      assertThatThrownBy(super::aDeleteMarkerCannotBeRead)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("NoSuchVersion");
    }

    /** It forgets all older versions when a bucket stops keeping versions. Borne: drkit only ever turns that on. */
    @Override
    @Test
    public void aSuspendedBucketOverwritesItsNullVersion() {
      assertThatThrownBy(super::aSuspendedBucketOverwritesItsNullVersion)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("but could not find the following elements");
    }

    /** It looks at the source only. Borne: what replicates looks at both buckets itself. */
    @Override
    @Test
    public void replicationTakesVersions() {
      assertThatThrownBy(super::replicationTakesVersions)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting code to raise a throwable");
    }

    /** It keeps the setting and replicates nothing. Borne: replication is tried on the fake. */
    @Override
    @Test
    public void whatIsWrittenIsReplicatedLater() {
      assertThatThrownBy(super::whatIsWrittenIsReplicatedLater)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("[PENDING, COMPLETED]");
    }
  }

  @Nested
  class Uploads extends S3UploadContract {
    Uploads(AwsEmulator emulator) {
      super(new OnEmulator(emulator));
    }

    /** It puts parts in order by itself. Borne: drkit names parts in the order of their numbers. */
    @Override
    @Test
    public void partsOutOfOrderAreRefused() {
      assertThatThrownBy(super::partsOutOfOrderAreRefused)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting code to raise a throwable");
    }

    /** It answers once more for an upload that was completed. Borne: drkit takes such an answer for what it is, and the refusal is tried on the fake. */
    @Override
    @Test
    public void aCompletedUploadIsGone() {
      assertThatThrownBy(super::aCompletedUploadIsGone)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting code to raise a throwable");
    }

    /** It copies what there is of a range. Borne: drkit copies ranges of the size that the source was seen to have, and only of the very source. */
    @Override
    @Test
    public void aRangeThatIsNotThereIsNotCopied() {
      assertThatThrownBy(super::aRangeThatIsNotThereIsNotCopied)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting code to raise a throwable");
    }

    /** It lists uploads in the order in which they were begun. Borne: drkit looks at all of them. */
    @Override
    @Test
    public void uploadsAreListedInOrderPageByPage() {
      assertThatThrownBy(super::uploadsAreListedInOrderPageByPage)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Expecting");
    }
  }
}
