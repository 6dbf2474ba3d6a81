package io.drkit.testkit.emulator;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of looking for an AWS emulator: one that answers, or the reason why there is none.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class EmulatorSearch {
  private final @Nullable AwsEmulator emulator;
  private final List<String> reasons;

  private EmulatorSearch(@Nullable AwsEmulator emulator, List<String> reasons) {
    this.emulator = emulator;
    this.reasons = List.copyOf(reasons);
  }

  static EmulatorSearch found(AwsEmulator emulator, List<String> reasons) {
    return new EmulatorSearch(emulator, reasons);
  }

  static EmulatorSearch absent(List<String> reasons) {
    return new EmulatorSearch(null, reasons);
  }

  /** {@return the emulator that was found or started; whoever asked for it closes it} */
  public Optional<AwsEmulator> emulator() {
    return Optional.ofNullable(emulator);
  }

  /** {@return what was not there, one sentence for each place that was looked at and passed over, in that order} */
  public List<String> reasons() {
    return reasons;
  }

  /** {@return why there is no emulator, in one line; why the places before it were passed over, when there is one} */
  public String reason() {
    return String.join(" ", reasons);
  }

  /**
   * {@return the emulator}
   *
   * @throws IllegalStateException if there is none; the message is the reason
   */
  public AwsEmulator orThrow() {
    if (emulator == null) {
      throw new IllegalStateException("No AWS emulator: " + reason());
    }
    return emulator;
  }
}
