package io.drkit;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A state of a dataset to which it can be brought back. Everything written until {@link #completeUntil} is in it; of
 * what came later, nothing is promised.
 *
 * @param dataset the dataset's name
 * @param completeUntil the instant up to which the content is complete; empty if nobody can tell, which counts as the
 *     worst case and never as no loss
 * @param basis how the instant is known, in a few words, for example "replica lag 3 s at 12:00:00Z"
 */
public record RecoveryPoint(String dataset, Optional<Instant> completeUntil, String basis) {

  /**
   * Checks that the parts are there.
   *
   * @throws NullPointerException if one is null
   */
  public RecoveryPoint {
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(completeUntil, "completeUntil");
    Objects.requireNonNull(basis, "basis");
  }

  /**
   * Returns a recovery point whose instant is known.
   *
   * @param dataset the dataset's name
   * @param instant the instant up to which the content is complete
   * @param basis how the instant is known
   */
  public static RecoveryPoint completeUntil(String dataset, Instant instant, String basis) {
    return new RecoveryPoint(dataset, Optional.of(instant), basis);
  }

  /**
   * Returns a recovery point whose instant nobody can tell.
   *
   * @param dataset the dataset's name
   * @param why why it cannot be told
   */
  public static RecoveryPoint unknown(String dataset, String why) {
    return new RecoveryPoint(dataset, Optional.empty(), why);
  }
}
