package io.drkit.testkit.aws;

import io.drkit.testkit.aws.contract.CloudWatchContract;

class FakeCloudWatchTest extends CloudWatchContract {
  FakeCloudWatchTest() {
    super(new OnFake());
  }
}
