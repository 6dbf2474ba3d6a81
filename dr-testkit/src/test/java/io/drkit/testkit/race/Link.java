package io.drkit.testkit.race;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The network between one process and one service. Each way may be cut; messages are lost, come late, or come twice. What comes
 * late comes after its sender was told that there is no answer.
 */
final class Link {
  private static final Duration LATEST = ofSeconds(90);

  /** What became of a request. */
  enum Fate {
    NOT_ARRIVED,
    NOT_ANSWERED,
    ARRIVED_TWICE,
    ARRIVED_LATE,
    ARRIVED_TOO_LATE,
    CONFLICTED_WITH_ITSELF
  }

  private final Swarm swarm;
  private final Host host;
  private final Function<String, RuntimeException> error;
  private boolean there = true;
  private boolean back = true;

  /**
   * Creates a link.
   *
   * @param error what the caller gets when there is no answer
   */
  Link(Swarm swarm, Host host, Function<String, RuntimeException> error) {
    this.swarm = swarm;
    this.host = host;
    this.error = error;
  }

  /** Cuts one way or both. */
  void cut() {
    there = swarm.random.nextBoolean();
    back = false;
  }

  void mend() {
    there = true;
    back = true;
  }

  boolean onlyBackIsCut() {
    return there && !back;
  }

  boolean reaches() {
    return swarm.calm || (there && !swarm.chance(swarm.weather.loss() / 2));
  }

  boolean answers() {
    return swarm.calm || (back && !swarm.chance(swarm.weather.loss() / 2));
  }

  /**
   * Sends a request.
   *
   * @param request what the service does with it; throws what it answers if it refuses
   * @param fate is told what the network does to it
   */
  <T> T send(Supplier<T> request, Consumer<Fate> fate) {
    if (swarm.calm) {
      return request.get();
    }
    if (host.inCall()) {
      swarm.time.charge(swarm.upTo(ofMillis(300)));
    }
    if (!reaches()) {
      fate.accept(Fate.NOT_ARRIVED);
      throw error.apply("lost on its way");
    }
    if (swarm.chance(swarm.weather.late())) {
      later(request, fate);
      throw error.apply("no answer yet");
    }
    T answer = request.get();
    if (swarm.chance(swarm.weather.replay())) {
      fate.accept(Fate.ARRIVED_TWICE);
      if (swarm.chance(0.1)) {
        fate.accept(Fate.CONFLICTED_WITH_ITSELF);
        answer = request.get();
      } else {
        later(request, ignored -> {});
      }
    }
    if (!answers()) {
      fate.accept(Fate.NOT_ANSWERED);
      throw error.apply("answered in vain");
    }
    return answer;
  }

  private void later(Supplier<?> request, Consumer<Fate> fate) {
    swarm.time.schedule(swarm.upTo(LATEST), () -> {
      try {
        boolean done = !Boolean.FALSE.equals(request.get());
        fate.accept(done ? Fate.ARRIVED_LATE : Fate.ARRIVED_TOO_LATE);
      } catch (RuntimeException refused) {
        fate.accept(Fate.ARRIVED_TOO_LATE);
      }
    });
  }
}
