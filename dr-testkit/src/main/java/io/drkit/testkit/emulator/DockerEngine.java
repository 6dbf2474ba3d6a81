package io.drkit.testkit.emulator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The Docker engine that a {@code docker} command would talk to. */
final class DockerEngine {
  private static final String DEFAULT_HOST = "unix:///var/run/docker.sock";
  private static final int DEFAULT_PORT = 2375;
  private static final long SECONDS = 2;
  private static final String PING = "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n";

  private final String host;

  private DockerEngine(String host) {
    this.host = host;
  }

  static DockerEngine at(Map<String, String> environment) {
    String named = environment.getOrDefault("DOCKER_HOST", "");
    return new DockerEngine(named.isBlank() ? DEFAULT_HOST : named);
  }

  /**
   * Asks the engine for a sign of life, for two seconds at most.
   *
   * @throws EmulatorAbsentException if none comes
   */
  void check() throws EmulatorAbsentException {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread asking = new Thread(
        () -> {
          try {
            answer.complete(ping());
          } catch (IOException | RuntimeException silent) {
            answer.completeExceptionally(silent);
          }
        },
        "drkit-docker-ping");
    asking.setDaemon(true);
    asking.start();
    try {
      String line = answer.get(SECONDS, TimeUnit.SECONDS);
      if (!line.contains(" 200 ")) {
        throw new EmulatorAbsentException(
            "LocalStack needs a Docker engine; " + host + " answers: " + line + ".");
      }
    } catch (ExecutionException silent) {
      String why = String.valueOf(silent.getCause() == null ? silent : silent.getCause());
      throw new EmulatorAbsentException(
          "LocalStack needs a Docker engine; none answers at " + host + " (" + why + ").", silent);
    } catch (TimeoutException silent) {
      asking.interrupt();
      throw new EmulatorAbsentException(
          "LocalStack needs a Docker engine; " + host + " did not answer within " + SECONDS + " s.",
          silent);
    } catch (InterruptedException interrupted) {
      asking.interrupt();
      Thread.currentThread().interrupt();
      throw new EmulatorAbsentException(
          "The search for a Docker engine was interrupted.", interrupted);
    }
  }

  private String ping() throws IOException {
    URI uri = URI.create(host);
    if (!"unix".equals(uri.getScheme())) {
      return ping(
          StandardProtocolFamily.INET,
          new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort()));
    }
    Path socket = Path.of(uri.getPath());
    if (!Files.exists(socket)) {
      throw new IOException("no such socket");
    }
    return ping(StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(socket));
  }

  private static String ping(StandardProtocolFamily family, SocketAddress address)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open(family)) {
      channel.connect(address);
      channel.write(ByteBuffer.wrap(PING.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(64);
      if (channel.read(answer) < 0) {
        return "nothing";
      }
      String text = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
      return text.lines().findFirst().orElse("nothing");
    }
  }
}
