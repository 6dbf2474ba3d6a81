package io.drkit.examples.cli;

import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;

/** Holds a run. */
@Command(
    name = "pause",
    description =
        "Holds the run: nothing is asked for until 'continue'. What was asked for goes on in the world.")
final class PauseCommand extends SteeringCommand {
  @Override
  String tell(RunControl run, Instruction instruction) {
    run.pause(instruction);
    return "paused; go on with 'continue'";
  }
}
