package io.drkit.aws;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.drkit.architecture.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  private static final JavaClasses AWS = HouseRules.mainClasses("io.drkit.aws");

  @TestFactory
  Stream<DynamicTest> theHouseRulesAreKept() {
    return HouseRules.library().entrySet().stream()
        .map(rule -> dynamicTest(rule.getKey(), () -> rule.getValue().check(AWS)));
  }

  @Test
  void packagesAreFreeOfCycles() {
    HouseRules.packagesAreFreeOfCycles().check(AWS);
  }

  @Test
  void theInternalsOfTheCoreAreLeftAlone() {
    HouseRules.internalsStayInside("io.drkit.aws..").check(AWS);
  }
}
