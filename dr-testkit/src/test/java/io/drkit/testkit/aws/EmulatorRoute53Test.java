package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.aws.contract.Route53Contract;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.model.Route53Exception;

@WithAwsEmulator
class EmulatorRoute53Test extends Route53Contract {
  EmulatorRoute53Test(AwsEmulator emulator) {
    super(new OnEmulator(emulator));
  }

  /** It lists the zones of one name alone, all at once. Borne: drkit looks at those of one name. */
  @Override
  @Test
  public void zonesAreListedFromAName() {
    assertThatThrownBy(super::zonesAreListedFromAName)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Expecting actual not to be null");
  }

  /** It looks at no address. Borne: drkit writes the values back that it has read. */
  @Override
  @Test
  public void aValueThatIsNoAddressIsRefused() {
    assertThatThrownBy(super::aValueThatIsNoAddressIsRefused)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Expecting code to raise a throwable");
  }

  /** It deletes no authority either, but names another reason. Borne: drkit deletes no records. */
  @Override
  @Test
  public void aZoneKeepsItsAuthority() {
    assertThatThrownBy(super::aZoneKeepsItsAuthority)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("type='SOA'] but the values provided do not match");
  }

  /** It gives an alias a TTL of 0. Borne: an UPSERT with that TTL changes nothing there. */
  @Override
  @Test
  public void anAliasIsKeptAsItWasGiven() {
    assertThatThrownBy(super::anAliasIsKeptAsItWasGiven)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("TTL=0, AliasTarget");
  }

  /** It keeps a star as it is. Borne: drkit compares names after it has written both in one way. */
  @Override
  @Test
  public void aStarIsWrittenAsAnEscape() {
    assertThatThrownBy(super::aStarIsWrittenAsAnEscape)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("*.sub.astariswrittenasanescape.example. A");
  }

  /** It has no servers that could be asked. Borne: drkit asks none. */
  @Override
  @Test
  public void serversAnswerWithWhatIsInSync() {
    assertThatThrownBy(super::serversAnswerWithWhatIsInSync)
        .isInstanceOf(Route53Exception.class)
        .hasMessageContaining("TestDNSAnswer");
  }
}
