package io.drkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** A world of named switches that actions turn on, with a log of every effect. Thread-safe. */
public final class Switches {
  private final Set<String> on = new LinkedHashSet<>();
  private final List<String> effects = new ArrayList<>();

  public synchronized boolean isOn(String name) {
    return on.contains(name);
  }

  public synchronized void turnOn(String name) {
    on.add(name);
    effects.add(name);
  }

  public synchronized List<String> effects() {
    return List.copyOf(effects);
  }

  /** An action that wants a switch on. */
  public FailoverAction action(String name) {
    return action(name, Repeatability.idempotent(), () -> null);
  }

  /** An action that wants a switch on and runs {@code after} once it is, before its request returns. */
  public FailoverAction action(String name, Repeatability repeatability, Callable<?> after) {
    return new FailoverAction() {
      @Override
      public String describe() {
        return name + " is on";
      }

      @Override
      public Progress observe(ActionContext context) {
        return isOn(name)
            ? Progress.reached(Evidence.of("switch", name))
            : Progress.pending(name + " is off");
      }

      @Override
      public void apply(ActionContext context) throws Exception {
        turnOn(name);
        after.call();
      }

      @Override
      public Repeatability repeatability() {
        return repeatability;
      }
    };
  }

  /** An action that wants a switch on and says whether it can be turned off again. */
  public FailoverAction action(String name, Reversibility reversibility) {
    FailoverAction action = action(name);
    return new FailoverAction() {
      @Override
      public String describe() {
        return action.describe();
      }

      @Override
      public Progress observe(ActionContext context) throws Exception {
        return action.observe(context);
      }

      @Override
      public void apply(ActionContext context) throws Exception {
        action.apply(context);
      }

      @Override
      public Repeatability repeatability() {
        return action.repeatability();
      }

      @Override
      public Reversibility reversibility() {
        return reversibility;
      }
    };
  }

  /** A replicator whose copy is complete until an instant. */
  public Replicator replicator(String dataset, Instant completeUntil) {
    FailoverAction promote = action("promoted " + dataset);
    return new Replicator() {
      @Override
      public String dataset() {
        return dataset;
      }

      @Override
      public ReplicationKind kind() {
        return ReplicationKind.ASYNCHRONOUS;
      }

      @Override
      public FailoverAction established() {
        return action("copies of " + dataset);
      }

      @Override
      public FailoverAction promoted() {
        return new FailoverAction() {
          @Override
          public String describe() {
            return promote.describe();
          }

          @Override
          public Progress observe(ActionContext context) throws Exception {
            return isOn("promoted " + dataset)
                ? Progress.reached()
                : Progress.pending(
                    "a replica",
                    Evidence.of(RecoveryPoint.completeUntil(dataset, completeUntil, "lag")));
          }

          @Override
          public void apply(ActionContext context) throws Exception {
            promote.apply(context);
          }

          @Override
          public Repeatability repeatability() {
            return Repeatability.observed(java.time.Duration.ZERO);
          }
        };
      }

      @Override
      public ReplicationStatus status(ActionContext context) {
        throw new AssertionError("no test asks for it");
      }
    };
  }
}
