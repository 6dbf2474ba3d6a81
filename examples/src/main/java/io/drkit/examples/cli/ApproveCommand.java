package io.drkit.examples.cli;

import io.drkit.ApprovalRequest;
import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;

/** Consents to what a run asks. */
@Command(
    name = "approve",
    description = "Consents to what the run asks: that a step starts, or that data is lost.")
final class ApproveCommand extends AnsweringCommand {
  @Override
  String answer(RunControl run, ApprovalRequest request, Instruction instruction) {
    run.approve(request, instruction);
    return "approved '" + request.step() + "'";
  }
}
