package io.drkit.bench;

import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.spi.Journal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A JVM that has just started, and the weight of what it loads. */
public final class ColdStart {
  private ColdStart() {}

  /** Makes a plan and an engine. Prints how many nanoseconds that took. */
  public static void main(String[] none) {
    long began = System.nanoTime();
    DrPlan plan = new Workload(2, 10).plan();
    try (DrEngine engine = Engines.engine(Journal.inMemory())) {
      Comparison.require(engine.reports(plan.name()).isEmpty());
      System.out.println(System.nanoTime() - began);
    }
  }

  /** {@return the milliseconds of {@link #main} in a new JVM} */
  static double inAnotherJvm() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ColdStart.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Comparison.require(process.waitFor() == 0);
    return Long.parseLong(printed.strip()) / 1e6;
  }

  /** {@return the bytes of a jar of the module's classes} */
  static long jarSize() throws IOException {
    Path classes = Path.of("target", "classes");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes);
        Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, jar);
      }
    }
    return bytes.size();
  }
}
