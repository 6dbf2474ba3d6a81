package io.drkit.testkit;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What was changed at the source of a copy and has not been sent over its link, first in, first out. Computed from the instants at which a
 * rate changed, exactly: amounts are whole billionths of a byte.
 */
final class Backlog {
  private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

  /** From an instant on, until the next one: what was changed before it, and how fast it is. */
  private record Stretch(Instant from, BigInteger changedBefore, long changing) {}

  private final List<Stretch> stretches = new ArrayList<>();
  private final Instant now;
  private final long changing;
  private final long sending;
  private BigInteger changed = BigInteger.ZERO;
  private BigInteger sent = BigInteger.ZERO;

  /**
   * Adds up what happened.
   *
   * @param since when there was nothing to send
   * @param now when it is asked
   * @param turns the instants at which a rate may have changed
   * @param changing how many bytes are changed in a second, at an instant
   * @param sending how many can be sent
   */
  Backlog(
      Instant since,
      Instant now,
      NavigableSet<Instant> turns,
      ToLongFunction<Instant> changing,
      ToLongFunction<Instant> sending) {
    this.now = now;
    this.changing = changing.applyAsLong(now);
    this.sending = sending.applyAsLong(now);
    Instant from = since;
    if (since.isBefore(now)) {
      for (Instant turn : turns.subSet(since, false, now, false)) {
        pass(from, turn, changing.applyAsLong(from), sending.applyAsLong(from));
        from = turn;
      }
      pass(from, now, changing.applyAsLong(from), sending.applyAsLong(from));
    }
  }

  private void pass(Instant from, Instant until, long changes, long sends) {
    BigInteger nanos = BigInteger.valueOf(Duration.between(from, until).toNanos());
    stretches.add(new Stretch(from, changed, changes));
    changed = changed.add(BigInteger.valueOf(changes).multiply(nanos));
    sent = sent.add(BigInteger.valueOf(sends).multiply(nanos)).min(changed);
  }

  /** When the oldest byte was changed that is not sent yet; now if there is none. Never later than the truth. */
  Instant sentUntil() {
    if (sent.equals(changed)) {
      return now;
    }
    Stretch oldest = stretches.get(0);
    for (Stretch stretch : stretches) {
      if (stretch.changedBefore.compareTo(sent) <= 0) {
        oldest = stretch;
      }
    }
    // Where nothing is changed the next stretch begins with the same amount, and was taken.
    BigInteger into =
        sent.subtract(oldest.changedBefore).divide(BigInteger.valueOf(oldest.changing));
    return oldest.from.plusNanos(into.longValueExact());
  }

  /** How many bytes are not sent yet, rounded up. */
  long bytes() {
    return up(changed.subtract(sent), NANOS).longValueExact();
  }

  /** How long it takes to send them as things stand, rounded up to the second; nothing if it takes for ever. */
  Optional<Duration> eta() {
    BigInteger open = changed.subtract(sent);
    if (open.signum() == 0) {
      return Optional.of(Duration.ZERO);
    }
    if (sending <= changing) {
      return Optional.empty();
    }
    BigInteger perSecond = BigInteger.valueOf(sending - changing).multiply(NANOS);
    return Optional.of(Duration.ofSeconds(up(open, perSecond).longValueExact()));
  }

  private static BigInteger up(BigInteger amount, BigInteger by) {
    return amount.add(by).subtract(BigInteger.ONE).divide(by);
  }
}
