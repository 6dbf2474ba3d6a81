package io.drkit.testkit.aws;

import io.drkit.testkit.VirtualTime;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/** One of the SDK's own waiters, which lets virtual time pass between two looks where it would sleep. */
final class WaiterInVirtualTime implements InvocationHandler {
  private final Class<?> type;
  private final Object real;
  private final Duration looksEvery;
  private final VirtualTime time;

  private WaiterInVirtualTime(Class<?> type, Object real, Duration looksEvery, VirtualTime time) {
    this.type = type;
    this.real = real;
    this.looksEvery = looksEvery;
    this.time = time;
  }

  /**
   * Returns a waiter.
   *
   * @param type the SDK's type of it, for example {@code Ec2Waiter}
   * @param client what it asks, of the type that it is for
   * @param looksEvery how long it waits between two looks if its caller does not say
   */
  static Object of(Class<?> type, SdkClient client, Duration looksEvery, VirtualTime time)
      throws ReflectiveOperationException {
    Object builder = type.getMethod("builder").invoke(null);
    Class<?> shape = type.getMethod("builder").getReturnType();
    for (Method method : shape.getMethods()) {
      if (method.getName().equals("client")) {
        method.invoke(builder, client);
      }
    }
    Object real = shape.getMethod("build").invoke(builder);
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        new WaiterInVirtualTime(type, real, looksEvery, time));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // A waiter is equal to itself only.
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] args = given == null ? new Object[0] : given;
    switch (method.getName()) {
      case "close" -> {
        return null;
      }
      case "toString" -> {
        return type.getSimpleName() + " in virtual time";
      }
      case "equals" -> {
        return proxy == args[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      default -> {
        Class<?> of = method.getParameterTypes()[0];
        if (of.isInterface()) {
          // Requests that are built in place: they come back as requests.
          return InvocationHandler.invokeDefault(proxy, method, args);
        }
        WaiterOverrideConfiguration limits = args.length > 1
            ? (WaiterOverrideConfiguration) args[1]
            : WaiterOverrideConfiguration.builder().build();
        return waited(
            type.getMethod(method.getName(), of, WaiterOverrideConfiguration.class),
            args[0],
            limits);
      }
    }
  }

  private Object waited(Method method, Object request, WaiterOverrideConfiguration limits)
      throws Throwable {
    try {
      return method.invoke(
          real,
          request,
          WaiterOverrideConfiguration.builder()
              .maxAttempts(limits.maxAttempts().orElse(null))
              .waitTimeout(limits.waitTimeout().orElse(null))
              .backoffStrategyV2(pausing(limits))
              .build());
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** Lets the time of a pause pass, and tells the SDK that there is none to be slept through. */
  private BackoffStrategy pausing(WaiterOverrideConfiguration limits) {
    BackoffStrategy wanted =
        limits.backoffStrategyV2().orElse(BackoffStrategy.fixedDelayWithoutJitter(looksEvery));
    Instant begun = time.now();
    return attempt -> {
      Duration pause = wanted.computeDelay(attempt);
      Duration until = Duration.between(begun, time.now()).plus(pause);
      if (limits.waitTimeout().filter(most -> until.compareTo(most) > 0).isPresent()) {
        // The SDK compares by the machine's clock: a pause beyond the limit ends it.
        return limits.waitTimeout().get().plusSeconds(1);
      }
      time.charge(pause);
      return Duration.ZERO;
    };
  }
}
