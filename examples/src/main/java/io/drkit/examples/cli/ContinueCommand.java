package io.drkit.examples.cli;

import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;

/** Lets a paused run go on. */
@Command(name = "continue", description = "Lets a paused run go on.")
final class ContinueCommand extends SteeringCommand {
  @Override
  String tell(RunControl run, Instruction instruction) {
    run.continueRun(instruction);
    return "the run goes on";
  }
}
