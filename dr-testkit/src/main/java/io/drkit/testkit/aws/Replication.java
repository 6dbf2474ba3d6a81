package io.drkit.testkit.aws;

import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How far a replica follows its source. It is computed from what happened when, so that the past can be asked as well.
 *
 * <p>A replica that is to lag more falls behind as time passes, and one that is to lag less, or hears its source again, catches up at
 * some speed: data never goes back, and a backlog takes its time.
 */
final class Replication {
  /** How many seconds of its source's writes a replica makes in a second when it has some to make up for. */
  private static final int SPEED = 10;

  private final FakeCloud cloud;
  private final Instant since;
  private final Predicate<Instant> heard;
  private final Predicate<Instant> stalled;
  private final NavigableMap<Instant, Duration> lags = new TreeMap<>();
  private @Nullable Instant until;
  private @Nullable Instant sourceGone;

  /**
   * Begins.
   *
   * @param since when the replica has its first data
   * @param lag how far it lags then
   * @param heard whether the replica hears its source at an instant
   * @param stalled whether it receives nothing all the same, and does not notice
   */
  Replication(
      FakeCloud cloud,
      Instant since,
      Duration lag,
      Predicate<Instant> heard,
      Predicate<Instant> stalled) {
    this.cloud = cloud;
    this.since = since;
    this.heard = heard;
    this.stalled = stalled;
    lags.put(Instant.MIN, lag);
  }

  /**
   * What a replica has.
   *
   * @param dataUntil it has all that its source wrote until then
   * @param silentSince since when it has not heard its source; empty if it hears it
   */
  record Reach(Instant dataUntil, Optional<Instant> silentSince) {}

  void lag(Instant from, Duration lag) {
    lags.put(from, lag);
  }

  void end(Instant at) {
    until = at;
  }

  void sourceIsGone(Instant at) {
    sourceGone = at;
  }

  boolean lacksItsSource() {
    return sourceGone != null;
  }

  boolean goesOnAt(Instant at) {
    return !at.isBefore(since) && (until == null || at.isBefore(until));
  }

  /** Whether the source was heard all the time between two instants. */
  boolean heardFrom(Instant from, Instant to) {
    return hears(from) && turns(from, to).stream().allMatch(this::hears);
  }

  private boolean hears(Instant at) {
    return heard.test(at) && (sourceGone == null || at.isBefore(sourceGone));
  }

  private NavigableSet<Instant> turns(Instant from, Instant to) {
    NavigableSet<Instant> turns = new TreeSet<>(cloud.turns());
    turns.addAll(lags.keySet());
    if (sourceGone != null) {
      turns.add(sourceGone);
    }
    return from.isBefore(to) ? turns.subSet(from, false, to, false) : new TreeSet<>();
  }

  Reach at(Instant instant) {
    Instant end = until != null && until.isBefore(instant) ? until : instant;
    NavigableSet<Instant> turns = new TreeSet<>(turns(since, end));
    turns.add(end);
    Instant data = since.minus(lagFrom(since));
    Instant from = since;
    Optional<Instant> silent = Optional.empty();
    for (Instant turn : turns) {
      boolean hears = hears(from);
      silent = hears ? Optional.empty() : Optional.of(silent.orElse(from));
      if (hears && !stalled.test(from) && from.isBefore(turn)) {
        data = follow(data, from, turn);
      }
      from = turn;
    }
    return new Reach(data, hears(end) ? Optional.empty() : Optional.of(silent.orElse(end)));
  }

  private Instant follow(Instant data, Instant from, Instant to) {
    Instant wanted = to.minus(lagFrom(from));
    Instant most = data.plus(Duration.between(from, to).multipliedBy(SPEED));
    Instant reached = wanted.isAfter(data) ? wanted : data;
    return reached.isBefore(most) ? reached : most;
  }

  private Duration lagFrom(Instant instant) {
    return lags.floorEntry(instant).getValue();
  }
}
