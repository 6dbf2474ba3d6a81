package io.drkit.testkit.aws;

import io.drkit.testkit.aws.contract.Ec2Contract;

class FakeEc2ContractTest extends Ec2Contract {
  FakeEc2ContractTest() {
    super(new OnFake());
  }
}
