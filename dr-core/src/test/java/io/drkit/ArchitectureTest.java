package io.drkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.drkit.architecture.HouseRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
  /** The one class of the vocabulary that starts what is internal. */
  private static final String BRIDGE = "io.drkit.DrEngineBuilder";

  private static final JavaClasses CORE = HouseRules.mainClasses("io.drkit");

  @TestFactory
  Stream<DynamicTest> theHouseRulesAreKept() {
    return HouseRules.library().entrySet().stream()
        .map(rule -> dynamicTest(rule.getKey(), () -> rule.getValue().check(CORE)));
  }

  @Test
  void packagesAreFreeOfCycles() {
    HouseRules.packagesAreFreeOfCycles().check(CORE);
  }

  @Test
  void theCoreKnowsNoCloud() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon..", "com.amazonaws..")
        .check(CORE);
  }

  @Test
  void onlyTheBridgeLeadsToTheInternals() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.drkit.internal..")
        .and()
        .haveNameNotMatching("\\Q" + BRIDGE + "\\E(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.drkit.internal..")
        .check(CORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"assess", "detect", "lease", "report", "file", "postgres"})
  void aPackageBesideTheVocabularySeesTheVocabularyOnly(String name) {
    String own = "io.drkit." + name + "..";

    classes()
        .that()
        .resideInAPackage(own)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("io.drkit", "io.drkit.spi", own)
            .or(resideInAPackage("io.drkit..").negate()))
        .allowEmptyShould(true)
        .check(CORE);
  }
}
