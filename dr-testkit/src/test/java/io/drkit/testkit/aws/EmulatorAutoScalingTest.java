package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.aws.contract.AutoScalingContract;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import org.junit.jupiter.api.Test;

@WithAwsEmulator
class EmulatorAutoScalingTest extends AutoScalingContract {
  EmulatorAutoScalingTest(AwsEmulator emulator) {
    super(new OnEmulator(emulator));
  }

  /** It remembers what is suspended and launches all the same. Borne: drkit reads what is suspended, and waits. */
  @Override
  @Test
  public void aSuspendedGroupLaunchesNothing() {
    assertThatThrownBy(super::aSuspendedGroupLaunchesNothing)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Expected size: 1 but was: 2");
  }

  /** It fails of itself where it should refuse. Borne: drkit creates no groups. */
  @Override
  @Test
  public void aGroupOfNoConfigurationIsNotCreated() {
    assertThatThrownBy(super::aGroupOfNoConfigurationIsNotCreated)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("InternalFailure");
  }
}
