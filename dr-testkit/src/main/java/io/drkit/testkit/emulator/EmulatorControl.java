package io.drkit.testkit.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What an emulator is told outside of AWS's own API. */
final class EmulatorControl {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int ANSWER_MILLIS = 30_000;

  private final URI endpoint;
  private final String resetPath;
  private final boolean drkit;

  private EmulatorControl(URI endpoint, String resetPath, boolean drkit) {
    this.endpoint = endpoint;
    this.resetPath = resetPath;
    this.drkit = drkit;
  }

  static EmulatorControl drkit(URI endpoint) {
    return new EmulatorControl(endpoint, "/drkit/reset", true);
  }

  static EmulatorControl localStack(URI endpoint) {
    return new EmulatorControl(endpoint, "/_localstack/state/reset", false);
  }

  static EmulatorControl plainMoto(URI endpoint) {
    return new EmulatorControl(endpoint, "/moto-api/reset", false);
  }

  /**
   * Asks an endpoint what it is.
   *
   * @throws IOException if nothing answers there
   */
  static EmulatorControl of(URI endpoint) throws IOException {
    EmulatorControl own = drkit(endpoint);
    Answer state = own.ask("GET", "/drkit/state");
    if (state.status == 200 && state.body.contains("\"drkit\"")) {
      return own;
    }
    if (own.ask("GET", "/_localstack/health").status == 200) {
      return localStack(endpoint);
    }
    return plainMoto(endpoint);
  }

  boolean losesRegions() {
    return drkit;
  }

  void reset() {
    Answer answer = tell(resetPath);
    if (answer.status != 200) {
      throw new IllegalStateException("The emulator at " + endpoint + " has no reset: POST "
          + resetPath + " answered " + answer.status);
    }
  }

  void post(String verb, String... parameters) {
    if (!drkit) {
      throw new IllegalStateException("The emulator at "
          + endpoint
          + " cannot "
          + verb
          + ": only one that drkit started can. Start it with AwsEmulator.start(0).");
    }
    StringBuilder path = new StringBuilder("/drkit/").append(verb);
    for (int i = 0; i < parameters.length; i += 2) {
      path.append(i == 0 ? '?' : '&')
          .append(parameters[i])
          .append('=')
          .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
    }
    Answer answer = tell(path.toString());
    if (answer.status == 400) {
      throw new IllegalArgumentException("The emulator refused POST " + path + ": " + answer.body);
    }
    if (answer.status != 200) {
      throw new IllegalStateException(
          "The emulator answered " + answer.status + " to POST " + path + ": " + answer.body);
    }
  }

  private Answer tell(String path) {
    try {
      return ask("POST", path);
    } catch (IOException silent) {
      throw new IllegalStateException(
          "The emulator at " + endpoint + " does not answer POST " + path, silent);
    }
  }

  private Answer ask(String method, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) endpoint.resolve(path).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(ANSWER_MILLIS);
    connection.setUseCaches(false);
    connection.setRequestMethod(method);
    int status = connection.getResponseCode();
    try (InputStream body =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(
          status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private record Answer(int status, String body) {}
}
