package io.drkit.examples.cli;

import io.drkit.ApprovalRequest;
import io.drkit.Instruction;
import io.drkit.RunControl;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An answer to what a run asks: bound to the plan that was looked at. */
abstract class AnsweringCommand extends SteeringCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "STEP",
      description = "The step. Without it, the command lists what the run asks for.")
  private String step = "";

  @Option(
      names = "--fingerprint",
      paramLabel = "HEX",
      description = "The plan's fingerprint as it was listed, or its first 12 characters.")
  private String fingerprint = "";

  /**
   * Gives the answer.
   *
   * @return what was answered
   */
  abstract String answer(RunControl run, ApprovalRequest request, Instruction instruction);

  @Override
  final String tell(RunControl run, Instruction instruction) {
    List<ApprovalRequest> open = run.approvals();
    if (step.isEmpty()) {
      return open.isEmpty()
          ? "the run asks for nothing"
          : String.join(System.lineSeparator(), open.stream().map(this::line).toList());
    }
    ApprovalRequest request = open.stream()
        .filter(asked -> asked.step().equals(step))
        .findFirst()
        .orElseThrow(() -> new RefusalException("the run does not ask for consent to step '" + step
            + "'; it asks for "
            + (open.isEmpty()
                ? "nothing"
                : open.stream().map(ApprovalRequest::step).toList())));
    if (fingerprint.length() < 12 || !request.fingerprint().startsWith(fingerprint)) {
      throw new RefusalException("an answer is for one plan only: add --fingerprint "
          + request.fingerprint().substring(0, 12) + " if that is the plan that you looked at"
          + (fingerprint.isEmpty() ? "" : ", which " + fingerprint + " is not"));
    }
    return answer(run, request, instruction);
  }

  private String line(ApprovalRequest request) {
    return "'" + request.step() + "' needs "
        + (request.needed() - request.given().size())
        + " more of '" + request.group() + "'"
        + (request.members().isEmpty() ? "" : " " + request.members()) + " until "
        + request.expiresAt() + "; loss: " + request.loss() + "; --fingerprint "
        + request.fingerprint().substring(0, 12);
  }
}
