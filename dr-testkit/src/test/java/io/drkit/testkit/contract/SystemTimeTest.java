package io.drkit.testkit.contract;

import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class SystemTimeTest extends TimeSourceContract {
  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  @Override
  protected void block(Duration duration) throws InterruptedException {
    if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("nobody opens this latch");
    }
  }
}
