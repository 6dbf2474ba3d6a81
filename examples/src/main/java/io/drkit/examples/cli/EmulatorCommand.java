package io.drkit.examples.cli;

import io.drkit.testkit.emulator.AwsEmulator;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts an emulator and keeps it until it is interrupted. */
@Command(
    name = "emulator",
    description =
        "Starts an emulator of AWS (moto with drkit's corrections) on the loopback interface,"
            + " prints its address, and goes on until Ctrl-C. Needs Python with moto's server:"
            + " pip install 'moto[server]'.")
final class EmulatorCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "The port to listen on. Default: any that is free.")
  private int port;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() {
    try (AwsEmulator emulator = start()) {
      // Ctrl-C and SIGTERM run no finally; the child must not outlive this process.
      Thread end = new Thread(emulator::close);
      Runtime.getRuntime().addShutdownHook(end);
      PrintWriter out = command.commandLine().getOut();
      out.println(emulator.endpoint());
      out.flush();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException asked) {
        Runtime.getRuntime().removeShutdownHook(end);
      }
    }
    return ExitCode.DONE;
  }

  private AwsEmulator start() {
    try {
      return AwsEmulator.start(port);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new RefusalException("the emulator was not started: " + e.getMessage(), e);
    }
  }
}
