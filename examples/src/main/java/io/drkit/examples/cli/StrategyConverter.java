package io.drkit.examples.cli;

import io.drkit.DrStrategy;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a strategy as it is written on a command line. */
final class StrategyConverter implements ITypeConverter<DrStrategy> {
  @Override
  public DrStrategy convert(String text) {
    return Arrays.stream(DrStrategy.values())
        .filter(strategy -> option(strategy).equalsIgnoreCase(text.replace('_', '-')))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
            + Arrays.stream(DrStrategy.values()).map(StrategyConverter::option).toList()));
  }

  static String option(DrStrategy strategy) {
    return strategy.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
