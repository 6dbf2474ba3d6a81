package io.drkit.testkit.contract;

import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where whoever looked waits until another one has looked, so that both act on what they saw; alone, not for long. */
final class Meeting {
  private final Exchanger<Meeting> exchanger = new Exchanger<>();

  void waitForAnother() {
    try {
      exchanger.exchange(this, 50, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Nobody else looks.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
