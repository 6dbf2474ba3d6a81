package io.drkit.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the examples: {@code java -jar drkit-examples.jar}. */
@Command(
    name = "drkit-examples",
    description = "Programs that show drkit at work.",
    mixinStandardHelpOptions = true)
public final class Main implements Runnable {
  private Main() {}

  /**
   * Runs one command and ends with its exit code.
   *
   * @param arguments the command and its options; none prints the usage
   */
  public static void main(String[] arguments) {
    var commandLine = new CommandLine(new Main());
    // Known in the jar only.
    String version = Main.class.getPackage().getImplementationVersion();
    commandLine.getCommandSpec().version("drkit " + (version == null ? "(not packaged)" : version));
    System.exit(commandLine.execute(arguments));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
