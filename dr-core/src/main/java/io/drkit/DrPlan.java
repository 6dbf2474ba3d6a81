package io.drkit;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A recovery plan: what must be back, where, how fast, and by which steps. Immutable and thread-safe; it holds nothing of
 * a run.
 */
public final class DrPlan {
  /** How long programs start no move after the last one, unless the plan says otherwise. */
  public static final Duration DEFAULT_BLOCK_PERIOD = Duration.ofHours(1);

  private final String name;
  private final DrStrategy strategy;
  private final List<Site> sites;
  private final RecoveryObjective objective;
  private final Map<String, Replicator> replicators;
  private final Map<String, Step> steps;
  private final Map<String, List<String>> predecessors;
  private final PlanParts parts;
  private final Map<KeyPoint, String> waivers;
  private final Optional<String> unfenced;
  private final Failback failback;
  private final Optional<CommitWindow> commitWindow;
  private final Duration blockPeriod;
  private final String fingerprint;

  DrPlan(DrPlanBuilder builder, PlanParts parts) {
    this.name = builder.name;
    this.strategy = builder.require(builder.strategy, "strategy(...)");
    this.sites = builder.sites();
    this.objective = builder.require(builder.objective, "objective(...)");
    this.replicators = Collections.unmodifiableMap(new LinkedHashMap<>(parts.replicators));
    this.steps = Collections.unmodifiableMap(new LinkedHashMap<>(parts.steps));
    this.parts = parts;
    this.predecessors = StepGraph.predecessors(this.steps.values(), this::isOwn);
    this.waivers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.waivers));
    this.unfenced = Optional.ofNullable(builder.unfenced);
    this.commitWindow = Optional.ofNullable(builder.commitWindow);
    this.blockPeriod = Stream.concat(
            Stream.of(builder.blockPeriod == null ? DEFAULT_BLOCK_PERIOD : builder.blockPeriod),
            parts.children.values().stream().map(DrPlan::blockPeriod))
        .max(Duration::compareTo)
        .orElseThrow();
    this.failback = failback(builder, parts);
    new PlanChecks(this).check();
    this.fingerprint = Fingerprint.of(this);
  }

  /** All copies stand for as long as the most careful of the plan and its children asks. */
  private static Failback failback(DrPlanBuilder builder, PlanParts parts) {
    Failback own = builder.failback != null
        ? builder.failback
        : builder.replicators.isEmpty() && !parts.children.isEmpty()
            ? Failback.standard().stableFor(Duration.ZERO)
            : Failback.standard();
    return own.stableFor(Stream.concat(
            Stream.of(own.stability()),
            parts.children.values().stream().map(child -> child.failback().stability()))
        .max(Duration::compareTo)
        .orElseThrow());
  }

  /**
   * Begins a plan.
   *
   * @param name the business service's name; it names the plan in journals, leases and tags
   * @throws IllegalArgumentException if it is not 1 to 64 letters, digits, dots, dashes or underscores
   */
  public static DrPlanBuilder builder(String name) {
    return new DrPlanBuilder(name);
  }

  /** {@return the plan's name} */
  public String name() {
    return name;
  }

  /** {@return the plan's strategy} */
  public DrStrategy strategy() {
    return strategy;
  }

  /** {@return the site in which the workload runs until a run has moved it} */
  public Site primary() {
    return sites.get(0);
  }

  /** {@return the primary site and then the recovery sites, the preferred one first} */
  public List<Site> sites() {
    return sites;
  }

  /** {@return what the business process needs} */
  public RecoveryObjective objective() {
    return objective;
  }

  /** {@return the replicators in the order in which they were given, then those of the children} */
  public List<Replicator> replicators() {
    return List.copyOf(replicators.values());
  }

  /** {@return how long people may look before a move is kept; empty if it is kept when it is verified} */
  public Optional<CommitWindow> commitWindow() {
    return commitWindow;
  }

  /** {@return how long after a move no program may start another one by itself} */
  public Duration blockPeriod() {
    return blockPeriod;
  }

  /** {@return all steps, those of the preparation first, in the plan's order} */
  public List<Step> steps() {
    return List.copyOf(steps.values());
  }

  /**
   * Returns the plan's own steps of a run, without what its mode adds to them.
   *
   * @param mode what the run is for
   * @return the steps in the plan's order
   */
  public List<Step> steps(RunMode mode) {
    return steps.values().stream()
        .filter(step -> step.stage() == Stage.PREPARE
            ? mode == RunMode.PREPARE || mode == RunMode.FAILBACK
            : mode != RunMode.PREPARE)
        .toList();
  }

  /**
   * Returns one step.
   *
   * @param stepName its name
   * @throws IllegalArgumentException if the plan has no such step
   */
  public Step step(String stepName) {
    Step step = steps.get(stepName);
    if (step == null) {
      throw new IllegalArgumentException(
          "plan '" + name + "' has no step '" + stepName + "'; it has " + steps.keySet());
    }
    return step;
  }

  /**
   * Returns the names of the steps that a step waits for, in the plan's order.
   *
   * @param stepName the step's name
   * @throws IllegalArgumentException if the plan has no such step
   */
  public List<String> predecessors(String stepName) {
    return predecessors.getOrDefault(step(stepName).name(), List.of());
  }

  Map<String, List<String>> predecessors() {
    return predecessors;
  }

  /**
   * Returns the dataset that a step promotes.
   *
   * @param stepName the step's name
   * @return nothing for a step that promotes none
   */
  public Optional<String> dataset(String stepName) {
    return Optional.ofNullable(parts.promoted.get(stepName));
  }

  /** {@return the key points that the plan gives up, with the reasons} */
  public Map<KeyPoint, String> waivers() {
    return waivers;
  }

  /** {@return why the plan fences no writer; empty if it does} */
  public Optional<String> unfenced() {
    return unfenced;
  }

  /** {@return when the workload may go back to where it came from; copies stand for as long as the plan or any child asks} */
  public Failback failback() {
    return failback;
  }

  /**
   * Returns the replicator whose copy a step of the preparation brings about.
   *
   * @param stepName the step's name
   * @return nothing for any other step
   */
  public Optional<Replicator> replicates(String stepName) {
    return Optional.ofNullable(parts.copied.get(stepName)).map(replicators::get);
  }

  /**
   * Returns the plans of parts of the workload, by their path: {@code payments}, and {@code payments/ledger} for a child of that
   * one, each after the plan that it is of. A child's path is also the name of the step that is reached when it is through.
   */
  public Map<String, DrPlan> children() {
    return Collections.unmodifiableMap(parts.children);
  }

  /**
   * Returns the path of the child that a step is of.
   *
   * @param stepName the step's name
   * @return nothing for a step of the plan's own
   */
  public Optional<String> child(String stepName) {
    return Optional.ofNullable(parts.childOf.get(stepName));
  }

  /** Whether a step is of the plan itself, be it the one that tells that a child is through. */
  boolean isOwn(Step step) {
    return !parts.childOf.containsKey(step.name());
  }

  /**
   * Returns the key points of the plan's strategy that no step meets and nobody waived. Steps and replicators of children count; a
   * plan of nothing but children has none, because each of them was asked for those of its own strategy.
   *
   * @return in the paper's order
   */
  public List<KeyPoint> openKeyPoints() {
    boolean nothingOfItsOwn = !parts.children.isEmpty()
        && steps.values().stream()
            .allMatch(step -> !isOwn(step)
                || parts.children.containsKey(step.name())
                || step.stage() == Stage.COMMIT);
    if (nothingOfItsOwn) {
      return List.of();
    }
    return strategy.keyPoints().stream()
        .filter(point -> !waivers.containsKey(point) && !meets(point))
        .toList();
  }

  boolean meets(KeyPoint point) {
    return switch (point.met()) {
      case BY_REPLICATOR -> !replicators.isEmpty();
      case BY_PREPARE -> has(Stage.PREPARE, point);
      case BY_PROVISION -> has(Stage.PROVISION, point);
      case BY_REDIRECT -> has(Stage.REDIRECT, point);
      case BY_CLAIM -> steps.values().stream().anyMatch(step -> step.meets().contains(point));
    };
  }

  private boolean has(Stage stage, KeyPoint point) {
    return steps.values().stream()
        .anyMatch(step ->
            (step.stage() == stage && !isBookkeeping(step)) || step.meets().contains(point));
  }

  /** What the plan added by itself meets no point. */
  private boolean isBookkeeping(Step step) {
    return parts.copied.containsKey(step.name()) || parts.children.containsKey(step.name());
  }

  /**
   * Returns a digest of everything in the plan that decides what a run does: 64 hexadecimal characters, the same in every
   * process. A run is resumed only with the plan that it was started with. How patient the plan is, its time limits and
   * attempts, is not part of it: a run that failed for impatience is resumed with more. Neither is what nobody runs: key
   * points, waivers, estimates, needs.
   */
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String toString() {
    return "DrPlan[" + name + ", " + strategy + ", " + sites + ", " + steps.size() + " steps]";
  }
}
