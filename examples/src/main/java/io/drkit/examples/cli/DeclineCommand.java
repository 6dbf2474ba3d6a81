package io.drkit.examples.cli;

import io.drkit.ApprovalRequest;
import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;

/** Refuses what a run asks. */
@Command(name = "decline", description = "Refuses what the run asks; the step fails.")
final class DeclineCommand extends AnsweringCommand {
  @Override
  String answer(RunControl run, ApprovalRequest request, Instruction instruction) {
    run.decline(request, instruction);
    return "declined '" + request.step() + "'";
  }
}
