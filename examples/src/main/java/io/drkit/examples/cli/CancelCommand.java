package io.drkit.examples.cli;

import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;

/** Ends a run before it is through. */
@Command(
    name = "cancel",
    description =
        "Ends the run as soon as no call is under way. A switchover that has promoted nothing is rolled"
            + " back; of anything else nothing is taken back, and 'resume' goes on.")
final class CancelCommand extends SteeringCommand {
  @Override
  String tell(RunControl run, Instruction instruction) {
    run.cancel(instruction);
    return "the run ends as soon as no call is under way; a switchover that has promoted nothing is rolled"
        + " back, and with any other run 'resume' goes on";
  }
}
