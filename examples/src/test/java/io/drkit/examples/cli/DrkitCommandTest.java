package io.drkit.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DrkitCommandTest {
  static Stream<String> commands() {
    return DrkitCommand.commandLine().getSubcommands().keySet().stream();
  }

  @Test
  void withoutACommandItTellsWhatThereIs() {
    Result result = Result.of();

    assertThat(result.code()).isEqualTo(0);
    assertThat(result.out()).contains("Usage: drkit").contains(commands().toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachCommandHasHelpWithTheExitCodes(String command) {
    Result result = Result.of(command, "--help");

    assertThat(result.code()).isEqualTo(0);
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("Usage: drkit " + command + " ")
        .contains("Exit codes:", "  0   ", "  1   ", "  2   ", "  3   ");
  }

  @Test
  void anUnknownCommandIsNamedAndTheNearestSuggested() {
    Result result = Result.of("failovr");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("'failovr'", "Try 'drkit --help'.");
  }

  @Test
  void anErrorIsOneSentenceUnlessTheTraceIsAskedFor() {
    Result brief = Result.of("emulator", "--port", "65536");
    Result verbose = Result.of("emulator", "--port", "65536", "--verbose");

    assertThat(brief.code()).isEqualTo(2);
    assertThat(brief.err())
        .isEqualTo(
            "drkit: the emulator was not started: " + "port must be between 0 and 65535: 65536\n");
    assertThat(verbose.err()).startsWith(brief.err()).contains("\tat io.drkit.");
  }
}
