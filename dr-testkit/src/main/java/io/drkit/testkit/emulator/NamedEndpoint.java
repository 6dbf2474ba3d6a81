package io.drkit.testkit.emulator;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** An emulator that somebody else started, and named in the environment. */
final class NamedEndpoint {
  static final String VARIABLE = "DRKIT_AWS_ENDPOINT";

  private NamedEndpoint() {}

  static EmulatorSearch find(String named) {
    try {
      URI endpoint = new URI(named);
      if (!("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
          || endpoint.getHost() == null) {
        return absent(named, "is not the address of one, such as http://127.0.0.1:5000.");
      }
      EmulatorControl control = EmulatorControl.of(endpoint);
      return EmulatorSearch.found(
          new AwsEmulator(endpoint, AwsEmulator.Kind.ENDPOINT, control, () -> {}), List.of());
    } catch (URISyntaxException malformed) {
      return absent(named, "is not the address of one, such as http://127.0.0.1:5000.");
    } catch (IOException silent) {
      return absent(named, "does not answer: " + silent.getMessage() + ".");
    }
  }

  private static EmulatorSearch absent(String named, String why) {
    return EmulatorSearch.absent(List.of(VARIABLE + "=" + named + " " + why));
  }
}
