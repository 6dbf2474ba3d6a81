package io.drkit.internal;

import io.drkit.RecoveryObjective;
import io.drkit.spi.RunEvent.PlannedChild;
import io.drkit.spi.RunEvent.RunStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Since when the site that a run leaves has acknowledged no write, by what people said of it. No more than their word: a site that is lost comes
 * back one day, and nobody fenced it. So the word holds for as long as somebody sees to the run that it was given for. Whoever goes on with one that
 * ended, or that nobody saw to for longer than the RPO, has to give it again.
 */
final class Silence {
  /** For how long nobody may see to the run: within it, no more is lost than may be. */
  private final Duration limit;

  private Optional<Instant> since;
  /** What somebody said in so many words. */
  private Optional<Instant> told;

  private Optional<Instant> saidAt;
  private boolean declared;
  /** For how long nobody saw to the run since. */
  private Duration unattended = Duration.ZERO;

  /**
   * Begins with what was said by whoever declared the disaster.
   *
   * @param lost whether that was that the site is lost
   * @param now when it was declared: until then it wrote, if nothing else was said
   */
  Silence(RunStarted started, boolean lost, Instant now) {
    this.limit = Stream.concat(
            Stream.of(started.objective()),
            started.children().stream().map(PlannedChild::objective))
        .map(RecoveryObjective::rpo)
        .min(Duration::compareTo)
        .orElseThrow();
    this.told = started.declaration().stopped();
    this.since =
        Optional.of(told.or(started.declaration()::since).orElse(now)).filter(instant -> lost);
    this.saidAt = Optional.of(now);
  }

  /** Somebody declared it lost since the run's last record, by a clock that measures nothing: it wrote until the next one. */
  void declaredSince() {
    declared = true;
  }

  /** The run wrote something; empty if nobody can tell when that is. */
  void heard(Supplier<Optional<Instant>> now) {
    if (declared) {
      declared = false;
      declared(now.get());
    }
  }

  /** It is declared lost in the middle of a run, in which it wrote until now for all that is known. */
  private void declared(Optional<Instant> now) {
    if (since.isEmpty()) {
      now.ifPresent(instant -> say(instant, now));
    }
  }

  /**
   * A process resumes the run, or takes it over.
   *
   * @param stopped until when the site wrote, if whoever asks for it says so
   * @param lost whether he says that it is lost
   * @param stoodStill for how long nobody saw to the run; empty if it had ended, or nobody can tell
   * @return whether more may be lost by now than what people were asked for, by more than what was written while nobody saw to the run
   */
  boolean resumed(
      Optional<Instant> stopped,
      boolean lost,
      Optional<Duration> stoodStill,
      Optional<Instant> now) {
    Duration unseen = stoodStill.orElse(Duration.ZERO);
    Optional<Instant> before = since.map(instant -> instant.plus(unseen));
    unattended = unattended.plus(unseen);
    if (stoodStill.isEmpty() || unattended.compareTo(limit) > 0) {
      since = Optional.empty();
      told = Optional.empty();
      declared = false;
    } else {
      // It may have been back for just as long.
      since = before;
    }
    if (lost) {
      stopped.ifPresentOrElse(instant -> say(instant, now), () -> declared(now));
    }
    return since.isEmpty()
        || before.filter(earlier -> !since.get().isAfter(earlier)).isEmpty();
  }

  private void say(Instant instant, Optional<Instant> now) {
    since = Optional.of(instant);
    told = since;
    saidAt = now;
    unattended = Duration.ZERO;
  }

  /** Since when it is silent; empty if it may write still, for all that was said. */
  Optional<Instant> since() {
    return since;
  }

  /** What was said in so many words of when it stopped, as far as it holds. */
  Optional<Instant> told() {
    return told;
  }

  /** When the word was given, if anybody can tell: the site lived until then at most, whatever shows that it outlived its word. */
  Optional<Instant> saidAt() {
    return saidAt;
  }
}
