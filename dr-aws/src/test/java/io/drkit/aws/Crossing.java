package io.drkit.aws;

import io.drkit.Site;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.FakeContext;

/** The two regions between which the tests move, and steps of runs from the one to the other. */
public final class Crossing {
  /** The site that the tests leave. */
  public static final Site EAST = Site.region("us-east-1");

  /** The site that takes over in the tests. */
  public static final Site WEST = Site.region("us-west-2");

  private Crossing() {}

  /** {@return a step of a run from east to west} */
  public static FakeContext westward(String run) {
    return FakeContext.of(TimeSource.system(), EAST, WEST).run(run);
  }

  /** {@return a step of a run from west to east} */
  public static FakeContext eastward(String run) {
    return FakeContext.of(TimeSource.system(), WEST, EAST).run(run);
  }
}
