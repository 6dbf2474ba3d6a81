package io.drkit.examples.cli;

import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;

/** Ends a run before it is through. */
@Command(
    name = "cancel",
    description =
        "Ends the run as soon as no call is under way. Nothing is taken back; 'resume' goes on.")
final class CancelCommand extends SteeringCommand {
  @Override
  String tell(RunControl run, Instruction instruction) {
    run.cancel(instruction);
    return "the run ends as soon as no call is under way; 'resume' goes on";
  }
}
