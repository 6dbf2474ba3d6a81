package io.drkit.examples.cli;

import io.drkit.testkit.junit.GameDayDisaster;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a disaster as it is written on a command line: as it is named in JUnit, in lower case; without the word primary as well. */
final class DisasterConverter implements ITypeConverter<GameDayDisaster> {
  @Override
  public GameDayDisaster convert(String text) {
    String option = text.replace('_', '-');
    return Arrays.stream(GameDayDisaster.values())
        .filter(disaster -> option(disaster).equalsIgnoreCase(option)
            || option(disaster).equalsIgnoreCase("primary-" + option))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + options()));
  }

  static String option(GameDayDisaster disaster) {
    return disaster.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<String> options() {
    return Arrays.stream(GameDayDisaster.values())
        .map(DisasterConverter::option)
        .toList();
  }

  /** The disasters as they are written on a command line. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return options().iterator();
    }
  }
}
