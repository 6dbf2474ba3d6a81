package io.drkit.examples;

import io.drkit.examples.cli.DrkitCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The command line of the examples: {@code java -jar drkit-examples.jar}. */
public final class Main {
  private Main() {}

  /**
   * Runs one command and ends with its exit code.
   *
   * @param arguments the command and its options; none prints the usage
   */
  public static void main(String[] arguments) {
    // UTF-8 whatever the locale: JSON asks for it, and journals may hold any name.
    System.exit(DrkitCommand.commandLine()
        .setOut(utf8(FileDescriptor.out))
        .setErr(utf8(FileDescriptor.err))
        .execute(arguments));
  }

  private static PrintWriter utf8(FileDescriptor stream) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(stream), StandardCharsets.UTF_8), true);
  }
}
