package io.drkit.testkit.crash;

import io.drkit.ActionContext;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.Stage;
import io.drkit.testkit.VirtualTime;
import io.drkit.testkit.crash.Wish.Behaviour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The targets of a plan's requests. They count what took effect, and outlive every process that asks. */
final class World {
  /** How long after the death of its process a request may still take effect that was under way. */
  static final Duration LATE = Duration.ofSeconds(3);

  private static final Duration INVISIBLE = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMillis(200);

  private final VirtualTime time;
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private final List<String> wrongs = new ArrayList<>();

  World(VirtualTime time) {
    this.time = time;
  }

  /** What must never happen and did, one sentence each. */
  List<String> wrongs() {
    return List.copyOf(wrongs);
  }

  /** How often a step's request took effect. */
  int effects(String step) {
    return target(step).effects;
  }

  /** How often a step's request reached its target. */
  int requests(String step) {
    return target(step).requests;
  }

  private Target target(String step) {
    return targets.computeIfAbsent(step, name -> new Target());
  }

  /** A record is about to be durable that says that a step's state was seen (I2). */
  void claimed(Wish wish) {
    if (wish.behaviour() != Behaviour.BLOCKED && effects(wish.name()) == 0) {
      wrongs.add("'" + wish.name() + "' is called done, but had no effect");
    }
  }

  /** The action of a step in one process. */
  FailoverAction action(Wish wish, List<Wish> before, Fate fate) {
    if (wish.unsafe()) {
      return FailoverAction.once(
          wish.name(),
          1,
          context -> call(wish, context, () -> request(wish, before, context, fate)));
    }
    return new Action(wish, before, fate);
  }

  private static void call(Wish wish, ActionContext context, Request request) throws Exception {
    context.call(Need.control(wish.name().replace(' ', '-'), context.to()), () -> {
      request.send();
      return 0;
    });
  }

  /** A call to a target. */
  private interface Request {
    void send() throws Exception;
  }

  private void request(Wish wish, List<Wish> before, ActionContext context, Fate fate)
      throws Exception {
    String token = context.token("it");
    fate.meet("before the request of " + wish.name());
    checkOrder(wish, before);
    target(wish.name()).requests++;
    try {
      fate.meet("during the request of " + wish.name());
    } catch (Exception | Error lost) {
      time.schedule(LATE, () -> takeEffect(wish, token));
      throw lost;
    }
    takeEffect(wish, token);
    time.charge(ANSWER);
    fate.meet("before the answer of " + wish.name());
  }

  /** Nothing is asked for before all that it waits for is there (I1). */
  private void checkOrder(Wish wish, List<Wish> before) {
    for (Wish other : before) {
      if (other.required() && effects(other.name()) == 0) {
        wrongs.add("'" + wish.name() + "' was asked for before '" + other.name() + "' was there");
      }
    }
  }

  private void takeEffect(Wish wish, String token) {
    Target target = target(wish.name());
    boolean known = !target.tokens.add(token);
    if (wish.kind() == Repeatability.Kind.TOKENED && known) {
      return;
    }
    target.effects++;
    if (target.effects == 1) {
      target.visibleAt = time.now().plus(INVISIBLE);
    }
  }

  private static final class Target {
    private final Set<String> tokens = new LinkedHashSet<>();
    private int requests;
    private int effects;
    private Instant visibleAt = Instant.MAX;
  }

  private final class Action implements FailoverAction {
    private final Wish wish;
    private final List<Wish> before;
    private final Fate fate;

    Action(Wish wish, List<Wish> before, Fate fate) {
      this.wish = wish;
      this.before = before;
      this.fate = fate;
    }

    @Override
    public String describe() {
      return wish.name() + " is there";
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      fate.meet("look at " + wish.name());
      Target target = target(wish.name());
      boolean visible = !time.now().isBefore(target.visibleAt);
      if (wish.behaviour() == Behaviour.BLOCKED) {
        return Progress.blocked("the quota is used up");
      } else if (visible) {
        return Progress.reached(Evidence.of("seen", wish.name()));
      } else if (target.effects > 0 && wish.kind() != Repeatability.Kind.OBSERVED) {
        return Progress.underway("on its way");
      }
      return Progress.pending("not there", loss());
    }

    private Evidence loss() {
      return wish.stage() == Stage.PROMOTE
          ? Evidence.of(RecoveryPoint.completeUntil(
              wish.dataset(), time.now().minus(Duration.ofSeconds(10)), "its lag"))
          : Evidence.none();
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      if (wish.behaviour() == Behaviour.SLICED) {
        Slices slices = new Slices();
        context.work(slices::next);
      } else {
        call(wish, context, () -> request(wish, before, context, fate));
      }
    }

    @Override
    public Repeatability repeatability() {
      return wish.repeatability();
    }

    /** Three slices, of which the last brings the state about. */
    private final class Slices {
      private int done;

      Progress next(ActionContext context) throws Exception {
        if (done < 2) {
          fate.meet("slice " + done + " of " + wish.name());
          done++;
          return Progress.underway(done * 33, "slice " + done);
        }
        call(wish, context, () -> request(wish, before, context, fate));
        return Progress.reached();
      }
    }
  }
}
