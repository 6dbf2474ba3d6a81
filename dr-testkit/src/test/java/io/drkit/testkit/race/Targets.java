package io.drkit.testkit.race;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.ActionContext;
import io.drkit.Approval;
import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.Repeatability.Kind;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.Site;
import io.drkit.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the plan's requests go to: it counts effects, and knows in which order they may come. */
final class Targets {
  static final Site EAST = Site.region("us-east-1");
  static final Site WEST = Site.region("us-west-2");
  static final String FENCE = "stop the writers";
  static final String PROMOTE = "promote orders-db";
  /** What people may skip. */
  static final List<String> OPTIONAL = List.of("page the vendor", "warm the cache");

  /** Without it, the run ends with exceptions. */
  private static final String AFTERWARDS = "open a ticket";

  private static final Duration INVISIBLE = ofSeconds(5);
  private static final Duration SETTLE = ofSeconds(15);

  /** A request that nothing but the runner's own care keeps from overlapping with another's. */
  record Request(String step, long epoch, Duration from, Duration until) {}

  private static final class Target {
    final Set<String> tokens = new LinkedHashSet<>();
    int effects;

    @Nullable
    Instant firstAt;
  }

  private final Swarm swarm;
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private final Map<String, Kind> kinds = new LinkedHashMap<>();
  private final Map<String, List<String>> predecessors = new LinkedHashMap<>();
  private final Duration lag;
  final List<Request> requests = new ArrayList<>();
  final List<String> wrongs = new ArrayList<>();

  @Nullable
  Instant recoveryPoint;

  private int underway;

  Targets(Swarm swarm) {
    this.swarm = swarm;
    this.lag = swarm.upTo(ofSeconds(90));
    kinds.put(FENCE, Kind.IDEMPOTENT);
    kinds.put(PROMOTE, Kind.OBSERVED);
    kinds.put("launch the web tier", Kind.TOKENED);
    kinds.put("launch the workers", Kind.OBSERVED);
    kinds.put("buy capacity", Kind.UNSAFE);
    kinds.put("page the vendor", Kind.UNSAFE);
    kinds.put("warm the cache", Kind.IDEMPOTENT);
    kinds.put("switch the names", Kind.TOKENED);
    kinds.put(AFTERWARDS, Kind.TOKENED);
  }

  private Target target(String step) {
    return targets.computeIfAbsent(step, name -> new Target());
  }

  int effects(String step) {
    return target(step).effects;
  }

  /** Whether the run can be completed without it. */
  boolean mayBeMissing(String step) {
    return OPTIONAL.contains(step) || step.equals(AFTERWARDS);
  }

  Map<String, Kind> kinds() {
    return kinds;
  }

  @Nullable
  Instant firstAt(String step) {
    return target(step).firstAt;
  }

  /** Whether nothing of a step can arrive any more. */
  boolean settled(String step) {
    return requests.stream()
        .filter(request -> request.step().equals(step))
        .allMatch(request -> request.until().compareTo(swarm.time.uptime()) < 0);
  }

  /** Requests that began under a lower epoch and ended after one under a higher one began (I7). */
  List<String> overlaps() {
    List<String> found = new ArrayList<>();
    for (Request one : requests) {
      for (Request other : requests) {
        if (one.epoch() < other.epoch() && one.until().compareTo(other.from()) > 0) {
          found.add(one + " beside " + other);
        }
      }
    }
    return found;
  }

  static DrPlan plan(Swarm swarm, Member member) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(ofMinutes(20)).rpo(ofMinutes(1)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    Targets targets = swarm.targets;
    UnaryOperator<Step> optional = Step::bestEffort;
    DrPlan plan = builder
        .replicator(targets.new Dataset(member))
        .fence(FENCE, targets.action(FENCE, member))
        .promoteReplicas()
        .provision("launch the web tier", targets.action("launch the web tier", member))
        .provision(
            "launch the workers",
            targets.action("launch the workers", member),
            step -> step.after("launch the web tier"))
        .provision(
            "buy capacity",
            targets.action("buy capacity", member),
            step -> step.approval(Approval.by("owners", 1)))
        .provision("page the vendor", targets.action("page the vendor", member), optional)
        .provision("warm the cache", targets.action("warm the cache", member), optional)
        .redirect("switch the names", targets.action("switch the names", member))
        .afterwards(AFTERWARDS, targets.action(AFTERWARDS, member))
        .build();
    plan.steps()
        .forEach(step -> targets.predecessors.put(step.name(), plan.predecessors(step.name())));
    return plan;
  }

  private FailoverAction action(String step, Member member) {
    return kinds.get(step) == Kind.UNSAFE
        ? FailoverAction.once(step, 1, context -> ask(step, context, member))
        : new Action(step, member);
  }

  /** A process makes a request: it is lost, or takes effect at some time within its limit, answered or not. */
  private void ask(String step, ActionContext context, Member member) throws Exception {
    String token = context.token("it");
    Site site = step.equals(FENCE) ? EAST : WEST;
    context.call(Need.control("ec2", site), () -> {
      Duration from = swarm.time.uptime();
      underway++;
      swarm.time.schedule(Swarm.LIMIT, () -> underway--);
      try {
        sent(step, token, member);
      } finally {
        requests.add(new Request(step, context.epoch(), from, swarm.time.uptime()));
      }
      return 0;
    });
  }

  boolean anyUnderway() {
    return underway > 0;
  }

  private void sent(String step, String token, Member member) {
    if (!member.sites.reaches()) {
      swarm.probes.hit(Rare.A_REQUEST_IS_LOST);
      throw noAnswer();
    }
    swarm.time.charge(
        swarm.upTo(swarm.calm ? ofSeconds(1) : Swarm.LIMIT.multipliedBy(11).dividedBy(10)));
    arrives(step, token);
    boolean twice = kinds.get(step) == Kind.TOKENED || kinds.get(step) == Kind.IDEMPOTENT;
    if (twice && !swarm.calm && swarm.chance(swarm.weather.replay())) {
      swarm.probes.hit(Rare.A_REQUEST_ARRIVES_TWICE);
      arrives(step, token);
    }
    if (!member.sites.answers()) {
      swarm.probes.hit(Rare.A_REQUEST_IS_DONE_BUT_NOT_ANSWERED);
      swarm.probes.hitIf(
          kinds.get(step) == Kind.UNSAFE, Rare.A_REQUEST_THAT_MUST_NOT_BE_REPEATED_IS_NOT_ANSWERED);
      throw noAnswer();
    }
  }

  /** Hangs until the limit, or breaks at once. */
  private DrException noAnswer() {
    if (swarm.random.nextBoolean()) {
      throw swarm.time.hang();
    }
    return new DrException("connection reset");
  }

  private void arrives(String step, String token) {
    swarm.time.schedule(Duration.ZERO, () -> takeEffect(step, token));
  }

  private void takeEffect(String step, String token) {
    Target target = target(step);
    if (!target.tokens.add(token) && kinds.get(step) == Kind.TOKENED) {
      return;
    }
    for (String before : predecessors.getOrDefault(step, List.of())) {
      if (kinds.containsKey(before) && !OPTIONAL.contains(before) && target(before).effects == 0) {
        wrongs.add("'" + step + "' took effect before '" + before + "' was there");
      }
    }
    target.effects++;
    if (target.firstAt == null) {
      target.firstAt = swarm.time.now();
    }
    if (step.equals(PROMOTE) && recoveryPoint == null) {
      recoveryPoint = copiedUntil();
    }
  }

  /** What the copy holds: all that was written so long ago, and everything once the writers have stopped for so long. */
  private Instant copiedUntil() {
    return swarm.time.now().minus(lag);
  }

  private Progress look(String step) {
    Target target = target(step);
    Instant first = target.firstAt;
    if (first == null) {
      return Progress.pending(
          "not there",
          step.equals(PROMOTE)
              ? Evidence.of(RecoveryPoint.completeUntil("orders-db", copiedUntil(), "its lag"))
              : Evidence.none());
    }
    boolean visible = !swarm.time.now().isBefore(first.plus(INVISIBLE));
    if (visible) {
      return Progress.reached();
    }
    return kinds.get(step) == Kind.OBSERVED
        ? Progress.pending("not there")
        : Progress.underway("on its way");
  }

  private class Action implements FailoverAction {
    private final String step;
    private final Member member;

    Action(String step, Member member) {
      this.step = step;
      this.member = member;
    }

    @Override
    public String describe() {
      return step + " is done";
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      Site site = step.equals(FENCE) ? EAST : WEST;
      return context.call(Need.control("ec2", site), () -> {
        if (!member.sites.reaches() || !member.sites.answers()) {
          throw noAnswer();
        }
        swarm.time.charge(swarm.upTo(ofMillis(500)));
        return look(step);
      });
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      ask(step, context, member);
    }

    @Override
    public Repeatability repeatability() {
      return switch (kinds.get(step)) {
        case TOKENED -> Repeatability.tokened(ofHours(24));
        case OBSERVED -> Repeatability.observed(SETTLE);
        default -> Repeatability.idempotent();
      };
    }
  }

  /** The database, whose copy trails. */
  private final class Dataset implements Replicator {
    private final Member member;

    Dataset(Member member) {
      this.member = member;
    }

    @Override
    public String dataset() {
      return "orders-db";
    }

    @Override
    public ReplicationKind kind() {
      return ReplicationKind.ASYNCHRONOUS;
    }

    @Override
    public FailoverAction established() {
      return FailoverAction.check("orders-db is copied", context -> Progress.reached());
    }

    @Override
    public FailoverAction promoted() {
      return new Action(PROMOTE, member);
    }

    @Override
    public ReplicationStatus status(ActionContext context) {
      throw new UnsupportedOperationException("no run asks for it");
    }
  }
}
