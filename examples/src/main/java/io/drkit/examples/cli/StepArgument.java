package io.drkit.examples.cli;

import picocli.CommandLine.Parameters;

/** The step that a command is about. */
final class StepArgument {
  @Parameters(
      index = "0",
      paramLabel = "STEP",
      description = "The step's name, as 'report' shows it.")
  private String name = "";

  String name() {
    return name;
  }
}
