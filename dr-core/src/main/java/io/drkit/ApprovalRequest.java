package io.drkit;

import java.time.Instant;
import java.util.List;

/**
 * What a run asks people to consent to, as it stood when it was read. An answer to it is bound to the run and to the plan's
 * fingerprint. Immutable.
 *
 * @param run the run's id
 * @param fingerprint the fingerprint of the plan that the run was started with
 * @param step the step that waits
 * @param subject what is to be consented to
 * @param group who is asked
 * @param needed how many have to consent
 * @param members who may; empty for anybody
 * @param given who has consented so far
 * @param expiresAt when the step fails if they have not consented
 * @param loss what would be lost by what was known when it was asked, in words
 */
public record ApprovalRequest(
    String run,
    String fingerprint,
    String step,
    Subject subject,
    String group,
    int needed,
    List<String> members,
    List<String> given,
    Instant expiresAt,
    String loss) {

  /** What is to be consented to. */
  public enum Subject {
    /** That the step starts. Whoever asked for the run cannot consent. */
    STEP,
    /** That a promotion loses more than the RPO allows. Whoever asked for the run can accept it, too. */
    LOSS,
    /** That the move is kept; see {@link CommitWindow}. Whoever asked for the run can keep it, too. */
    COMMIT
  }

  /** Copies the lists. */
  public ApprovalRequest {
    members = List.copyOf(members);
    given = List.copyOf(given);
  }
}
