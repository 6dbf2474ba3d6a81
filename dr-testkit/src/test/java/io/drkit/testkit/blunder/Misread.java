package io.drkit.testkit.blunder;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** An action that reads something else out of its run than what that says. */
final class Misread {
  private Misread() {}

  static FailoverAction going(FailoverAction action, UnaryOperator<Direction> way) {
    return reading(action, context -> {
      Direction direction = way.apply(context.direction());
      return Map.of(
          "direction", direction,
          "from", direction.from(),
          "to", direction.to());
    });
  }

  static FailoverAction toTheNewestState(FailoverAction action) {
    return reading(action, context -> Map.of("recoverTo", Optional.empty()));
  }

  private static FailoverAction reading(
      FailoverAction action, Function<ActionContext, Map<String, Object>> answers) {
    return new Altered(
        action,
        context -> action.observe(answering(context, answers.apply(context))),
        context -> action.apply(answering(context, answers.apply(context))));
  }

  private static ActionContext answering(ActionContext context, Map<String, Object> answers) {
    return (ActionContext) Proxy.newProxyInstance(
        Misread.class.getClassLoader(),
        new Class<?>[] {ActionContext.class},
        (proxy, method, arguments) -> {
          Object answer = answers.get(method.getName());
          if (answer != null) {
            return answer;
          }
          try {
            return method.invoke(context, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
