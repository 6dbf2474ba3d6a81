package io.drkit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an action found out about the world and what stays true of the run: journaled with the step, shown in the report,
 * and readable by later steps. It must never hold a secret. Immutable.
 *
 * @param facts named findings in the order in which they were added, for example {@code instances = i-1, i-2}
 * @param recoveryPoint the point to which a dataset was, or would be, brought back
 * @param serviceLevel the share of the full service that was measured, from 0 to 1
 */
public record Evidence(
    Map<String, String> facts,
    Optional<RecoveryPoint> recoveryPoint,
    Optional<Double> serviceLevel) {
  private static final Evidence NONE = new Evidence(Map.of(), Optional.empty(), Optional.empty());

  /**
   * Copies the facts in their order.
   *
   * @throws IllegalArgumentException if the service level is not between 0 and 1
   */
  public Evidence {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    Objects.requireNonNull(recoveryPoint, "recoveryPoint");
    serviceLevel.ifPresent(level -> {
      if (!(level >= 0 && level <= 1)) {
        throw new IllegalArgumentException("serviceLevel must be between 0 and 1: " + level);
      }
    });
  }

  /** {@return evidence that says nothing} */
  public static Evidence none() {
    return NONE;
  }

  /**
   * Returns evidence of one fact.
   *
   * @param name what was found
   * @param value its value
   */
  public static Evidence of(String name, String value) {
    return NONE.and(name, value);
  }

  /**
   * Returns evidence of a recovery point.
   *
   * @param point the point to which the dataset was, or would be, brought back
   */
  public static Evidence of(RecoveryPoint point) {
    return NONE.and(point);
  }

  /**
   * Returns this evidence with one more fact; a fact of the same name is replaced.
   *
   * @param name what was found
   * @param value its value
   */
  public Evidence and(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return new Evidence(more, recoveryPoint, serviceLevel);
  }

  /**
   * Returns this evidence with a recovery point.
   *
   * @param point the point to which the dataset was, or would be, brought back
   */
  public Evidence and(RecoveryPoint point) {
    return new Evidence(facts, Optional.of(point), serviceLevel);
  }

  /**
   * Returns this evidence with a measured service level.
   *
   * @param level the share of the full service, from 0 to 1
   * @throws IllegalArgumentException if the level is not between 0 and 1
   */
  public Evidence serviceLevel(double level) {
    return new Evidence(facts, recoveryPoint, Optional.of(level));
  }
}
