package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LocalStack's own library against a Docker engine and a docker command that are made up here. */
class LocalStackTest {
  @TempDir
  private Path directory;

  private ServerSocketChannel engine;
  private Path socket;
  private volatile String answer = "HTTP/1.0 200 OK\r\n\r\nOK";

  @BeforeEach
  void listen() throws IOException {
    socket = directory.resolve("docker.sock");
    engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
    Thread serving = new Thread(this::serve, "docker-engine");
    serving.setDaemon(true);
    serving.start();
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
  }

  @Test
  void aContainerIsStartedWhereAnEngineAnswersAndStoppedWhenItIsClosed() throws Exception {
    Process jvm = find(script("run) echo 0123456789ab ;;"));
    List<String> said = jvm.inputReader(StandardCharsets.UTF_8).lines().toList();

    assertThat(said).contains("LOCALSTACK at http://localhost:4999");
    assertThat(Files.readString(directory.resolve("called")))
        .contains("run ", "localstack/localstack:4.0.3", "stop 0123456789ab");
  }

  @Test
  void aContainerThatDoesNotStartIsPassedOverWithItsReason() throws Exception {
    Process jvm = find(script("run) echo 'no space left on device'; exit 125 ;;"));
    List<String> said = jvm.inputReader(StandardCharsets.UTF_8).lines().toList();

    assertThat(String.join("\n", said))
        .contains("LocalStack does not start: ")
        .contains("no space left on device");
  }

  @Test
  void anEngineThatAnswersAnErrorIsNone() {
    answer = "HTTP/1.0 500 Internal Server Error\r\n\r\n";

    assertThat(reasons())
        .contains("LocalStack needs a Docker engine; unix://" + socket
            + " answers: HTTP/1.0 500 Internal Server Error.");
  }

  @Test
  void anEngineThatDoesNotAnswerIsNotWaitedFor() {
    answer = "";

    assertThat(reasons())
        .contains(
            "LocalStack needs a Docker engine; unix://" + socket + " did not answer within 2 s.");
  }

  private List<String> reasons() {
    return AwsEmulator.find(Map.of("PATH", directory.toString(), "DOCKER_HOST", "unix://" + socket))
        .reasons();
  }

  private Process find(Path docker) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Find.class.getName());
    builder.environment().put("DOCKER_HOST", "unix://" + socket);
    builder.environment().put("DOCKER_LOCATION", docker.toString());
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().remove(NamedEndpoint.VARIABLE);
    return builder.redirectErrorStream(true).start();
  }

  private Path script(String run) throws IOException {
    Path docker = directory.resolve("docker");
    Files.writeString(
        docker,
        String.join(
            "\n",
            "#!/bin/sh",
            "echo \"$@\" >> '" + directory.resolve("called") + "'",
            "case \"$1\" in",
            run,
            "images) echo localstack/localstack:4.0.3 ;;",
            "logs) echo Ready. ;;",
            "port) echo '4566/tcp -> 0.0.0.0:4999' ;;",
            "exec) echo 'No such file' ;;",
            "esac",
            ""));
    assumeTrue(docker.toFile().setExecutable(true));
    return docker;
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel client = engine.accept();
        client.read(ByteBuffer.allocate(256));
        if (!answer.isEmpty()) {
          client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
          client.close();
        }
      }
    } catch (ClosedChannelException ended) {
      // The test is over.
    } catch (IOException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** What the tests run in a JVM whose environment they set: finds an emulator, prints it, closes it. */
  static final class Find {
    private Find() {}

    public static void main(String[] none) {
      EmulatorSearch search = AwsEmulator.find();
      System.out.println(search.emulator().map(Object::toString).orElse("none"));
      System.out.println(search.reason());
      search.emulator().ifPresent(AwsEmulator::close);
    }
  }
}
