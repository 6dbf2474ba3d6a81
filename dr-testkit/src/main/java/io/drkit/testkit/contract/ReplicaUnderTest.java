package io.drkit.testkit.contract;

import io.drkit.Replicator;
import io.drkit.testkit.FakeContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A world with a dataset in one site, of which there is no copy yet, as {@link ReplicatorContract} needs it. */
public interface ReplicaUnderTest {

  /** Returns the replicator, as another process would make it: a new instance with each call. */
  Replicator replicator();

  /** Returns the view of a run from the site that has the dataset to that of the copy: a new one with each call. */
  FakeContext context();

  /** Returns the view of a run the other way: a new one with each call. */
  FakeContext back();

  /** Returns the instant now, by the clock that recovery points are told by. */
  Instant now();

  /**
   * Lets time pass, in which the dataset is written as it usually is.
   *
   * @param duration how much
   */
  void pass(Duration duration);

  /** Takes the site of the dataset away, or the link to it. */
  void loseSource();

  /**
   * Brings the site of the dataset back, with nobody who writes there.
   *
   * @throws Exception if that fails; fails the test
   */
  void healSource() throws Exception;

  /** Makes the lag of the copy unreadable, by whatever means it is read. */
  void silence();

  /**
   * Returns the truth, which no replicator tells: until when the copy has all that was written to the dataset. For a copy that was
   * promoted, until when it had that when it was.
   *
   * @return empty if nobody can tell; nothing is compared then
   */
  Optional<Instant> completeUntil();

  /**
   * Returns what the site of the dataset still holds of it, under whatever names. Compared before and after it was retired, by
   * {@code equals}: retiring deletes and overwrites nothing.
   *
   * @throws Exception if it cannot be told; fails the test
   */
  Object heldAtSource() throws Exception;
}
