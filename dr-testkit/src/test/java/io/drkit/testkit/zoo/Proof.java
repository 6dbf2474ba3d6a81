package io.drkit.testkit.zoo;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A process that runs one test class, or one method, and tells by its exit value whether anything failed. */
final class Proof {
  static final int PASSED = 10;
  static final int FAILED = 11;

  private Proof() {}

  public static void main(String[] arguments) {
    String proof = arguments[0];
    Events events = EngineTestKit.engine("junit-jupiter")
        .selectors(proof.contains("#") ? selectMethod(proof) : selectClass(proof))
        .execute()
        .allEvents();
    events.failed().stream().forEach(System.out::println);
    if (events.finished().count() == 0
        || events
            .started()
            .filter(e -> e.getTestDescriptor().isTest())
            .findAny()
            .isEmpty()) {
      throw new AssertionError("there is no test in " + proof);
    }
    System.exit(events.failed().count() > 0 ? FAILED : PASSED);
  }
}
