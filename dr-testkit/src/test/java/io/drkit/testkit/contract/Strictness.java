package io.drkit.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Whether a contract notices what is wrong with whoever is held to it. */
public final class Strictness {
  private Strictness() {}

  /**
   * Holds somebody to a contract.
   *
   * @param test the test that has to fail, among others; empty if none may
   * @param held the contract's subclass, which must not be run by itself
   */
  public static void assertFound(String test, Class<?> held) {
    List<String> failed = EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(held))
        .execute()
        .testEvents()
        .failed()
        .stream()
        .map(Event::getTestDescriptor)
        .map(each -> each.getDisplayName().replace("()", ""))
        .toList();
    if (test.isEmpty()) {
      assertThat(failed).isEmpty();
    } else {
      assertThat(failed).contains(test);
    }
  }

  /** {@return the names of a contract's tests} */
  public static List<String> testsOf(Class<?> contract) {
    return List.of(contract.getDeclaredMethods()).stream()
        .filter(method -> method.isAnnotationPresent(Test.class))
        .map(method -> method.getName())
        .toList();
  }
}
