package io.drkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeCompilerTest {
  private static final ReadmeCompiler COMPILER = new ReadmeCompiler();

  @TempDir
  Path root;

  @Test
  void statementsHaveTheVocabularyAndTimeAtHand() throws IOException {
    readme("README.md", """
        # Orders

        ```java
        Duration patience = Duration.ofMinutes(15);
        List<DrException> problems = List.of(new DrException("no journal for " + patience));
        ```
        """);

    assertThat(errors()).isEmpty();
  }

  @Test
  void anErrorIsToldWithTheFileAndLineOfTheReadme() throws IOException {
    readme("README.md", "# Orders\n");
    readme("dr-core/README.md", """
        # Core

        ```java
        Duration patience = Duration.ofMinutes(15);

        Duration limit = patience.doubled();
        ```
        """);

    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("dr-core/README.md:6: cannot find symbol")
        .contains("doubled()");
  }

  @Test
  void aTypeIsAFileOfItsOwnAndHasOnlyItsOwnImports() throws IOException {
    readme("README.md", """
        ```java
        import java.time.Duration;

        public record Patience(Duration atMost) {}
        ```

        ```java
        record Patience(Duration atMost) {}
        ```
        """);

    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("README.md:8: cannot find symbol")
        .contains("Duration");
  }

  @Test
  void membersGetAClassAroundThem() throws IOException {
    readme("README.md", """
        ```java
        import org.junit.jupiter.api.Test;

        @Test
        void nothingIsLost() {
          orders.add(Duration.ZERO);
        }

        final List<Duration> orders = new ArrayList<>();
        ```
        """);

    assertThat(errors()).isEmpty();
  }

  @Test
  void commentsAboveABlockImportAndDeclareWhatItTakesForGranted() throws IOException {
    readme("README.md", """
        <!-- imports: java.nio.file.*, static java.time.Duration.ofMinutes -->
        <!-- given: Map<String, Path> journals; Path folder; -->
        ```java
        journals.put("orders", folder.resolve("orders"));
        Duration patience = ofMinutes(1);
        ```

        ```java
        Path folder;
        ```
        """);

    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("README.md:9: cannot find symbol")
        .contains("class Path");
  }

  @Test
  void whatIsNotJavaAtAllIsTold() throws IOException {
    readme("README.md", """
        ```java
        Duration patience = ...;
        ```
        """);

    assertThat(errors())
        .isNotEmpty()
        .first()
        .asString()
        .startsWith("README.md:2: illegal start of expression");
  }

  @Test
  void otherBlocksAndFencesInsideThemAreLeftAlone() throws IOException {
    readme("README.md", """
        ```console
        $ mvn verify
        ```

        ````markdown
        ```java
        this is shown, not meant
        ```
        ````

        ```java ignore
        neither is this
        ```
        """);
    readme("target/README.md", "```java\nwrong\n```\n");
    readme(".cache/README.md", "```java\nwrong\n```\n");

    assertThat(ReadmeBlock.below(root)).isEmpty();
  }

  @Test
  void aBlockWithoutAnEndIsRefused() throws IOException {
    readme("README.md", "# Orders\n\n```java\nint x = 1;\n");

    assertThatThrownBy(() -> ReadmeBlock.below(root))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("README.md:3: the block of Java has no end");
  }

  private List<String> errors() throws IOException {
    return ReadmeBlock.below(root).stream()
        .flatMap(block -> COMPILER.errors(block).stream())
        .toList();
  }

  private void readme(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
