package io.drkit;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private final Map<String, String> datasets;
  private final Map<KeyPoint, String> waivers;
  private final Optional<String> unfenced;
  private final Failback failback;
  private final Optional<CommitWindow> commitWindow;
  private final Duration blockPeriod;
  private final String fingerprint;

  DrPlan(DrPlanBuilder builder, Map<String, Step> steps, Map<String, String> datasets) {
    this.name = builder.name;
    this.strategy = builder.require(builder.strategy, "strategy(...)");
    this.sites = builder.sites();
    this.objective = builder.require(builder.objective, "objective(...)");
    this.replicators = Collections.unmodifiableMap(new LinkedHashMap<>(builder.replicators));
    this.steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    this.predecessors = StepGraph.predecessors(this.steps.values());
    this.datasets = Map.copyOf(datasets);
    this.waivers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.waivers));
    this.unfenced = Optional.ofNullable(builder.unfenced);
    this.commitWindow = Optional.ofNullable(builder.commitWindow);
    this.blockPeriod = builder.blockPeriod == null ? DEFAULT_BLOCK_PERIOD : builder.blockPeriod;
    this.failback = builder.failback == null ? Failback.standard() : builder.failback;
    new PlanChecks(this).check();
    this.fingerprint = Fingerprint.of(this);
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

  /** {@return the replicators in the order in which they were given} */
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
    return Optional.ofNullable(datasets.get(stepName));
  }

  /** {@return the key points that the plan gives up, with the reasons} */
  public Map<KeyPoint, String> waivers() {
    return waivers;
  }

  /** {@return why the plan fences no writer; empty if it does} */
  public Optional<String> unfenced() {
    return unfenced;
  }

  /** {@return when the workload may go back to where it came from} */
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
    return replicators.values().stream()
        .filter(replicator -> DrPlanBuilder.replicate(replicator).equals(stepName))
        .findFirst();
  }

  /**
   * Returns the key points of the plan's strategy that no step meets and nobody waived.
   *
   * @return in the paper's order
   */
  public List<KeyPoint> openKeyPoints() {
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
            (step.stage() == stage && !isReplication(step)) || step.meets().contains(point));
  }

  private boolean isReplication(Step step) {
    return replicates(step.name()).isPresent();
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
