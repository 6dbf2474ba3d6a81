package io.drkit.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.drkit.architecture.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  private static final JavaClasses TESTKIT = HouseRules.mainClasses("io.drkit.testkit");

  @TestFactory
  Stream<DynamicTest> theHouseRulesAreKept() {
    return HouseRules.library().entrySet().stream()
        .map(rule -> dynamicTest(rule.getKey(), () -> rule.getValue().check(TESTKIT)));
  }

  @Test
  void packagesAreFreeOfCycles() {
    HouseRules.packagesAreFreeOfCycles().check(TESTKIT);
  }

  @Test
  void theInternalsOfTheCoreAreLeftAlone() {
    HouseRules.internalsStayInside("io.drkit.testkit..").check(TESTKIT);
  }

  @Test
  void onlyTheFakesOfAwsAndTheEmulatorSeeTheSdk() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.drkit.testkit.aws..", "io.drkit.testkit.emulator..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "software.amazon..",
            "cloud.localstack..",
            "io.drkit.testkit.aws..",
            "io.drkit.testkit.emulator..")
        .because("a game day without AWS must run without the SDK on the class path")
        .allowEmptyShould(true)
        .check(TESTKIT);
  }
}
