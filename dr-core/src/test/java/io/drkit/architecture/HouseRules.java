package io.drkit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.ObjectInputStream;
import java.time.Clock;
import java.util.Calendar;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The rules that every module of drkit keeps, for its {@code ArchitectureTest} to check.
 *
 * <p>A rule over classes that are not written yet passes: a module grows into its rules.
 */
public final class HouseRules {
  /** The one class that may read the machine's clock, sleep or draw real randomness. */
  private static final String SYSTEM_TIME = "SystemTimeSource";

  private HouseRules() {}

  /** {@return the classes below a package, without those of tests} */
  public static JavaClasses mainClasses(String rootPackage) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(rootPackage);
  }

  /** {@return the rules for the code of a library, by name} */
  public static Map<String, ArchRule> library() {
    var rules = new LinkedHashMap<>(program());
    rules.put("nothing is printed", nothingIsPrinted());
    return rules;
  }

  /** {@return the rules for the code of a program, by name: those of a library, but a program may print} */
  public static Map<String, ArchRule> program() {
    var rules = new LinkedHashMap<String, ArchRule>();
    rules.put("time comes from TimeSource alone", noClockButTimeSource());
    rules.put("chance is seeded", noUnseededChance());
    rules.put("no object streams", noObjectStreams());
    rules.put("names say what a class is", namesSayWhatAClassIs());
    return rules;
  }

  /**
   * {@return a rule that no class below a package sees the internals of dr-core}
   *
   * @param packages where the rule holds
   */
  public static ArchRule internalsStayInside(String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.drkit.internal..")
        .because("io.drkit.internal is not exported")
        .allowEmptyShould(true);
  }

  /**
   * {@return a rule that packages do not see each other in a circle}
   *
   * <p>Each package is a slice of its own. {@code io.drkit} and {@code io.drkit.spi} are one: a plan and its run are told in
   * terms of each other. {@code io.drkit.internal} is left out: the bridge leads into it, and it sees everything.
   */
  public static ArchRule packagesAreFreeOfCycles() {
    return slices()
        .assignedFrom(new PackageSlices())
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }

  private static ArchRule noClockButTimeSource() {
    return noClasses()
        .that()
        .haveNameNotMatching(".*[.$]" + SYSTEM_TIME + "(\\$.*)?")
        .should()
        .accessTargetWhere(uses(System.class, "currentTimeMillis|nanoTime")
            .or(uses(Thread.class, "sleep|onSpinWait"))
            .or(uses(TimeUnit.class, "sleep"))
            .or(uses(Clock.class, "system.*|tick(Millis|Seconds|Minutes)"))
            .or(uses(CompletableFuture.class, "orTimeout|completeOnTimeout|delayedExecutor"))
            .or(uses(Timer.class, ".*"))
            .or(usesWithoutArguments(Date.class, "<init>"))
            .or(uses(Calendar.class, "getInstance"))
            .or(usesNow())
            .as("a clock of the machine is read or waited for"))
        .because(
            "everything must run in virtual time; ask TimeSource, whose system implementation is "
                + SYSTEM_TIME)
        .allowEmptyShould(true);
  }

  private static ArchRule noUnseededChance() {
    return noClasses()
        .that()
        .haveNameNotMatching(".*[.$]" + SYSTEM_TIME + "(\\$.*)?")
        .should()
        .accessTargetWhere(uses(Math.class, "random")
            .or(usesWithoutArguments(Random.class, "<init>"))
            .or(usesWithoutArguments(SplittableRandom.class, "<init>"))
            .or(uses(ThreadLocalRandom.class, "current"))
            .or(uses(UUID.class, "randomUUID"))
            .as("chance comes without a seed"))
        .because("a run must be repeatable from its seed")
        .allowEmptyShould(true);
  }

  private static ArchRule nothingIsPrinted() {
    return noClasses()
        .should()
        .accessTargetWhere(uses(System.class, "out|err")
            .or(usesWithoutArguments(Throwable.class, "printStackTrace"))
            .as("something is printed"))
        .because("a library logs, with slf4j, or returns what it has to say")
        .allowEmptyShould(true);
  }

  private static ArchRule noObjectStreams() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ObjectInputStream.class)
        .because("reading serialised objects lets whoever wrote them run code")
        .allowEmptyShould(true);
  }

  private static ArchRule namesSayWhatAClassIs() {
    return noClasses()
        .should()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .because("these words fit everything and so say nothing")
        .allowEmptyShould(true);
  }

  /** Matches calls and method references alike. */
  private static DescribedPredicate<JavaAccess<?>> uses(Class<?> owner, String names) {
    Pattern pattern = Pattern.compile(names);
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + names,
        access -> access.getTargetOwner().isAssignableTo(owner)
            && pattern.matcher(access.getTarget().getName()).matches());
  }

  private static DescribedPredicate<JavaAccess<?>> usesWithoutArguments(
      Class<?> owner, String name) {
    return uses(owner, name)
        .and(DescribedPredicate.describe(
            "no arguments", access -> parametersOf(access).isEmpty()));
  }

  /** Matches {@code now()} and {@code now(ZoneId)} of java.time; {@code now(Clock)} reads a clock that somebody handed over. */
  private static DescribedPredicate<JavaAccess<?>> usesNow() {
    return DescribedPredicate.describe(
        "java.time's now()",
        access -> access.getTargetOwner().getPackageName().startsWith("java.time")
            && access.getTarget().getName().equals("now")
            && parametersOf(access).stream().noneMatch(type -> type.isEquivalentTo(Clock.class)));
  }

  private static List<JavaClass> parametersOf(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        ? target.getRawParameterTypes()
        : List.of();
  }

  private static final class PackageSlices implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = type.getPackageName();
      boolean ours = name.equals("io.drkit") || name.startsWith("io.drkit.");
      if (!ours || name.startsWith("io.drkit.internal")) {
        return SliceIdentifier.ignore();
      }
      return SliceIdentifier.of(name.equals("io.drkit.spi") ? "io.drkit" : name);
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
