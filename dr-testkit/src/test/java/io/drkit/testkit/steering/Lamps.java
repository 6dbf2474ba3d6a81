package io.drkit.testkit.steering;

import io.drkit.ActionContext;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Rehearsal;
import io.drkit.Repeatability;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.Reversibility;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A world of lamps: each wanted state is a lamp that is lit a while after somebody pressed its button. */
final class Lamps {
  private final VirtualTime time;
  private final List<String> pressed = new ArrayList<>();
  private final List<String> lit = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final Map<String, Duration> lags = new HashMap<>();
  private final Map<String, Runnable> whenSeen = new HashMap<>();

  Lamps(VirtualTime time) {
    this.time = time;
  }

  /** The buttons in the order in which they were pressed. */
  List<String> pressed() {
    return List.copyOf(pressed);
  }

  List<String> lit() {
    return List.copyOf(lit);
  }

  /** Pressing the button fails from now on. */
  void breakButton(String name) {
    broken.add(name);
  }

  /** The copy of a dataset lags by so much from now on. */
  void lag(String dataset, Duration lag) {
    lags.put("promoted " + dataset, lag);
  }

  /** Something happens just after the copy of a dataset was looked at first. */
  void whenSeen(String dataset, Runnable happens) {
    whenSeen.put("promoted " + dataset, happens);
  }

  /** It is dark, and its button was never pressed. */
  void putOut(String name) {
    lit.remove(name);
    pressed.remove(name);
  }

  /** It goes out by itself. */
  void dim(String name) {
    lit.remove(name);
  }

  void light(String name) {
    lit.add(name);
  }

  void repair(String name) {
    broken.remove(name);
  }

  /** A lamp that is lit so long after its button was pressed. */
  FailoverAction lamp(String name, Duration delay) {
    return new Lamp(name, delay, null, Reversibility.REVERSIBLE);
  }

  /** A lamp that cannot be put out again. */
  FailoverAction oneWay(String name, Duration delay) {
    return new Lamp(name, delay, null, Reversibility.ONE_WAY);
  }

  /** A lamp that is said to have a way back, and has none. */
  FailoverAction broken(String name, Duration delay) {
    return new Lamp(name, delay, null, Reversibility.REVERSIBLE) {
      @Override
      public Optional<FailoverAction> undo(Evidence before) {
        return Optional.empty();
      }
    };
  }

  /** A dataset whose copy lags behind by so much. */
  Replicator dataset(String name, Duration lag) {
    return new Replicator() {
      @Override
      public String dataset() {
        return name;
      }

      @Override
      public ReplicationKind kind() {
        return ReplicationKind.ASYNCHRONOUS;
      }

      @Override
      public FailoverAction established() {
        return lamp("copies of " + name, Duration.ZERO);
      }

      @Override
      public FailoverAction retired() {
        return lamp("retired " + name, Duration.ZERO);
      }

      @Override
      public FailoverAction promoted() {
        return new Lamp("promoted " + name, Duration.ofSeconds(10), lag, Reversibility.ONE_WAY);
      }

      @Override
      public ReplicationStatus status(ActionContext context) {
        return new ReplicationStatus(
            ReplicationStatus.State.FLOWING,
            RecoveryPoint.completeUntil(name, time.now(), "its lag"),
            Optional.of(lag),
            Optional.empty(),
            "");
      }
    };
  }

  private class Lamp implements FailoverAction {
    private final String name;
    private final Duration delay;
    private final Duration lag;
    private final Reversibility reversibility;

    Lamp(String name, Duration delay, Duration lag, Reversibility reversibility) {
      this.name = name;
      this.delay = delay;
      this.lag = lag;
      this.reversibility = reversibility;
    }

    @Override
    public String describe() {
      return name + " is lit";
    }

    @Override
    public Progress observe(ActionContext context) {
      if (lit.contains(name)) {
        return Progress.reached();
      } else if (pressed.contains(name)) {
        return Progress.underway("warming up");
      } else if (lag == null) {
        return Progress.pending("dark");
      }
      Progress seen = Progress.pending(
          "dark",
          Evidence.of(RecoveryPoint.completeUntil(
              name, time.now().minus(lags.getOrDefault(name, lag)), "its lag")));
      Optional.ofNullable(whenSeen.remove(name)).ifPresent(Runnable::run);
      return seen;
    }

    @Override
    public void apply(ActionContext context) {
      time.charge(Duration.ofSeconds(1));
      if (broken.contains(name)) {
        throw new IllegalStateException("the button of " + name + " is broken");
      }
      pressed.add(name);
      time.schedule(delay, () -> lit.add(name));
    }

    @Override
    public Optional<Rehearsal> rehearsal() {
      return name.startsWith("plain")
          ? Optional.empty()
          : Optional.of(new Rehearsal(lamp("trial " + name, delay), new Off("trial " + name)));
    }

    @Override
    public Optional<FailoverAction> undo(Evidence before) {
      return reversibility == Reversibility.ONE_WAY ? Optional.empty() : Optional.of(new Off(name));
    }

    @Override
    public Reversibility reversibility() {
      return reversibility;
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }
  }

  private final class Off implements FailoverAction {
    private final String name;

    Off(String name) {
      this.name = name;
    }

    @Override
    public String describe() {
      return name + " is dark";
    }

    @Override
    public Progress observe(ActionContext context) {
      return lit.contains(name) ? Progress.pending("lit") : Progress.reached();
    }

    @Override
    public void apply(ActionContext context) {
      pressed.add("off " + name);
      time.schedule(Duration.ofSeconds(1), () -> lit.remove(name));
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }
  }
}
