package io.drkit.spi;

import io.drkit.DrException;
import io.drkit.spi.LeaseTable.Entry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leases that run out; see {@link LeaseStore#over}. A record's epoch tells whose it is: it rises in the same compare-and-set
 * that takes the lease, so that no two takers have the same one, whatever became of their answers.
 */
final class ExpiringLeaseStore implements LeaseStore {
  private final LeaseTable table;
  private final TimeSource time;
  private final Duration duration;
  /** For each plan, the record that was held by another when it was last asked for. */
  final Map<String, Seen> watched = new ConcurrentHashMap<>();

  ExpiringLeaseStore(LeaseTable table, TimeSource time, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("duration must be positive: " + duration);
    }
    this.table = Objects.requireNonNull(table, "table");
    this.time = Objects.requireNonNull(time, "time");
    this.duration = duration;
  }

  @Override
  public Optional<Lease> tryAcquire(String plan, String owner) {
    if (owner.isBlank()) {
      throw new IllegalArgumentException(
          "owner must not be blank: it tells people who holds the lease");
    }
    Entry entry = table.read(plan);
    Duration now = time.uptime();
    if (entry.held() && !unchangedForLong(plan, entry, now)) {
      return Optional.empty();
    }
    Entry taken = entry.taken(owner);
    return table.replace(plan, entry, taken)
        ? Optional.of(new ExpiringLease(plan, taken.epoch(), now.plus(duration)))
        : Optional.empty();
  }

  /** Whoever holds it counts from before the record was written, so it is over for that one when it is for us. */
  private boolean unchangedForLong(String plan, Entry entry, Duration now) {
    Seen seen = watched.compute(
        plan,
        (name, before) ->
            before != null && before.entry.equals(entry) ? before : new Seen(entry, now));
    return now.minus(seen.since).compareTo(duration) >= 0;
  }

  @Override
  public Optional<String> holder(String plan) {
    return Optional.of(table.read(plan)).filter(Entry::held).map(Entry::owner);
  }

  @Override
  public Optional<Duration> duration() {
    return Optional.of(duration);
  }

  /** A record as it was seen first. */
  record Seen(Entry entry, Duration since) {}

  private final class ExpiringLease implements Lease {
    private final String plan;
    private final long epoch;
    /** In uptime; zero if it was given back or is known to be lost. */
    private volatile Duration end;

    ExpiringLease(String plan, long epoch, Duration end) {
      this.plan = plan;
      this.epoch = epoch;
      this.end = end;
    }

    @Override
    public Optional<Duration> remaining() {
      Duration left = end.minus(time.uptime());
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }

    @Override
    public boolean held() {
      return time.uptime().compareTo(end) < 0;
    }

    @Override
    public boolean renew() {
      Duration now = time.uptime();
      if (!held()) {
        return false;
      }
      Entry entry = table.read(plan);
      if (!mine(entry)) {
        lose();
        return false;
      }
      if (!table.replace(plan, entry, entry.renewed())) {
        throw new DrException(
            "plan '" + plan
                + "': its lease changed while it was renewed, perhaps by an earlier renewal that had no answer; renew it again");
      }
      return extend(now.plus(duration));
    }

    /** What was over when the answer came stays over: somebody may have acted on it. */
    private synchronized boolean extend(Duration until) {
      if (!held()) {
        return false;
      }
      end = until.compareTo(end) > 0 ? until : end;
      return true;
    }

    private synchronized void lose() {
      end = Duration.ZERO;
    }

    private boolean mine(Entry entry) {
      return entry.epoch() == epoch && entry.held();
    }

    @Override
    public void close() {
      boolean held = held();
      lose();
      if (held) {
        Entry entry = table.read(plan);
        if (mine(entry)) {
          // If a late renewal comes first, it runs out by itself.
          table.replace(plan, entry, entry.givenBack());
        }
      }
    }

    @Override
    public String toString() {
      return "Lease[" + plan + ", epoch " + epoch + "]";
    }
  }
}
