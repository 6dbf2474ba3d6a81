package io.drkit.examples.cli;

import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tries a failed step again. */
@Command(
    name = "retry",
    description =
        "Tries a failed step again while the run goes on elsewhere. After its end: 'resume'.")
final class RetryCommand extends SteeringCommand {
  @Mixin
  private final StepArgument step = new StepArgument();

  @Override
  String tell(RunControl run, Instruction instruction) {
    run.retry(step.name(), instruction);
    return "'" + step.name() + "' is tried again";
  }
}
