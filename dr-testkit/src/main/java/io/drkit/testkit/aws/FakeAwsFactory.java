package io.drkit.testkit.aws;

import io.drkit.testkit.CloudExtension;
import io.drkit.testkit.FakeCloud;

/** Makes a fake cloud's AWS when it is first asked for. Used by the cloud alone. */
public final class FakeAwsFactory implements CloudExtension.Factory {
  /** Creates it, for the service loader. */
  public FakeAwsFactory() {}

  @Override
  public Class<? extends CloudExtension> type() {
    return FakeAws.class;
  }

  @Override
  public CloudExtension extend(FakeCloud cloud) {
    return new FakeAws(cloud);
  }
}
