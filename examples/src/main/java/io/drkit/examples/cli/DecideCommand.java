package io.drkit.examples.cli;

import io.drkit.Decision;
import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Settles a step that is in doubt. */
@Command(
    name = "decide",
    description =
        "Settles a step that is in doubt by what you saw at its target; needs a --reason. 'resume' goes on.")
final class DecideCommand extends SteeringCommand {
  @Mixin
  private final StepArgument step = new StepArgument();

  @Parameters(
      index = "1",
      paramLabel = "FOUND",
      description = "${COMPLETION-CANDIDATES}: whether the request took effect.")
  private Decision decision = Decision.TOOK_EFFECT;

  @Override
  String tell(RunControl run, Instruction instruction) {
    run.decide(step.name(), decision, instruction);
    return decision == Decision.TOOK_EFFECT
        ? "'" + step.name() + "' is done; 'resume' goes on if the run has ended"
        : "'" + step.name() + "' is asked for again; 'resume' goes on if the run has ended";
  }
}
