package io.drkit.internal;

import io.drkit.Declaration;
import io.drkit.spi.RunEvent.RunnerBegan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Since when the site that a run leaves has acknowledged no write, by what people said of it. No more than their word: a site that is lost comes
 * back one day, and nobody fenced it. So the word holds for the run that it was given for, and has to be given again by whoever resumes it.
 */
final class Silence {
  private final Duration rto;
  private Optional<Instant> since;
  /** What somebody said in so many words. */
  private Optional<Instant> told;

  private Instant saidAt;
  private Duration saidAfter = Duration.ZERO;

  /**
   * Begins with what was said by whoever declared the disaster.
   *
   * @param lost whether that was that the site is lost
   * @param now when it was declared: until then it wrote, if nothing else was said
   */
  Silence(Declaration declaration, boolean lost, Instant now, Duration rto) {
    this.rto = rto;
    this.told = declaration.stopped();
    this.since = Optional.of(told.or(declaration::since).orElse(now)).filter(instant -> lost);
    this.saidAt = now;
  }

  /** Somebody declares it lost in the middle of a run, in which it wrote until now for all that is known. */
  void declared(Instant now, Duration elapsed) {
    if (since.isEmpty()) {
      say(now, now, elapsed);
    }
  }

  /**
   * A process resumes the run, or takes it over. One that takes over at once from one that died goes on by the same word; after the RTO,
   * within which all was to be over, nobody reckoned with that any more.
   *
   * @param lost whether whoever asks for it says that the site is lost
   * @param ended whether the run had ended
   * @return whether more may be lost by now than what people were asked for
   */
  boolean resumed(RunnerBegan began, boolean lost, boolean ended, Instant now, Duration elapsed) {
    Optional<Instant> before = since;
    if (ended || elapsed.minus(saidAfter).compareTo(rto) > 0) {
      since = Optional.empty();
      told = Optional.empty();
    }
    if (lost) {
      began
          .stopped()
          .ifPresentOrElse(stopped -> say(stopped, now, elapsed), () -> declared(now, elapsed));
    }
    return since.isEmpty()
        || before.filter(earlier -> !since.get().isAfter(earlier)).isEmpty();
  }

  private void say(Instant instant, Instant now, Duration elapsed) {
    since = Optional.of(instant);
    told = since;
    saidAt = now;
    saidAfter = elapsed;
  }

  /** Since when it is silent; empty if it may write still, for all that was said. */
  Optional<Instant> since() {
    return since;
  }

  /** What was said in so many words of when it stopped, as far as it holds. */
  Optional<Instant> told() {
    return told;
  }

  /** When the word was given: the site lived until then at most, whatever shows that it outlived its word. */
  Instant saidAt() {
    return saidAt;
  }
}
