package io.drkit.testkit.blunder;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.UnaryOperator;

/** An action that goes by another direction than the run's. */
final class Elsewhere {
  private Elsewhere() {}

  static FailoverAction going(FailoverAction action, UnaryOperator<Direction> way) {
    return new Altered(
        action,
        context -> action.observe(going(context, way)),
        context -> action.apply(going(context, way)));
  }

  private static ActionContext going(ActionContext context, UnaryOperator<Direction> way) {
    Direction direction = way.apply(context.direction());
    return (ActionContext) Proxy.newProxyInstance(
        Elsewhere.class.getClassLoader(),
        new Class<?>[] {ActionContext.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "direction" -> direction;
          case "from" -> direction.from();
          case "to" -> direction.to();
          default -> {
            try {
              yield method.invoke(context, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          }
        });
  }
}
