package io.drkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run did and what it reached, measured from its journal. A report never flatters: an outage counts from the
 * disruption, a loss that nobody can tell counts as missing the objective, and where clocks disagree the worse figure
 * stands. Immutable.
 *
 * @param plan the plan's name
 * @param run the run's id
 * @param mode what the run was for
 * @param strategy the plan's strategy
 * @param direction from where to where
 * @param outcome how the run ended, or stands
 * @param objective what the business process needs
 * @param declaration who declared what, with the sites that were declared lost later
 * @param startedAt when the run was started
 * @param endedAt when it ended, if it did
 * @param asOf until when it is told: its end, or else when the report was made
 * @param standing what holds it up while it goes on; empty once it has ended
 * @param rto how long the outage was
 * @param losses what was lost, for each dataset that the run promotes, those of children too
 * @param serviceLevel the lowest service level that a verification of the plan's own measured, if one did
 * @param steps the steps in the plan's order
 * @param exposed what is owed: fences that could not be proven, redundancy that is not back; one sentence each
 * @param exposedSince since when; empty if nothing is owed
 * @param problems why the objective was not met or the run did not complete; one sentence each, with what to do
 * @param fingerprint the plan's fingerprint
 * @param rolledBackBy the run that takes this one back, or that cleans up after it, if one does
 * @param children how the plan's children fared in a move, nested ones too, each after the plan that it is of
 */
public record RunReport(
    String plan,
    String run,
    RunMode mode,
    DrStrategy strategy,
    Direction direction,
    Outcome outcome,
    RecoveryObjective objective,
    Declaration declaration,
    Instant startedAt,
    Optional<Instant> endedAt,
    Instant asOf,
    List<Standing> standing,
    Outage rto,
    List<DataLoss> losses,
    Optional<Double> serviceLevel,
    List<StepReport> steps,
    List<String> exposed,
    Optional<Instant> exposedSince,
    List<String> problems,
    String fingerprint,
    Optional<String> rolledBackBy,
    List<ChildReport> children) {

  /** Copies the lists. */
  public RunReport {
    standing = List.copyOf(standing);
    losses = List.copyOf(losses);
    steps = List.copyOf(steps);
    exposed = List.copyOf(exposed);
    problems = List.copyOf(problems);
    children = List.copyOf(children);
  }

  /**
   * Something that a run waits for, or that ends it, while it goes on.
   *
   * @param kind what it is
   * @param sentence who, since when and why, and what to do
   */
  public record Standing(Kind kind, String sentence) {

    /** What keeps a run from going on. */
    public enum Kind {
      /** Somebody paused it. */
      PAUSED,
      /** Somebody cancelled it or takes it back, and it ends as soon as no call is under way. */
      ENDING,
      /** It asks people for their consent. */
      ASKS
    }
  }

  /** The parts of an outage. Each instant of it belongs to one: the first part that is not through yet. */
  public enum Phase {
    /** From the disruption until somebody noticed. */
    DETECT,
    /** From then until the run was started; holds DETECT as well if nobody said when it was noticed. */
    DECIDE,
    /** Until nobody writes at the site that is left. */
    FENCE,
    /** Until the data is writable: replicas promoted, backups restored. */
    PROMOTE,
    /** Until what works on the data is up. */
    PROVISION,
    /** Until users are sent over. */
    REDIRECT,
    /** Until the business process was seen to work. */
    VERIFY
  }

  /**
   * How long the service was out.
   *
   * @param recovered whether it is back: every required step up to the verification was reached
   * @param elapsed from the disruption until the service was back; or else until the run's end, or now while it goes on
   * @param countedFromDeclaration whether nobody said when the disruption began, so that the true outage was longer
   * @param atLeast whether it took longer than {@code elapsed} and nobody can tell by how much, which misses every objective: another
   *     process went on, whose clock is behind that of the one before
   * @param phases the parts; they add up to {@code elapsed}
   */
  public record Outage(
      boolean recovered,
      Duration elapsed,
      boolean countedFromDeclaration,
      boolean atLeast,
      Map<Phase, Duration> phases) {
    /** Copies the parts in their order. */
    public Outage {
      phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    }

    /** {@return whether it cannot be, or become, as short as a limit} */
    public boolean exceeds(Duration limit) {
      return atLeast || elapsed.compareTo(limit) > 0;
    }
  }

  /**
   * What was lost of a dataset: everything written after the recovery point.
   *
   * @param dataset the dataset's name
   * @param recoveryPoint the point that was really promoted, or, if the run did not see it, the bound from before
   * @param promoted whether the copy was promoted
   * @param length from the recovery point until writing ended; empty if it cannot be told, which misses every objective
   * @param silentSince what {@code length} takes for granted: that the site which was left, and was not fenced, has acknowledged nothing
   *     since then, by the declaration or because the run ended; more is lost if it has. Empty if a fence proves it, or nobody can tell
   */
  public record DataLoss(
      String dataset,
      RecoveryPoint recoveryPoint,
      boolean promoted,
      Optional<Duration> length,
      Optional<Instant> silentSince) {}

  /**
   * How a child plan fared, by its own objective.
   *
   * @param path its name, after that of the child that it is of, if it is of one
   * @param strategy its strategy
   * @param objective what its part of the business process needs
   * @param rto how long it was out, with its own children; in a planned move from when its first step could start
   * @param losses what was lost of its own datasets
   * @param serviceLevel the lowest service level that its own verifications measured, if one did
   */
  public record ChildReport(
      String path,
      DrStrategy strategy,
      RecoveryObjective objective,
      Outage rto,
      List<DataLoss> losses,
      Optional<Double> serviceLevel) {

    /** Copies the list. */
    public ChildReport {
      losses = List.copyOf(losses);
    }

    /** {@return the longest of its losses; empty if one of them cannot be told; zero if it promotes nothing} */
    public Optional<Duration> rpo() {
      return worst(losses);
    }

    /** {@return whether its service is back within its RTO} */
    public boolean rtoMet() {
      return rto.recovered() && !rto.exceeds(objective.rto());
    }

    /** {@return whether each of its datasets was promoted, and every loss is known and within its RPO} */
    public boolean rpoMet() {
      return within(losses, objective);
    }

    /** {@return whether the service level, if it was measured, is what its objective asks for} */
    public boolean serviceLevelMet() {
      return serviceLevel.map(level -> level >= objective.serviceLevel()).orElse(true);
    }

    /** {@return whether RTO, RPO and service level are as its objective asks for} */
    public boolean objectiveMet() {
      return rtoMet() && rpoMet() && serviceLevelMet();
    }
  }

  /**
   * One step of a run.
   *
   * @param name its name
   * @param stage its stage
   * @param wanted the state that was wanted
   * @param required whether the run fails if it does
   * @param status how it ended, or stands
   * @param startedAt when all that it waited for was done
   * @param endedAt when it was reached or given up
   * @param requests how often the state was asked for
   * @param failedCalls how many calls failed on the way
   * @param detail what was seen, or why it was given up
   * @param evidence what shows the state
   */
  public record StepReport(
      String name,
      Stage stage,
      String wanted,
      boolean required,
      StepStatus status,
      Optional<Instant> startedAt,
      Optional<Instant> endedAt,
      int requests,
      int failedCalls,
      String detail,
      Evidence evidence) {}

  /**
   * Returns the longest of the losses.
   *
   * @return empty if one of them cannot be told; zero if the run promotes nothing
   */
  public Optional<Duration> rpo() {
    return worst(losses);
  }

  private static Optional<Duration> worst(List<DataLoss> losses) {
    Duration worst = Duration.ZERO;
    for (DataLoss loss : losses) {
      if (loss.length().isEmpty()) {
        return Optional.empty();
      }
      if (loss.length().get().compareTo(worst) > 0) {
        worst = loss.length().get();
      }
    }
    return Optional.of(worst);
  }

  private static boolean within(List<DataLoss> losses, RecoveryObjective objective) {
    return losses.stream().allMatch(DataLoss::promoted)
        && worst(losses).map(loss -> loss.compareTo(objective.rpo()) <= 0).orElse(false);
  }

  /** {@return what was lost of the plan's own datasets, without those of its children} */
  public List<DataLoss> ownLosses() {
    Set<String> ofChildren = children.stream()
        .flatMap(child -> child.losses().stream())
        .map(DataLoss::dataset)
        .collect(Collectors.toSet());
    return losses.stream().filter(loss -> !ofChildren.contains(loss.dataset())).toList();
  }

  /** {@return whether the service is back within the RTO} */
  public boolean rtoMet() {
    return rto.recovered() && !rto.exceeds(objective.rto());
  }

  /** {@return whether every dataset of the plan's own was promoted, and every loss of them is known and within the RPO} */
  public boolean rpoMet() {
    return within(ownLosses(), objective);
  }

  /** {@return whether the service level, if it was measured, is what the objective asks for} */
  public boolean serviceLevelMet() {
    return serviceLevel.map(level -> level >= objective.serviceLevel()).orElse(true);
  }

  /**
   * Returns whether the run did what it is for: a failover ended with the service back within RTO, RPO and service level, and so
   * did each child by its own objective; a preparation reached every required state.
   */
  public boolean objectiveMet() {
    boolean through = outcome == Outcome.COMPLETED || outcome == Outcome.COMPLETED_WITH_EXCEPTIONS;
    return through
        && (!mode.moves()
            || (rtoMet()
                && rpoMet()
                && serviceLevelMet()
                && children.stream().allMatch(ChildReport::objectiveMet)));
  }

  /**
   * Returns one step of the run.
   *
   * @param name its name
   * @throws IllegalArgumentException if the run has no such step
   */
  public StepReport step(String name) {
    return steps.stream()
        .filter(step -> step.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("run " + run + " has no step '" + name
            + "'; it has " + steps.stream().map(StepReport::name).toList()));
  }

  /** {@return how the run ended, or stands, in one sentence, with what holds it up first or else the first problem} */
  public String summary() {
    String head = "run " + run + " of plan '" + plan + "' (" + direction + ") is " + outcome;
    if (!standing.isEmpty()) {
      return head + ": " + standing.get(0).sentence();
    }
    return problems.isEmpty() ? head : head + ": " + problems.get(0);
  }

  /**
   * Returns this report if the objective was met.
   *
   * @throws FailoverFailedException if it was not; the exception carries this report
   */
  public RunReport orThrow() {
    if (!objectiveMet()) {
      throw new FailoverFailedException(this);
    }
    return this;
  }
}
