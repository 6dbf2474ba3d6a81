package io.drkit.testkit.aws;

import io.drkit.testkit.aws.contract.S3Contract;

class FakeS3Test extends S3Contract {
  FakeS3Test() {
    super(new OnFake());
  }
}
