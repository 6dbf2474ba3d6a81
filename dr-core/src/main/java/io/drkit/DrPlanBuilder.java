package io.drkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects a plan. Order of calls matters only among steps, where it is the order in which they are shown. Not
 * thread-safe.
 */
public final class DrPlanBuilder {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  final String name;

  @Nullable
  DrStrategy strategy;

  @Nullable
  RecoveryObjective objective;

  @Nullable
  String unfenced;

  final Map<String, Replicator> replicators = new LinkedHashMap<>();
  final Map<KeyPoint, String> waivers = new LinkedHashMap<>();

  private @Nullable Site primary;
  private final List<Site> recovery = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<PlanParts.Child, Integer> children = new LinkedHashMap<>();
  private @Nullable UnaryOperator<Step> promotions;

  @Nullable
  Failback failback;

  @Nullable
  CommitWindow commitWindow;

  @Nullable
  Duration blockPeriod;

  private int promotionsAt;

  DrPlanBuilder(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a plan's name must be 1 to 64 letters, digits, dots, dashes or underscores: '" + name
              + "'; it names files, leases and tags");
    }
    this.name = name;
  }

  /**
   * Sets the strategy.
   *
   * @param chosen which of the paper's four
   * @throws IllegalStateException if it was set already
   */
  public DrPlanBuilder strategy(DrStrategy chosen) {
    strategy = once("strategy", strategy, chosen);
    return this;
  }

  /**
   * Sets the site in which the workload runs before any disaster.
   *
   * @param site the site
   * @throws IllegalStateException if it was set already
   */
  public DrPlanBuilder primary(Site site) {
    primary = once("primary", primary, site);
    return this;
  }

  /**
   * Adds a site that can take over. A failover goes to the first one that is not declared lost.
   *
   * @param site the site
   */
  public DrPlanBuilder recovery(Site site) {
    recovery.add(Objects.requireNonNull(site, "site"));
    return this;
  }

  /**
   * Sets the objective.
   *
   * @param target RTO, RPO and service level
   * @throws IllegalStateException if it was set already
   */
  public DrPlanBuilder objective(RecoveryObjective target) {
    objective = once("objective", objective, target);
    return this;
  }

  /**
   * Adds a dataset that is copied. Its copy is part of the preparation; see {@link #promoteReplicas} for the failover.
   *
   * @param replicator how the dataset is copied and promoted
   * @throws IllegalArgumentException if the plan has a replicator for this dataset already
   */
  public DrPlanBuilder replicator(Replicator replicator) {
    if (replicators.putIfAbsent(replicator.dataset(), replicator) != null) {
      throw new IllegalArgumentException(at() + "two replicators for dataset '"
          + replicator.dataset() + "'; give each dataset one name and one replicator");
    }
    return this;
  }

  /**
   * Adds a state that must be there before a disaster.
   *
   * @param step the step's name
   * @param action the wanted state
   */
  public DrPlanBuilder prepare(String step, FailoverAction action) {
    return prepare(step, action, UnaryOperator.identity());
  }

  /**
   * Adds a state that must be there before a disaster, with options.
   *
   * @param step the step's name
   * @param action the wanted state
   * @param options changes the step's defaults
   */
  public DrPlanBuilder prepare(String step, FailoverAction action, UnaryOperator<Step> options) {
    return add(Stage.PREPARE, step, action, options);
  }

  /**
   * Adds a fence: a state in which nobody writes at the site that is left.
   *
   * @param step the step's name
   * @param action the wanted state
   */
  public DrPlanBuilder fence(String step, FailoverAction action) {
    return fence(step, action, UnaryOperator.identity());
  }

  /**
   * Adds a fence with options.
   *
   * @param step the step's name
   * @param action the wanted state
   * @param options changes the step's defaults
   */
  public DrPlanBuilder fence(String step, FailoverAction action, UnaryOperator<Step> options) {
    return add(Stage.FENCE, step, action, options);
  }

  /**
   * Accepts by name that nothing keeps the old site from writing. The report of every failover says so.
   *
   * @param reason why that is acceptable
   * @throws IllegalArgumentException if the reason is blank
   */
  public DrPlanBuilder unfenced(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException(
          at() + "unfenced(...) must say why two writers cannot happen or are acceptable");
    }
    unfenced = once("unfenced", unfenced, reason);
    return this;
  }

  /**
   * Sets when the workload may go back after it was moved; {@link Failback#standard} by default.
   *
   * @param when how long copies must have stood, and who has to consent
   * @throws IllegalStateException if it was set already
   */
  public DrPlanBuilder failback(Failback when) {
    failback = once("failback", failback, when);
    return this;
  }

  /**
   * Gives people time to look before a move is kept. None by default: a move is kept when it is verified.
   *
   * @param window how long, and what happens when nobody has decided
   * @throws IllegalStateException if it was set already
   */
  public DrPlanBuilder commitWindow(CommitWindow window) {
    commitWindow = once("commitWindow", commitWindow, window);
    return this;
  }

  /**
   * Sets how long after a move no program may start another one by itself; an hour by default. It keeps a primary site that
   * comes and goes from sending the workload to and fro. People are never blocked.
   *
   * @param period how long after the last move has ended; zero for no block
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if it was set already
   */
  public DrPlanBuilder blockPeriod(Duration period) {
    if (period.isNegative()) {
      throw new IllegalArgumentException(at() + "blockPeriod must not be negative: " + period);
    }
    blockPeriod = once("blockPeriod", blockPeriod, period);
    return this;
  }

  /** Adds a step for each replicator of the plan that makes its copy writable, named "promote" and the dataset. */
  public DrPlanBuilder promoteReplicas() {
    return promoteReplicas(UnaryOperator.identity());
  }

  /**
   * Adds a step for each replicator of the plan that makes its copy writable, with options for all of them.
   *
   * @param options changes the steps' defaults
   * @throws IllegalStateException if this was called already
   */
  public DrPlanBuilder promoteReplicas(UnaryOperator<Step> options) {
    promotions = once("promoteReplicas", promotions, options);
    promotionsAt = steps.size();
    return this;
  }

  /**
   * Adds something that is started, sized or configured at the site that takes over.
   *
   * @param step the step's name
   * @param action the wanted state
   */
  public DrPlanBuilder provision(String step, FailoverAction action) {
    return provision(step, action, UnaryOperator.identity());
  }

  /**
   * Adds something that is started, sized or configured at the site that takes over, with options.
   *
   * @param step the step's name
   * @param action the wanted state
   * @param options changes the step's defaults
   */
  public DrPlanBuilder provision(String step, FailoverAction action, UnaryOperator<Step> options) {
    return add(Stage.PROVISION, step, action, options);
  }

  /**
   * Adds a switch of users to the site that takes over.
   *
   * @param step the step's name
   * @param action the wanted state
   */
  public DrPlanBuilder redirect(String step, FailoverAction action) {
    return redirect(step, action, UnaryOperator.identity());
  }

  /**
   * Adds a switch of users to the site that takes over, with options.
   *
   * @param step the step's name
   * @param action the wanted state
   * @param options changes the step's defaults
   */
  public DrPlanBuilder redirect(String step, FailoverAction action, UnaryOperator<Step> options) {
    return add(Stage.REDIRECT, step, action, options);
  }

  /**
   * Adds a proof that the business process works.
   *
   * @param step the step's name
   * @param action the wanted state
   */
  public DrPlanBuilder verify(String step, FailoverAction action) {
    return verify(step, action, UnaryOperator.identity());
  }

  /**
   * Adds a proof that the business process works, with options.
   *
   * @param step the step's name
   * @param action the wanted state
   * @param options changes the step's defaults
   */
  public DrPlanBuilder verify(String step, FailoverAction action, UnaryOperator<Step> options) {
    return add(Stage.VERIFY, step, action, options);
  }

  /**
   * Adds what restores redundancy when the service is back.
   *
   * @param step the step's name
   * @param action the wanted state
   */
  public DrPlanBuilder afterwards(String step, FailoverAction action) {
    return afterwards(step, action, UnaryOperator.identity());
  }

  /**
   * Adds what restores redundancy when the service is back, with options.
   *
   * @param step the step's name
   * @param action the wanted state
   * @param options changes the step's defaults
   */
  public DrPlanBuilder afterwards(String step, FailoverAction action, UnaryOperator<Step> options) {
    return add(Stage.AFTERWARDS, step, action, options);
  }

  /**
   * Makes some of the steps that were added so far a group of which a share is enough: each may fail, and a step of the group's
   * name fails when, after all have ended, too few were reached. What waits for the steps' stage waits for the group.
   *
   * @param group the name of the group's own step
   * @param share how many of the steps have to be reached: above 0, up to 1; rounded up to whole steps
   * @param members the steps, of one stage
   * @throws IllegalArgumentException if a member was not added, they are none or of several stages, or the share is out of range
   */
  public DrPlanBuilder group(String group, double share, String... members) {
    StepGroup.add(at(), group, share, steps, List.of(members));
    return this;
  }

  /**
   * Adds a plan of a part of the workload, with a strategy and an objective of its own. Its steps become steps of this plan, named
   * after both: {@code payments/launch web tier}. So do the children that it has itself. Children go on side by side with the rest,
   * unless they are told to wait; others wait for a child by its name, which is a step that is reached when the child's verification
   * is through, and what redirects users, verifies, commits or comes afterwards in this plan waits for all children by default.
   *
   * @param child the plan: of the same sites in the same order, without a commit window
   * @param after the steps or children of this plan that its move waits for; none by default
   * @throws IllegalArgumentException if the plan has a child of this name already
   */
  public DrPlanBuilder child(DrPlan child, String... after) {
    Objects.requireNonNull(child, "child");
    if (children.keySet().stream().anyMatch(other -> other.name().equals(child.name()))) {
      throw new IllegalArgumentException(
          at() + "two children are named '" + child.name() + "'; give each its own name");
    }
    children.put(new PlanParts.Child(child, List.of(after)), steps.size());
    return this;
  }

  /**
   * Gives up a key point of the plan's strategy.
   *
   * @param point which one
   * @param reason why; it is shown by the assessment
   * @throws IllegalArgumentException if the reason is blank, or the key point was waived already
   */
  public DrPlanBuilder waive(KeyPoint point, String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException(at() + "waiving " + point + " needs a reason");
    }
    String before = waivers.putIfAbsent(point, reason);
    if (before != null) {
      throw new IllegalArgumentException(at() + point + " is waived already, because '" + before
          + "'; say all its reasons in one");
    }
    return this;
  }

  /**
   * Builds the plan.
   *
   * @throws IllegalStateException if something is missing: the message names it and the call to add
   * @throws IllegalArgumentException if the steps do not fit: two of one name, an unknown predecessor, a cycle, a
   *     promotion that does not wait for the fences
   */
  public DrPlan build() {
    require(primary, "primary(...)");
    if (recovery.isEmpty()) {
      require(null, "recovery(...)");
    }
    PlanParts parts = new PlanParts(at(), commitWindow != null);
    for (Replicator replicator : replicators.values()) {
      Step step = Step.of(replicate(replicator), Stage.PREPARE, replicator.established());
      parts.add(replicator);
      parts.add(step);
      parts.copied.put(step.name(), replicator.dataset());
    }
    steps.stream().filter(step -> step.stage() == Stage.PREPARE).forEach(parts::add);
    children.keySet().forEach(parts::addPreparation);
    for (int i = 0; i <= steps.size(); i++) {
      int position = i;
      children.forEach((child, where) -> {
        if (where == position) {
          parts.addMove(child);
        }
      });
      if (promotions != null && i == promotionsAt) {
        for (Replicator replicator : replicators.values()) {
          Step step = promotions.apply(
              Step.of("promote " + replicator.dataset(), Stage.PROMOTE, replicator.promoted()));
          parts.add(step);
          parts.promoted.put(step.name(), replicator.dataset());
        }
      }
      if (i < steps.size() && steps.get(i).stage() != Stage.PREPARE) {
        parts.add(steps.get(i));
      }
    }
    if (commitWindow != null) {
      parts.add(commitWindow.step());
    }
    return new DrPlan(this, parts);
  }

  static String replicate(Replicator replicator) {
    return "replicate " + replicator.dataset();
  }

  List<Site> sites() {
    List<Site> all = new ArrayList<>();
    all.add(require(primary, "primary(...)"));
    all.addAll(recovery);
    return List.copyOf(all);
  }

  <T> T require(@Nullable T value, String call) {
    if (value == null) {
      throw new IllegalStateException(at() + "call " + call + " before build()");
    }
    return value;
  }

  private DrPlanBuilder add(
      Stage stage, String step, FailoverAction action, UnaryOperator<Step> options) {
    steps.add(options.apply(Step.of(step, stage, action)));
    return this;
  }

  private <T> T once(String property, @Nullable T before, T value) {
    if (before != null) {
      throw new IllegalStateException(at() + property + " was already set to " + before);
    }
    return Objects.requireNonNull(value, property);
  }

  private String at() {
    return "plan '" + name + "': ";
  }
}
