package io.drkit.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A command line is understood or refused with a sentence, whatever is on it (reliability.md R23). Nothing is run. */
class ArgumentsTest {
  private static final int CASES = 10_000;
  private static final List<String> VALUES = List.of(
      "",
      " ",
      "-",
      "--",
      "=",
      "us-east-1",
      "PILOT_LIGHT",
      "pilot_light",
      "PT5M",
      "5m",
      "-5m",
      "99999999999999999999d",
      "PT2562047788015215H30M8S",
      "2030-01-01T12:00:00Z",
      "+1000000000-12-31T23:59:59.999999999Z",
      "2030-02-30",
      "12",
      "-1",
      "65536",
      "1e9",
      "9".repeat(5_000),
      "a".repeat(50_000),
      "@no-such-file",
      "\u0000",
      "\ud800",
      "../../..",
      "${sys:user.home}",
      "'\"",
      "\"unclosed");

  @Test
  void anythingIsUnderstoodOrRefusedWithASentence() {
    CommandLine line = DrkitCommand.commandLine();
    List<String> commands = List.copyOf(line.getSubcommands().keySet());
    List<String> words = words(line);
    int refused = 0;
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String[] arguments = arguments(random, commands, words);
      try {
        assertThat(line.parseArgs(arguments)).isNotNull();
      } catch (ParameterException documented) {
        assertThat(Sentence.of(documented.getMessage()))
            .as("seed %d", seed)
            .isNotBlank()
            .doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isBetween(1, CASES - 1);
  }

  /** All commands and options that there are. */
  private static List<String> words(CommandLine line) {
    List<String> words = new ArrayList<>(line.getSubcommands().keySet());
    Stream.concat(Stream.of(line), line.getSubcommands().values().stream())
        .flatMap(command -> command.getCommandSpec().optionsMap().keySet().stream())
        .distinct()
        .forEach(words::add);
    return words;
  }

  private static String[] arguments(
      SplittableRandom random, List<String> commands, List<String> words) {
    List<String> arguments = new ArrayList<>();
    arguments.add(commands.get(random.nextInt(commands.size())));
    for (int more = random.nextInt(6); more > 0; more--) {
      String word = words.get(random.nextInt(words.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      switch (random.nextInt(5)) {
        case 0 -> arguments.add(value);
        case 1 -> arguments.add(word + "=" + value);
        case 2 -> arguments.add(word.substring(0, random.nextInt(word.length() + 1)));
        default -> {
          arguments.add(word);
          arguments.add(value);
        }
      }
    }
    return arguments.toArray(String[]::new);
  }
}
