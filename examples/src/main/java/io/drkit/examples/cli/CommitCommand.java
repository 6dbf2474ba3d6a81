package io.drkit.examples.cli;

import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;

/** Keeps a move that is in its commit window. */
@Command(
    name = "commit",
    description =
        "Keeps the move: the run goes on when every required state was seen to hold once more.")
final class CommitCommand extends SteeringCommand {
  @Override
  String tell(RunControl run, Instruction instruction) {
    run.commit(instruction);
    return "the move is kept as soon as every required state was seen to hold once more";
  }
}
