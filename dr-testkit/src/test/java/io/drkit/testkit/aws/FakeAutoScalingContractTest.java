package io.drkit.testkit.aws;

import io.drkit.testkit.aws.contract.AutoScalingContract;

class FakeAutoScalingContractTest extends AutoScalingContract {
  FakeAutoScalingContractTest() {
    super(new OnFake());
  }
}
