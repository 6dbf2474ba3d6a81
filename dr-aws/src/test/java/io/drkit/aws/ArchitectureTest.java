package io.drkit.aws;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.drkit.architecture.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
  private static final String ROOT = "io.drkit.aws";
  private static final JavaClasses AWS = HouseRules.mainClasses(ROOT);

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

  @TestFactory
  Stream<DynamicTest> aServiceDoesNotSeeTheOthers() {
    return AWS.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> !name.equals(ROOT))
        .distinct()
        .sorted()
        .map(service -> dynamicTest(
            service,
            () -> noClasses()
                .that()
                .resideInAPackage(service)
                .should()
                .dependOnClassesThat(anotherServiceThan(service))
                .check(AWS)));
  }

  private static DescribedPredicate<JavaClass> anotherServiceThan(String service) {
    return DescribedPredicate.describe(
        "belong to another service than " + service,
        type -> type.getPackageName().startsWith(ROOT + ".")
            && !type.getPackageName().equals(service));
  }

  /** An application leaves out the modules of services that it does not use. */
  @Test
  void whatAllServicesShareNeedsTheModuleOfNone() {
    noClasses()
        .that()
        .resideInAPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon.awssdk.services..")
        .check(AWS);
  }
}
