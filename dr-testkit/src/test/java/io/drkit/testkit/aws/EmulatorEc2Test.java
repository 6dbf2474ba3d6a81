package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.aws.contract.Ec2Contract;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import org.junit.jupiter.api.Test;

@WithAwsEmulator
class EmulatorEc2Test extends Ec2Contract {
  EmulatorEc2Test(AwsEmulator emulator) {
    super(new OnEmulator(emulator));
  }

  /** It tags whatever it is told to. Borne: drkit tags in the launching request alone. */
  @Override
  @Test
  public void whatIsNotThereIsNotTagged() {
    assertThatThrownBy(super::whatIsNotThereIsNotTagged)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Expecting code to raise a throwable");
  }
}
