package io.drkit.testkit.history;

import io.drkit.ActionContext;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.Failback;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.Rehearsal;
import io.drkit.Repeatability;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.Site;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A small world of three sites in which anything can be broken for a while, and the plan for it. */
final class Town {
  static final List<Site> SITES =
      List.of(Site.region("us-east-1"), Site.region("us-west-2"), Site.region("eu-west-1"));

  /** What can be broken. */
  static final List<String> PARTS = List.of(
      "fence", "db", "copies", "retire", "web", "page", "traffic", "backups", "trial", "clean-up");

  private final VirtualTime time;
  private final Set<String> lit = new LinkedHashSet<>();
  private final Set<String> broken = new LinkedHashSet<>();

  Town(VirtualTime time) {
    this.time = time;
  }

  void breakDown(Set<String> parts) {
    broken.clear();
    broken.addAll(parts);
  }

  /** The plan as it was mended so many times. */
  DrPlan plan(int mended) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.WARM_STANDBY)
        .primary(SITES.get(0))
        .recovery(SITES.get(1))
        .recovery(SITES.get(2))
        .objective(RecoveryObjective.rto(Duration.ofHours(1)).rpo(Duration.ofHours(1)))
        .failback(new Failback(Duration.ofMinutes(1), Optional.empty()))
        .replicator(new Database())
        .fence("writers stop", part("fence", to -> "stopped away from " + to.name()))
        .promoteReplicas()
        .provision("web", new Part("web", to -> "web in " + to.name(), Repeatability.idempotent()))
        .provision(
            "page",
            new Part("page", to -> "paged in " + to.name(), Repeatability.unsafe()),
            step -> step.bestEffort())
        .redirect("traffic", part("traffic", to -> "traffic to " + to.name()))
        .afterwards("backups", part("backups", to -> "backups in " + to.name()));
    for (int i = 0; i < mended; i++) {
      builder.provision("mend " + i, part("web", to -> "mended in " + to.name()));
    }
    for (KeyPoint point : DrStrategy.WARM_STANDBY.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder.build();
  }

  private FailoverAction part(String name, Function<Site, String> state) {
    return new Part(name, state, Repeatability.idempotent());
  }

  private RecoveryPoint point() {
    return RecoveryPoint.completeUntil("db", time.now(), "no lag");
  }

  /** A state that is there as soon as it was asked for, and taken away from everywhere else. */
  private final class Part implements FailoverAction {
    private final String name;
    private final Function<Site, String> state;
    private final Repeatability repeatability;

    Part(String name, Function<Site, String> state, Repeatability repeatability) {
      this.name = name;
      this.state = state;
      this.repeatability = repeatability;
    }

    @Override
    public String describe() {
      return name;
    }

    @Override
    public Progress observe(ActionContext context) {
      if (lit.contains(state.apply(context.direction().to()))) {
        return name.equals("db") ? Progress.reached(Evidence.of(point())) : Progress.reached();
      }
      return name.equals("db")
          ? Progress.pending("not yet", Evidence.of(point()))
          : Progress.pending("not yet");
    }

    @Override
    public void apply(ActionContext context) {
      time.charge(Duration.ofSeconds(1));
      if (broken.contains(name)) {
        throw new IllegalStateException(name + " is broken");
      }
      SITES.forEach(site -> lit.remove(state.apply(site)));
      lit.add(state.apply(context.direction().to()));
    }

    @Override
    public Optional<Rehearsal> rehearsal() {
      return name.equals("web")
          ? Optional.of(
              new Rehearsal(part("trial", site -> "trial"), new Dark("clean-up", "trial")))
          : Optional.empty();
    }

    @Override
    public Optional<FailoverAction> undo(Evidence before) {
      return Optional.of(FailoverAction.check(
          "what was before " + name,
          context -> broken.contains("retire")
              ? Progress.blocked("retire is broken")
              : Progress.reached()));
    }

    @Override
    public Repeatability repeatability() {
      return repeatability;
    }
  }

  private final class Dark implements FailoverAction {
    private final String name;
    private final String state;

    Dark(String name, String state) {
      this.name = name;
      this.state = state;
    }

    @Override
    public String describe() {
      return "no " + state;
    }

    @Override
    public Progress observe(ActionContext context) {
      return lit.contains(state) ? Progress.pending("still there") : Progress.reached();
    }

    @Override
    public void apply(ActionContext context) {
      if (broken.contains(name)) {
        throw new IllegalStateException(name + " is broken");
      }
      lit.remove(state);
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }
  }

  private final class Database implements Replicator {
    @Override
    public String dataset() {
      return "db";
    }

    @Override
    public ReplicationKind kind() {
      return ReplicationKind.ASYNCHRONOUS;
    }

    @Override
    public FailoverAction established() {
      return part("copies", to -> "copies to " + to.name());
    }

    @Override
    public FailoverAction retired() {
      return part("retire", to -> "retired in " + to.name());
    }

    @Override
    public FailoverAction promoted() {
      return part("db", to -> "promoted in " + to.name());
    }

    @Override
    public ReplicationStatus status(ActionContext context) {
      return ReplicationStatus.of(ReplicationStatus.State.FLOWING, point(), time.now(), "it flows");
    }
  }
}
