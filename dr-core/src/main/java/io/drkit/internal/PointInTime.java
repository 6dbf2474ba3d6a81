package io.drkit.internal;

import io.drkit.RecoveryPoint;
import java.time.Instant;
import java.util.Optional;

/** The instant to which a run recovers its data: what was written after it is bad, and is never promoted in silence. */
final class PointInTime {
  private PointInTime() {}

  /** Whether a promotion of a recovery point would keep to an instant, as far as that can be told. */
  static boolean kept(Optional<Instant> wanted, Optional<RecoveryPoint> point) {
    return wanted.isEmpty()
        || point
            .flatMap(RecoveryPoint::completeUntil)
            .filter(until -> !until.isAfter(wanted.get()))
            .isPresent();
  }

  /** Why a dataset must not be promoted from a recovery point. */
  static String before(String dataset, Instant wanted, Optional<RecoveryPoint> point) {
    return "'" + dataset + "' is to be recovered to " + wanted + ", but "
        + what(point, "it would be promoted")
        + "; nothing was promoted: a copy from before that instant is needed";
  }

  /** Why a dataset that was promoted is not what was wanted. */
  static String after(String dataset, Instant wanted, Optional<RecoveryPoint> point) {
    return "'" + dataset + "' was to be recovered to " + wanted + ", but "
        + what(point, "it was promoted")
        + ", and may hold what went bad; restore it to that instant by hand, then skip this step";
  }

  private static String what(Optional<RecoveryPoint> point, String promoted) {
    return point
        .flatMap(RecoveryPoint::completeUntil)
        .map(until -> promoted + " as of " + until)
        .orElseGet(() -> "nobody can tell as of when " + promoted
            + point.map(known -> " (" + known.basis() + ")").orElse(""));
  }
}
