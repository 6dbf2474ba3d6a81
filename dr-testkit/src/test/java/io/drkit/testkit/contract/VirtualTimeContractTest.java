package io.drkit.testkit.contract;

import io.drkit.spi.TimeSource;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;

class VirtualTimeContractTest extends TimeSourceContract {
  private final VirtualTime time = VirtualTime.create();

  @Override
  protected TimeSource time() {
    return time;
  }

  @Override
  protected void block(Duration duration) {
    time.charge(duration);
  }
}
