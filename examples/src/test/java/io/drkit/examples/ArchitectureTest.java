package io.drkit.examples;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.drkit.architecture.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  private static final JavaClasses EXAMPLES = HouseRules.mainClasses("io.drkit.examples");

  @TestFactory
  Stream<DynamicTest> theHouseRulesAreKept() {
    return HouseRules.program().entrySet().stream()
        .map(rule -> dynamicTest(rule.getKey(), () -> rule.getValue().check(EXAMPLES)));
  }

  @Test
  void packagesAreFreeOfCycles() {
    HouseRules.packagesAreFreeOfCycles().check(EXAMPLES);
  }

  @Test
  void theInternalsOfTheCoreAreLeftAlone() {
    HouseRules.internalsStayInside("io.drkit.examples..").check(EXAMPLES);
  }
}
