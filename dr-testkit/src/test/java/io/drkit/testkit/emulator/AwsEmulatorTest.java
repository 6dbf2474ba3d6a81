package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

@WithAwsEmulator
class AwsEmulatorTest {
  private static final Map<String, String> HERE = System.getenv();

  @TempDir
  private Path empty;

  AwsEmulatorTest(AwsEmulator shared) {
    assumeTrue(shared.losesRegions(), "moto is not what answers here: " + shared);
  }

  @Test
  void answersOnAFreeLoopbackPortUntilItIsClosed() {
    AwsEmulator emulator = AwsEmulator.start(0);
    URI endpoint = emulator.endpoint();

    assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
    assertThat(endpoint.getPort()).isPositive();
    assertThat(emulator.kind()).isEqualTo(AwsEmulator.Kind.MOTO);
    try (StsClient sts = emulator.client(StsClient.builder(), "us-west-2")) {
      assertThat(sts.getCallerIdentity().account()).isEqualTo("123456789012");
    }

    emulator.close();
    emulator.close();

    assertThat(NamedEndpoint.find(endpoint.toString()).reason()).contains("does not answer");
  }

  @Test
  void aPortThatIsTakenIsSaidToBe() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> AwsEmulator.start(taken.getLocalPort()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("moto ended with code")
          .hasMessageContaining("Address already in use");
    }
  }

  @Test
  void aPortThatIsNoneIsRefused() {
    assertThatThrownBy(() -> AwsEmulator.start(65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port must be between 0 and 65535: 65536");
  }

  @Test
  void anEndpointInTheEnvironmentIsTakenBeforeAnythingElse() {
    try (AwsEmulator started = AwsEmulator.start(0)) {
      AwsEmulator found = AwsEmulator.find(started.environment()).orThrow();

      assertThat(found.kind()).isEqualTo(AwsEmulator.Kind.ENDPOINT);
      assertThat(found.endpoint()).isEqualTo(started.endpoint());
      assertThat(found.losesRegions()).isTrue();

      found.close();
      started.reset();
    }
  }

  @Test
  void anEndpointInTheEnvironmentThatDoesNotAnswerIsTheReason() throws IOException {
    int port = freePort();

    EmulatorSearch search =
        AwsEmulator.find(Map.of("DRKIT_AWS_ENDPOINT", "http://127.0.0.1:" + port));

    assertThat(search.emulator()).isEmpty();
    assertThat(search.reason())
        .startsWith("DRKIT_AWS_ENDPOINT=http://127.0.0.1:" + port + " does not answer: ");
  }

  @Test
  void anEndpointInTheEnvironmentThatIsNoAddressIsTheReason() {
    assertThat(AwsEmulator.find(Map.of("DRKIT_AWS_ENDPOINT", "localhost:4566")).reason())
        .isEqualTo(
            "DRKIT_AWS_ENDPOINT=localhost:4566 is not the address of one, such as http://127.0.0.1:5000.");
  }

  @Test
  void withoutPythonTheReasonSaysWhatToInstall() {
    EmulatorSearch search =
        AwsEmulator.find(Map.of("PATH", empty.toString(), "DOCKER_HOST", "unix:///nowhere"));

    assertThat(search.emulator()).isEmpty();
    assertThat(search.reasons()).hasSize(3);
    assertThat(search.reasons().get(0)).isEqualTo("DRKIT_AWS_ENDPOINT is not set.");
    assertThat(search.reasons().get(1))
        .startsWith("LocalStack needs a Docker engine; none answers at unix:///nowhere");
    assertThat(search.reasons().get(2))
        .isEqualTo("moto needs Python: there is neither a python3 nor a python on the PATH."
            + " Install it with: python3 -m pip install 'moto[server]==5.2.1'.");
    assertThatThrownBy(search::orThrow)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("No AWS emulator: " + search.reason());
  }

  @Test
  void withoutMotoTheReasonNamesTheInterpreterThatLacksIt() throws IOException {
    pythonWithoutMoto();

    EmulatorSearch search =
        AwsEmulator.find(Map.of("PATH", empty.toString(), "DOCKER_HOST", "unix:///nowhere"));

    assertThat(search.reason())
        .contains("No Python interpreter on the PATH has moto: ")
        .contains("cannot import moto's server: No module named 'moto'");
  }

  @Test
  void anInterpreterWithoutMotoIsPassedOverForOneThatHasIt() throws IOException {
    pythonWithoutMoto();
    Map<String, String> environment =
        Map.of("PATH", empty + ":" + HERE.get("PATH"), "DOCKER_HOST", "unix:///nowhere");

    try (AwsEmulator emulator = AwsEmulator.find(environment).orThrow()) {
      assertThat(emulator.kind()).isEqualTo(AwsEmulator.Kind.MOTO);
    }
  }

  @Test
  void theDevelopersOwnProfileIsNotTheEmulators() throws EmulatorAbsentException {
    Map<String, String> environment = new HashMap<>(HERE);
    environment.put("AWS_PROFILE", "of-somebody");

    try (AwsEmulator emulator = AwsEmulator.start(0, environment);
        StsClient sts = emulator.client(StsClient.builder(), "us-west-2")) {
      assertThat(sts.getCallerIdentity().account()).isEqualTo("123456789012");
    }
  }

  @Test
  void aPythonThatDoesNotRunIsPassedOver() throws IOException {
    script("python3", "echo 'no such version' >&2; exit 1");
    Map<String, String> nothingElse =
        Map.of("PATH", empty.toString(), "DOCKER_HOST", "unix:///nowhere");
    Map<String, String> another = new HashMap<>(nothingElse);
    another.put("PATH", empty + ":" + HERE.get("PATH"));

    assertThat(AwsEmulator.find(nothingElse).reason())
        .contains("No Python interpreter on the PATH has moto: " + empty.resolve("python3")
            + " ended with code 1: no such version");
    try (AwsEmulator emulator = AwsEmulator.find(another).orThrow()) {
      assertThat(emulator.kind()).isEqualTo(AwsEmulator.Kind.MOTO);
    }
  }

  @Test
  void aScriptOfMotoLeadsToItsInterpreter() throws IOException {
    Path interpreter = script("python-of-moto", "exit 0");
    Files.writeString(empty.resolve("moto_server"), "#!" + interpreter + "\nimport moto\n");

    assertThat(PythonInterpreters.on(Map.of("PATH", empty.toString())))
        .containsExactly(interpreter);
  }

  @Test
  void theEmulatorEndsWhenItsJvmIsKilledAndLeavesNothingBehind() throws Exception {
    Process jvm = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + empty,
            "-cp",
            System.getProperty("java.class.path"),
            StartAndWait.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try (BufferedReader said = jvm.inputReader(StandardCharsets.UTF_8)) {
      ProcessHandle emulator = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
      try {
        assertThat(emulator.isAlive()).isTrue();

        jvm.destroyForcibly().waitFor();

        emulator.onExit().get(10, TimeUnit.SECONDS);
        assertThat(empty).isEmptyDirectory();
      } finally {
        emulator.destroyForcibly();
      }
    }
  }

  @Test
  void aResetForgetsResourcesAndRestoresRegions() {
    try (AwsEmulator emulator = AwsEmulator.start(0);
        S3Client west = Clients.once(emulator, S3Client.builder(), "us-west-2")) {
      west.createBucket(request -> request.bucket("forgotten"));
      emulator.lose("us-west-2");

      emulator.reset();

      assertThat(west.listBuckets().buckets()).isEmpty();
    }
  }

  private void pythonWithoutMoto() throws IOException {
    // -S: without the directory where packages are installed.
    Path python = PythonInterpreters.on(HERE).get(0);
    script("python3", "PATH='" + HERE.get("PATH") + "' exec '" + python + "' -S \"$@\"");
  }

  private Path script(String name, String line) throws IOException {
    Path script = Files.writeString(empty.resolve(name), "#!/bin/sh\n" + line + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** What the test of a killed JVM runs: starts an emulator, prints its process, and waits to be killed. */
  static final class StartAndWait {
    private StartAndWait() {}

    public static void main(String[] none) throws Exception {
      MotoProcess moto = MotoProcess.start(0, System.getenv());
      System.out.println(moto.pid());
      System.in.transferTo(System.out);
    }
  }
}
