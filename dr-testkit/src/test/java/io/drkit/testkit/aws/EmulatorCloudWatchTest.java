package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.aws.contract.CloudWatchContract;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import org.junit.jupiter.api.Test;

@WithAwsEmulator
class EmulatorCloudWatchTest extends CloudWatchContract {
  EmulatorCloudWatchTest(AwsEmulator emulator) {
    super(new OnEmulator(emulator));
  }

  /** It stamps a minute with its first value instead of its beginning. Borne: the lag of a copy is right to the minute. */
  @Override
  @Test
  public void whatWasPutIsReadBackByTheMinute() {
    assertThatThrownBy(super::whatWasPutIsReadBackByTheMinute)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("12:00:05Z");
  }

  /** It has no such limit. Borne: drkit never asks for more than the last minutes. */
  @Override
  @Test
  public void aQuestionForTooManyDatapointsIsRefused() {
    assertThatThrownBy(super::aQuestionForTooManyDatapointsIsRefused)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Expecting code to raise a throwable");
  }
}
