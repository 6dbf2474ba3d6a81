package io.drkit.testkit.zoo;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A mistake that somebody might make in the main code, and the proof that has to notice. Immutable.
 *
 * @param name what is wrong
 * @param source the file below {@code dr-core/src/main/java/io/drkit}
 * @param snippet what the file holds exactly once
 * @param replacement what it becomes
 * @param proof a test class, or a class and a method: {@code io.drkit.SomeTest#someMethod}
 */
record Bug(String name, String source, String snippet, String replacement, String proof) {
  private static final Path MAIN = Path.of("../dr-core/src/main/java/io/drkit");
  /** What a proof that takes its seeds from a property tries. */
  private static final int SEEDS = 150;

  private static final int SECONDS = 100;

  /** How a proof fared. */
  enum Verdict {
    FAILED,
    HUNG,
    PASSED,
    BROKE
  }

  /** What a run of the proof against the planted bug came to. */
  record Outcome(Verdict verdict, String output) {}

  /** The source with the bug in it. */
  String planted() throws IOException {
    String text = Files.readString(MAIN.resolve(source));
    int at = text.indexOf(snippet);
    if (at < 0 || text.indexOf(snippet, at + 1) >= 0) {
      throw new AssertionError("the bug '" + name + "' cannot be planted any more: " + source
          + " has to hold this exactly once: " + snippet);
    }
    return text.replace(snippet, replacement);
  }

  /** Compiles it, and lets the proof run against it in a process of its own. */
  Outcome release(Path directory) throws IOException, InterruptedException {
    Path cage = Files.createTempDirectory(directory, "bug");
    Path changed = cage.resolve("src").resolve(Path.of(source).getFileName());
    Files.createDirectories(changed.getParent());
    Files.writeString(changed, planted());
    Path classes = Files.createDirectories(cage.resolve("classes"));
    String errors = compile(changed, classes);
    if (!errors.isEmpty()) {
      return new Outcome(Verdict.BROKE, errors);
    }
    Path output = cage.resolve("output");
    Process process = new ProcessBuilder(command(classes))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return new Outcome(Verdict.HUNG, Files.readString(output));
    }
    return new Outcome(
        switch (process.exitValue()) {
          case Proof.PASSED -> Verdict.PASSED;
          case Proof.FAILED -> Verdict.FAILED;
          default -> Verdict.BROKE;
        },
        Files.readString(output));
  }

  private static String compile(Path file, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of(
          "-proc:none",
          "-nowarn",
          "-parameters",
          "-d",
          classes.toString(),
          "-cp",
          System.getProperty("java.class.path"));
      boolean compiled = compiler
          .getTask(errors, files, null, options, null, files.getJavaFileObjects(file))
          .call();
      return compiled ? "" : errors.toString();
    }
  }

  private List<String> command(Path classes) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-Xshare:auto",
        "-Ddrkit.seeds=" + SEEDS,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
        "-cp",
        String.join(File.pathSeparator, classes.toString(), System.getProperty("java.class.path")),
        Proof.class.getName(),
        proof);
  }

  @Override
  public String toString() {
    return name;
  }
}
