package io.drkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * Every block of Java in every README of the repository compiles, and those that are tests hold; {@link ReadmeBlock} tells what a
 * block may rely on.
 */
class ReadmeTest {
  private static final ReadmeCompiler COMPILER = new ReadmeCompiler();

  @TempDir
  Path folder;

  @TestFactory
  Stream<DynamicTest> everyBlockOfJavaCompiles() throws IOException {
    return ReadmeBlock.below(root()).stream()
        .map(block ->
            dynamicTest(block.place(), () -> assertThat(COMPILER.errors(block)).isEmpty()));
  }

  @TestFactory
  Stream<DynamicTest> everyBlockThatIsATestHolds() throws IOException {
    List<ReadmeBlock> tests = ReadmeBlock.below(root()).stream()
        .filter(block -> block.code().contains("@Test") || block.code().contains("@GameDay"))
        .toList();
    assertThat(tests).extracting(block -> block.file().toString()).contains("README.md");
    return tests.stream().map(block -> dynamicTest(block.place(), () -> holds(block)));
  }

  private void holds(ReadmeBlock block) throws IOException, ClassNotFoundException {
    Path classes = Files.createTempDirectory(folder, "block");
    assertThat(COMPILER.compile(block, classes)).isEmpty();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      Events events = EngineTestKit.engine("junit-jupiter")
          .selectors(selectClass(loader.loadClass(outermost(classes))))
          .execute()
          .allEvents();
      events.failed().assertThatEvents().isEmpty();
      // A test that needs what is not there is skipped here as everywhere.
      assertThat(events.succeeded().count() + events.skipped().count())
          .as("tests in %s", block.place())
          .isGreaterThan(1);
    }
  }

  private static String outermost(Path classes) throws IOException {
    try (Stream<Path> files = Files.list(classes)) {
      return files
          .map(file -> file.getFileName().toString().replace(".class", ""))
          .filter(name -> !name.contains("$"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = Objects.requireNonNull(folder.getParent(), "no folder above this one holds .mvn");
    }
    return folder;
  }
}
