package io.drkit.testkit.aws;

import io.drkit.testkit.aws.contract.S3BucketContract;
import io.drkit.testkit.aws.contract.S3ObjectContract;
import io.drkit.testkit.aws.contract.S3UploadContract;
import io.drkit.testkit.aws.contract.S3VersionContract;
import org.junit.jupiter.api.Nested;

class FakeS3Test {
  @Nested
  class Buckets extends S3BucketContract {
    Buckets() {
      super(new OnFake());
    }
  }

  @Nested
  class Objects extends S3ObjectContract {
    Objects() {
      super(new OnFake());
    }
  }

  @Nested
  class Versions extends S3VersionContract {
    Versions() {
      super(new OnFake());
    }
  }

  @Nested
  class Uploads extends S3UploadContract {
    Uploads() {
      super(new OnFake());
    }
  }
}
