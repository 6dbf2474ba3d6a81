package io.drkit.testkit.emulator;

import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link WithAwsEmulator} does; use the annotation. */
public final class AwsEmulatorExtension
    implements ExecutionCondition, BeforeAllCallback, ParameterResolver {
  static final String REQUIRED = "DRKIT_REQUIRE_EMULATOR";

  private static final Namespace NAMESPACE = Namespace.create(AwsEmulatorExtension.class);

  private final Supplier<EmulatorSearch> search;
  private final boolean required;

  /** Creates the extension, as JUnit does, once for each annotated class. */
  public AwsEmulatorExtension() {
    this(AwsEmulator::find, Boolean.parseBoolean(System.getenv(REQUIRED)));
  }

  AwsEmulatorExtension(Supplier<EmulatorSearch> search, boolean required) {
    this.search = search;
    this.required = required;
  }

  /** {@return whether the test runs: it does with an emulator, and where one is required, to fail} */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    EmulatorSearch found = found(context);
    if (found.emulator().isPresent()) {
      return ConditionEvaluationResult.enabled("There is an AWS emulator: " + found.orThrow());
    }
    if (required) {
      return ConditionEvaluationResult.enabled(REQUIRED + "=true");
    }
    return ConditionEvaluationResult.disabled("There is no AWS emulator. " + found.reason());
  }

  /**
   * Empties the emulator for a top-level class.
   *
   * @throws IllegalStateException if an emulator is required and there is none, or it does not answer
   */
  @Override
  public void beforeAll(ExtensionContext context) {
    EmulatorSearch found = found(context);
    if (found.emulator().isEmpty()) {
      throw new IllegalStateException(
          REQUIRED + "=true asks for an AWS emulator, and there is none. " + found.reason());
    }
    if (context.getParent().equals(Optional.of(context.getRoot()))) {
      found.orThrow().reset();
    }
  }

  /** {@return whether the parameter is an emulator} */
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == AwsEmulator.class;
  }

  /** {@return the emulator} */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return found(context).orThrow();
  }

  private EmulatorSearch found(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Shared.class, key -> new Shared(search.get()), Shared.class)
        .search();
  }

  /** The search of one run; its store closes it at the end. */
  private record Shared(EmulatorSearch search) implements AutoCloseable {
    @Override
    public void close() {
      search.emulator().ifPresent(AwsEmulator::close);
    }
  }
}
