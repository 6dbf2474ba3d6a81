package io.drkit.examples.cli;

import io.drkit.Instruction;
import io.drkit.RunControl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets a run go on without a step. */
@Command(
    name = "skip",
    description = "Lets the run go on without a step; needs a --reason, which the report shows.")
final class SkipCommand extends SteeringCommand {
  @Mixin
  private final StepArgument step = new StepArgument();

  @Option(
      names = "--abandon",
      description = "Skip it even though it was asked for already and may yet take effect.")
  private boolean abandon;

  @Override
  String tell(RunControl run, Instruction instruction) {
    if (abandon) {
      run.abandon(step.name(), instruction);
      return "skipped '" + step.name() + "'; what it asked for may yet take effect";
    }
    run.skip(step.name(), instruction);
    return "skipped '" + step.name() + "'";
  }
}
