package io.drkit.lease;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Proxies, and what they do with a call that they have no opinion of. */
final class Passing {
  private Passing() {}

  /** What is asked in another's stead. */
  @FunctionalInterface
  interface Stead {
    @Nullable
    Object ask(Object proxy, Method method, Object[] arguments) throws Throwable;
  }

  // A proxy is equal to itself alone.
  @SuppressWarnings("ReferenceEquality")
  static Object proxy(Class<?> type, Stead stead) {
    return Proxy.newProxyInstance(
        Passing.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> switch (method.getName()) {
          // What it stands for does not know the proxy, and would say that it does not equal
          // itself.
          case "equals" -> proxy == arguments[0];
          case "hashCode" -> System.identityHashCode(proxy);
          default -> stead.ask(proxy, method, arguments == null ? new Object[0] : arguments);
        });
  }

  static @Nullable Object on(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
