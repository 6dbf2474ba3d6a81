package io.drkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every block of Java in every README of the repository compiles; {@link ReadmeBlock} tells what a block may rely on. */
class ReadmeTest {
  @TestFactory
  Stream<DynamicTest> everyBlockOfJavaCompiles() throws IOException {
    var compiler = new ReadmeCompiler();
    return ReadmeBlock.below(root()).stream()
        .map(block ->
            dynamicTest(block.place(), () -> assertThat(compiler.errors(block)).isEmpty()));
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = Objects.requireNonNull(folder.getParent(), "no folder above this one holds .mvn");
    }
    return folder;
  }
}
