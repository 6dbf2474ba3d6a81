package io.drkit.testkit.zoo;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A mistake that somebody might make in the main code, and the proof that has to notice. Where one safeguard backs another, both
 * are taken away. Immutable.
 *
 * @param name what is wrong
 * @param edits what is changed
 * @param proof a test class, or a class and a method: {@code io.drkit.SomeTest#someMethod}
 * @param seeds how many a proof tries that takes its seeds from a property
 */
record Bug(String name, List<Edit> edits, String proof, int seeds) {
  private static final Path MAIN = Path.of("../dr-core/src/main/java/io/drkit");
  private static final String TESTKIT = "testkit/";
  private static final Path FAKES = Path.of("src/main/java/io/drkit");
  /** A build has the jar of dr-core on the class path, and not its proofs. */
  private static final String CORE_TESTS = "../dr-core/target/test-classes";

  private static final int SEEDS = 150;

  private static final int SECONDS = 100;

  /**
   * A change of the main code.
   *
   * @param source the file below {@code dr-core/src/main/java/io/drkit}; one of the testkit begins with {@code testkit/}
   * @param snippet what the file holds exactly once
   * @param replacement what it becomes
   */
  record Edit(String source, String snippet, String replacement) {
    private Path file() {
      return (source.startsWith(TESTKIT) ? FAKES : MAIN).resolve(source);
    }

    private String in(String text, String bug) {
      int at = text.indexOf(snippet);
      if (at < 0 || text.indexOf(snippet, at + 1) >= 0) {
        throw new AssertionError("the bug '" + bug + "' cannot be planted any more: " + source
            + " has to hold this exactly once: " + snippet);
      }
      return text.replace(snippet, replacement);
    }
  }

  Bug {
    edits = List.copyOf(edits);
  }

  Bug(String name, List<Edit> edits, String proof) {
    this(name, edits, proof, SEEDS);
  }

  Bug(String name, String source, String snippet, String replacement, String proof) {
    this(name, List.of(new Edit(source, snippet, replacement)), proof);
  }

  /** How a proof fared. */
  enum Verdict {
    FAILED,
    HUNG,
    PASSED,
    BROKE
  }

  /** What a run of the proof against the planted bug came to. */
  record Outcome(Verdict verdict, String output) {}

  /** The sources with the bug in them. */
  private Map<String, String> planted() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (Edit edit : edits) {
      String text = sources.get(edit.source());
      String before = text == null ? Files.readString(edit.file()) : text;
      sources.put(edit.source(), edit.in(before, name));
    }
    return sources;
  }

  /** Compiles it, and lets the proof run against it in a process of its own. */
  Outcome release(Path directory) throws IOException, InterruptedException {
    Path cage = Files.createTempDirectory(directory, "bug");
    List<Path> changed = new ArrayList<>();
    for (Map.Entry<String, String> source : planted().entrySet()) {
      Path file = cage.resolve("src").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      changed.add(Files.writeString(file, source.getValue()));
    }
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

  private static String compile(List<Path> sources, Path classes) throws IOException {
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
          .getTask(errors, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
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
        "-Ddrkit.seeds=" + seeds,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
        "-cp",
        String.join(
            File.pathSeparator,
            classes.toString(),
            CORE_TESTS,
            System.getProperty("java.class.path")),
        Proof.class.getName(),
        proof);
  }

  @Override
  public String toString() {
    return name;
  }
}
