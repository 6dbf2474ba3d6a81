package io.drkit.examples.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command printed, and its exit code. */
record Result(int code, String out, String err) {

  /** Runs a command in this process. */
  static Result of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = DrkitCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }
}
