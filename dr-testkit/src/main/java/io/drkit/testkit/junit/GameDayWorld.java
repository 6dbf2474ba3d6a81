package io.drkit.testkit.junit;

import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.junit.PlayedDay.Setting;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.ReflectionSupport;

/** The world of one game day: built before the test, struck when it begins, and held against the truth after it. */
final class GameDayWorld
    implements BeforeEachCallback,
        ParameterResolver,
        AfterTestExecutionCallback,
        AfterEachCallback {
  private static final String INVARIANT = "an invariant";

  private final Setting setting;
  private @Nullable PlayedDay day;

  GameDayWorld(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws InterruptedException {
    PlayedDay begun = new PlayedDay(setting);
    day = begun;
    begun.strike(begun.more(setting));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PlayedDay.PARAMETERS.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (day == null) {
      throw new IllegalStateException("a " + type.getSimpleName()
          + " is there from the test method on; take it as its parameter");
    }
    return day.parameter(type);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) throws Exception {
    if (day == null) {
      return;
    }
    if (context.getExecutionException().isPresent()) {
      Throwable failure = context.getExecutionException().get();
      failure.addSuppressed(record(day, failure.getClass().getName(), context));
      return;
    }
    List<String> broken = day.brokenInvariants();
    if (!broken.isEmpty()) {
      AssertionError failure = new AssertionError(
          "after the test, an invariant does not hold:\n  " + String.join("\n  ", broken));
      failure.addSuppressed(record(day, INVARIANT, context));
      throw failure;
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (day != null) {
      day.close();
    }
  }

  /**
   * What to see of a day that failed.
   *
   * @param way in which way it did: by which error of the test, or by an invariant
   */
  private GameDayRecord record(PlayedDay failed, String way, ExtensionContext context)
      throws Exception {
    String smallest = "";
    DisasterSchedule schedule = failed.more(setting);
    if (!schedule.strikes().isEmpty()) {
      smallest = "\nbeside the first disaster: " + schedule + "\nit fails with no more than: "
          + smallest(schedule, way, context);
    }
    String broken = failed.brokenInvariants().stream()
        .map(sentence -> "\nan invariant does not hold: " + sentence)
        .collect(Collectors.joining());
    return new GameDayRecord(setting + smallest + broken + "\n" + failed.timeline());
  }

  /** Plays the day again with fewer and fewer disasters; without what else the test's class does before each test. */
  private String smallest(DisasterSchedule schedule, String way, ExtensionContext context)
      throws Exception {
    Method test = context.getRequiredTestMethod();
    Constructor<?>[] constructors = context.getRequiredTestClass().getDeclaredConstructors();
    boolean alone = constructors.length == 1
        && constructors[0].getParameterCount() == 0
        && PlayedDay.PARAMETERS.containsAll(List.of(test.getParameterTypes()));
    if (!alone) {
      return "(not tried: the test takes more than a game day's parameters)";
    }
    return schedule
        .smallestFailing(fewer -> way.equals(fails(fewer, constructors[0], test)))
        .map(DisasterSchedule::toString)
        .orElse("(it passed when it was played again: it depends on more than its seed)");
  }

  /** In which way the day fails with a schedule; null if it does not. */
  private @Nullable String fails(
      DisasterSchedule schedule, Constructor<?> constructor, Method test) {
    try (PlayedDay again = new PlayedDay(setting)) {
      again.strike(schedule);
      Object instance = ReflectionSupport.newInstance(constructor.getDeclaringClass());
      Object[] parameters =
          Stream.of(test.getParameterTypes()).map(again::parameter).toArray();
      test.setAccessible(true);
      test.invoke(instance, parameters);
      return again.brokenInvariants().isEmpty() ? null : INVARIANT;
    } catch (InvocationTargetException failed) {
      return failed.getTargetException().getClass().getName();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the game day cannot be played again", e);
    }
  }
}
