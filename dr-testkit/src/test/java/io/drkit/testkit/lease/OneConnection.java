package io.drkit.testkit.lease;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** A pool of one real connection, which it hands out as it got it back, and on which calls can be made to fail. */
final class OneConnection {
  private final Connection connection;
  private final Map<String, Exception> failures = new HashMap<>();
  private final Map<String, Before> befores = new HashMap<>();
  final List<String> calls = new ArrayList<>();

  interface Before {
    void run() throws Exception;
  }

  OneConnection(Connection connection) {
    this.connection = connection;
  }

  /** From now on, calls of a method fail instead of being made. */
  void fail(String method, Exception failure) {
    failures.put(method, failure);
  }

  /** Does something once, before the next call of a method, or the next one that has a text among its arguments. */
  void before(String text, Before before) {
    befores.put(text, before);
  }

  // A proxy is equal to itself alone.
  @SuppressWarnings("ReferenceEquality")
  DataSource pool() {
    return proxy(
        DataSource.class,
        (pool, asked, credentials) ->
            proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> call(method, arguments);
            }));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    calls.add(name);
    if (befores.containsKey(name)) {
      befores.remove(name).run();
    }
    for (Object argument : arguments == null ? new Object[0] : arguments) {
      for (String text : List.copyOf(befores.keySet())) {
        if (String.valueOf(argument).contains(text)) {
          befores.remove(text).run();
        }
      }
    }
    if (failures.containsKey(name)) {
      throw failures.get(name);
    }
    return name.equals("close") ? null : on(connection, method, arguments);
  }

  /** A pool whose connections commit nothing by themselves. */
  static DataSource handCommitting(DataSource database) {
    return proxy(DataSource.class, (pool, asked, credentials) -> {
      Connection connection = (Connection) on(database, asked, credentials);
      connection.setAutoCommit(false);
      return connection;
    });
  }

  private static Object on(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(
        OneConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
