package io.drkit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The consent that a step needs before it starts: by how many people of which group. The consent is asked for when the run begins, so
 * that people decide while the fences are being applied. Whoever asked for the run cannot consent to it: where everybody who is named
 * is needed, a run that one of them asks for is refused. Immutable.
 *
 * @param group who is asked, for example "database owners"
 * @param needed how many have to consent
 * @param members who belongs to the group; empty if anybody may consent but the one who asked for the run
 * @param timeLimit how long to wait before the step fails; a quarter of the plan's RTO if it is empty
 */
public record Approval(
    String group, int needed, List<String> members, Optional<Duration> timeLimit) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the group is blank, nobody is needed, more are needed than there are members, or
   *     the time limit is not positive
   */
  public Approval {
    if (group.isBlank()) {
      throw new IllegalArgumentException("an approval must name the group that is asked");
    }
    members = members.stream().distinct().toList();
    if (needed < 1 || (!members.isEmpty() && needed > members.size())) {
      throw new IllegalArgumentException("approval by '" + group + "': needed must be 1 to "
          + (members.isEmpty() ? "any number" : members.size()) + ": " + needed);
    }
    timeLimit.filter(limit -> limit.isZero() || limit.isNegative()).ifPresent(limit -> {
      throw new IllegalArgumentException(
          "approval by '" + group + "': timeLimit must be positive: " + limit);
    });
  }

  /**
   * Returns the consent of anybody but the one who asked for the run.
   *
   * @param group who is asked
   * @param needed how many have to consent
   * @throws IllegalArgumentException if the group is blank or nobody is needed
   */
  public static Approval by(String group, int needed) {
    return new Approval(group, needed, List.of(), Optional.empty());
  }

  /**
   * Returns this approval with the names of those who may consent.
   *
   * @param member one of them
   * @param more the others
   * @throws IllegalArgumentException if more are needed than are named
   */
  public Approval members(String member, String... more) {
    return new Approval(
        group, needed, Stream.concat(Stream.of(member), Stream.of(more)).toList(), timeLimit);
  }

  /**
   * Returns this approval with another time limit.
   *
   * @param limit how long to wait before the step fails
   * @throws IllegalArgumentException if it is not positive
   */
  public Approval timeLimit(Duration limit) {
    return new Approval(group, needed, members, Optional.of(limit));
  }
}
