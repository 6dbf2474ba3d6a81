package io.drkit.testkit.crash;

import static io.drkit.Repeatability.Kind.IDEMPOTENT;
import static io.drkit.Repeatability.Kind.OBSERVED;
import static io.drkit.Repeatability.Kind.TOKENED;
import static io.drkit.Repeatability.Kind.UNSAFE;

import io.drkit.ActionContext;
import io.drkit.Approval;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.Step;
import io.drkit.testkit.VirtualTime;
import io.drkit.testkit.crash.Wish.Behaviour;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The steps of a plan; each process builds the plan from it anew. Immutable. */
final class Blueprint {
  /** Every stage, every promise, best effort, a step that never gets there, work in slices, a graph of its own. */
  static final Blueprint TWENTY_STEPS = new Blueprint(List.of(
      Wish.of("stop the writers", Stage.FENCE, IDEMPOTENT),
      Wish.of("revoke the keys", Stage.FENCE, TOKENED),
      Wish.of("promote orders-db", Stage.PROMOTE, OBSERVED),
      Wish.of("promote receipts", Stage.PROMOTE, TOKENED),
      Wish.of("launch the web tier", Stage.PROVISION, OBSERVED),
      Wish.of("launch the workers", Stage.PROVISION, TOKENED).after("launch the web tier"),
      Wish.of("copy the templates", Stage.PROVISION, IDEMPOTENT).with(Behaviour.SLICED),
      Wish.of("page the vendor", Stage.PROVISION, UNSAFE).bestEffort(),
      Wish.of("buy capacity", Stage.PROVISION, UNSAFE),
      Wish.of("warm the cache", Stage.PROVISION, OBSERVED)
          .after("launch the web tier", "promote orders-db")
          .bestEffort(),
      Wish.of("raise the quota", Stage.PROVISION, IDEMPOTENT)
          .with(Behaviour.BLOCKED)
          .bestEffort(),
      Wish.of("switch the names", Stage.REDIRECT, IDEMPOTENT),
      Wish.of("switch the edge", Stage.REDIRECT, TOKENED),
      Wish.of("tell the bank", Stage.REDIRECT, UNSAFE),
      Wish.of("place an order", Stage.VERIFY, TOKENED),
      Wish.of("read a receipt", Stage.VERIFY, IDEMPOTENT),
      Wish.of("schedule backups", Stage.AFTERWARDS, IDEMPOTENT),
      Wish.of("copy back", Stage.AFTERWARDS, OBSERVED),
      Wish.of("open a ticket", Stage.AFTERWARDS, UNSAFE).bestEffort(),
      Wish.of("renew the keys", Stage.AFTERWARDS, TOKENED).after("schedule backups")));

  /** A step of each promise, and two more. */
  static final Blueprint SIX_STEPS = new Blueprint(List.of(
      Wish.of("stop the writers", Stage.FENCE, IDEMPOTENT),
      Wish.of("promote orders-db", Stage.PROMOTE, OBSERVED),
      Wish.of("launch the web tier", Stage.PROVISION, TOKENED),
      Wish.of("buy capacity", Stage.PROVISION, UNSAFE),
      Wish.of("copy the templates", Stage.PROVISION, IDEMPOTENT).with(Behaviour.SLICED),
      Wish.of("switch the names", Stage.REDIRECT, TOKENED)));

  /** Steps that people have to consent to, beside others. */
  static final Blueprint ASKED_STEPS = new Blueprint(List.of(
      Wish.of("stop the writers", Stage.FENCE, IDEMPOTENT),
      Wish.of("promote orders-db", Stage.PROMOTE, OBSERVED),
      Wish.of("buy capacity", Stage.PROVISION, UNSAFE).askedFor(),
      Wish.of("launch the web tier", Stage.PROVISION, TOKENED),
      Wish.of("switch the names", Stage.REDIRECT, TOKENED).askedFor()));

  private final Map<String, Wish> wishes = new LinkedHashMap<>();
  private final Map<String, List<Wish>> predecessors = new LinkedHashMap<>();

  Blueprint(List<Wish> steps) {
    steps.forEach(wish -> wishes.put(wish.name(), wish));
    DrPlan plan = plan(new World(VirtualTime.create()), Fate.KIND);
    for (Wish wish : steps) {
      predecessors.put(
          wish.name(), plan.predecessors(wish.name()).stream().map(this::wish).toList());
    }
  }

  List<Wish> wishes() {
    return List.copyOf(wishes.values());
  }

  Wish wish(String step) {
    Wish wish = wishes.get(step);
    if (wish == null) {
      throw new AssertionError("no step '" + step + "' in " + wishes.keySet());
    }
    return wish;
  }

  /** What a step waits for. */
  List<Wish> predecessors(String step) {
    return predecessors.getOrDefault(step, List.of());
  }

  /** The plan of one process. */
  DrPlan plan(World world, Fate fate) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(Duration.ofHours(1)).rpo(Duration.ofHours(1)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    boolean promotes = false;
    for (Wish wish : wishes.values()) {
      FailoverAction action = world.action(wish, predecessors(wish.name()), fate);
      UnaryOperator<Step> options = step -> options(step, wish);
      switch (wish.stage()) {
        case FENCE -> builder.fence(wish.name(), action, options);
        case PROMOTE -> {
          builder.replicator(new Dataset(wish.dataset(), action));
          if (!promotes) {
            builder.promoteReplicas();
          }
          promotes = true;
        }
        case PROVISION -> builder.provision(wish.name(), action, options);
        case REDIRECT -> builder.redirect(wish.name(), action, options);
        case VERIFY -> builder.verify(wish.name(), action, options);
        case AFTERWARDS -> builder.afterwards(wish.name(), action, options);
        default -> throw new AssertionError(wish.stage());
      }
    }
    return builder.build();
  }

  private static Step options(Step step, Wish wish) {
    Step asked = wish.approved() ? step.approval(Approval.by("owners", 1)) : step;
    Step changed = wish.required() ? asked : asked.bestEffort();
    return wish.after()
        .map(names -> names.isEmpty()
            ? changed.atOnce()
            : changed.after(names.get(0), names.subList(1, names.size()).toArray(String[]::new)))
        .orElse(changed);
  }

  /** A dataset whose promotion is all that counts. */
  private record Dataset(String dataset, FailoverAction promoted) implements Replicator {
    @Override
    public ReplicationKind kind() {
      return ReplicationKind.ASYNCHRONOUS;
    }

    @Override
    public FailoverAction established() {
      return FailoverAction.check(dataset + " is copied", context -> Progress.reached());
    }

    @Override
    public ReplicationStatus status(ActionContext context) {
      throw new UnsupportedOperationException("no run asks for it");
    }
  }
}
