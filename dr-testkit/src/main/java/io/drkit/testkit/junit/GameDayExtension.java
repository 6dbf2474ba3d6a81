package io.drkit.testkit.junit;

import io.drkit.DrStrategy;
import io.drkit.testkit.junit.PlayedDay.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs a {@link GameDay} for each strategy, disaster and seed; the annotation brings it along. Thread-safe. */
public final class GameDayExtension implements TestTemplateInvocationContextProvider {
  /** Creates the extension; JUnit does. */
  public GameDayExtension() {}

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), GameDay.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    GameDay gameDay =
        AnnotationSupport.findAnnotation(context.getTestMethod(), GameDay.class).orElseThrow();
    if (gameDay.seeds() < 1) {
      throw new ExtensionConfigurationException(
          "@GameDay on " + context.getRequiredTestMethod().getName() + ": seeds must be 1 or more: "
              + gameDay.seeds());
    }
    if (gameDay.strategy().length == 0 || gameDay.disaster().length == 0) {
      throw new ExtensionConfigurationException(
          "@GameDay on " + context.getRequiredTestMethod().getName()
              + ": name one strategy and one disaster at least, or leave them out");
    }
    if (gameDay.more() < 0) {
      throw new ExtensionConfigurationException(
          "@GameDay on " + context.getRequiredTestMethod().getName()
              + ": more must not be negative: " + gameDay.more());
    }
    List<TestTemplateInvocationContext> days = new ArrayList<>();
    for (DrStrategy strategy : gameDay.strategy()) {
      for (GameDayDisaster disaster : gameDay.disaster()) {
        for (int i = 0; i < gameDay.seeds(); i++) {
          days.add(
              new Invocation(new Setting(strategy, disaster, gameDay.seed() + i, gameDay.more())));
        }
      }
    }
    return days.stream();
  }

  private record Invocation(Setting setting) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int index) {
      return setting.toString();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new GameDayWorld(setting));
    }
  }
}
