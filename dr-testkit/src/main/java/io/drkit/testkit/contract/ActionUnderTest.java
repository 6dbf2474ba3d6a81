package io.drkit.testkit.contract;

import io.drkit.FailoverAction;
import io.drkit.testkit.FakeContext;
import java.time.Duration;

/** A world in which an action's state is wanted and was not asked for yet, as {@link FailoverActionContract} needs it. */
public interface ActionUnderTest {

  /** Returns the action, as another process would make it: a new instance with each call. */
  FailoverAction action();

  /** Returns the view of a run that wants the state, in a direction in which it is pending: a new one with each call. */
  FakeContext context();

  /**
   * Returns what the action changes, so far as it is the same in two worlds: how many instances run, say, and not their identifiers.
   * Compared by {@code equals}.
   *
   * @throws Exception if it cannot be told; fails the test
   */
  Object changed() throws Exception;

  /**
   * Lets time pass.
   *
   * @param duration how much
   */
  void pass(Duration duration);

  /** Takes away what the action reads the world from, such as the control plane in the site that takes over. */
  void silence();
}
