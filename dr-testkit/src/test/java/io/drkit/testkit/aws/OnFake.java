package io.drkit.testkit.aws;

import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.aws.contract.AwsUnderTest;
import java.time.Duration;
import software.amazon.awssdk.core.SdkClient;

/** The fakes, as a contract asks them. */
record OnFake(FakeCloud cloud) implements AwsUnderTest {
  OnFake() {
    this(FakeCloud.builder().build());
  }

  @Override
  public <C extends SdkClient> C client(Class<C> type, String region) {
    return cloud.client(type, region);
  }

  @Override
  public void pass(Duration time) {
    cloud.time().advance(time);
  }
}
