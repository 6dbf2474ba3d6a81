package io.drkit.testkit.emulator;

import java.lang.reflect.Method;
import java.net.URI;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * LocalStack in a container, by its own library.
 *
 * <p>The library is called by name: it has no module name of its own, and a published module cannot require such a one.
 */
final class LocalStackContainer {
  static final String LIBRARY = "cloud.localstack.Localstack";

  private static final String CONFIGURATION =
      "cloud.localstack.docker.annotation.LocalstackDockerConfiguration";
  // Later images ask for an account.
  private static final String IMAGE_TAG = "4.0.3";
  // With an image that has to be fetched first.
  private static final long START_SECONDS = 180;

  private LocalStackContainer() {}

  /**
   * Starts the container.
   *
   * @throws EmulatorAbsentException if it does not start
   */
  static AwsEmulator start() throws EmulatorAbsentException {
    CompletableFuture<URI> started = new CompletableFuture<>();
    Thread starting = new Thread(
        () -> {
          try {
            URI endpoint = startup();
            if (!started.complete(endpoint)) {
              stop();
            }
          } catch (ReflectiveOperationException | RuntimeException | LinkageError failed) {
            started.completeExceptionally(failed);
          }
        },
        "drkit-localstack");
    starting.setDaemon(true);
    starting.start();
    try {
      URI endpoint = started.get(START_SECONDS, TimeUnit.SECONDS);
      return new AwsEmulator(
          endpoint,
          AwsEmulator.Kind.LOCALSTACK,
          EmulatorControl.localStack(endpoint),
          LocalStackContainer::stop);
    } catch (ExecutionException failed) {
      throw new EmulatorAbsentException("LocalStack does not start: " + reason(failed), failed);
    } catch (TimeoutException late) {
      // Should it start after all, it is stopped then.
      started.completeExceptionally(late);
      starting.interrupt();
      throw new EmulatorAbsentException(
          "LocalStack did not start within " + START_SECONDS + " s.", late);
    } catch (InterruptedException interrupted) {
      starting.interrupt();
      Thread.currentThread().interrupt();
      throw new EmulatorAbsentException("The start of LocalStack was interrupted.", interrupted);
    }
  }

  private static URI startup() throws ReflectiveOperationException {
    Object configuration = call(Class.forName(CONFIGURATION), "builder");
    configuration = call(configuration, "imageTag", IMAGE_TAG);
    configuration = call(configuration, "randomizePorts", true);
    configuration = call(configuration, "build");
    Object localStack = localStack();
    call(localStack, "startup", configuration);
    Object edge = call(localStack, "getEdgePort");
    return URI.create(String.valueOf(call(localStack, "endpointForPort", edge)));
  }

  private static void stop() {
    try {
      Object localStack = localStack();
      if (Boolean.TRUE.equals(call(localStack, "isRunning"))) {
        call(localStack, "stop");
      }
    } catch (ReflectiveOperationException failed) {
      throw new IllegalStateException("LocalStack does not stop: " + reason(failed), failed);
    }
  }

  private static Object localStack() throws ReflectiveOperationException {
    return Objects.requireNonNull(Class.forName(LIBRARY).getField("INSTANCE").get(null));
  }

  /** Calls the one public method of that name that takes the arguments; of a class, a static one. */
  private static Object call(@Nullable Object target, String name, @Nullable Object... arguments)
      throws ReflectiveOperationException {
    Objects.requireNonNull(target, name);
    Class<?> type = target instanceof Class<?> given ? given : target.getClass();
    Method method = Arrays.stream(type.getMethods())
        .filter(each -> each.getName().equals(name) && each.getParameterCount() == arguments.length)
        .findFirst()
        .orElseThrow(() -> new NoSuchMethodException(type.getName() + "." + name));
    Object answer = method.invoke(target, arguments);
    return answer == null ? target : answer;
  }

  private static String reason(Throwable failed) {
    Throwable first = failed;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String reason = first.toString().strip();
    return reason.endsWith(".") ? reason : reason + ".";
  }
}
