package io.drkit.kill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;

/**
 * The target of a plan's requests: a service on the loopback interface that counts what took effect. It outlives the
 * processes that ask. One connection carries one request, {@code look STEP} or {@code ask STEP KIND TOKEN}.
 */
final class Ledger implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Phaser open = new Phaser(1);
  private final Map<String, Integer> effects = new LinkedHashMap<>();
  private final Set<String> tokens = new LinkedHashSet<>();
  private Runnable beforeEffect = () -> {};
  private Runnable afterEffect = () -> {};

  Ledger() throws IOException {
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** {@return how often a step's request took effect} */
  synchronized int effects(String step) {
    return effects.getOrDefault(step, 0);
  }

  /** What happens around the effect of each request from now on. */
  synchronized void around(Runnable before, Runnable after) {
    beforeEffect = before;
    afterEffect = after;
  }

  /** Returns when every request is through that was sent before. */
  void drain() throws IOException {
    // Connections are taken in the order in which they came.
    send(port(), "look nothing");
    open.arriveAndAwaitAdvance();
  }

  /** Sends a request, and returns its answer. */
  static String send(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write((request + "\n").getBytes(UTF_8));
      out.flush();
      String answer = lines(socket).readLine();
      if (answer == null) {
        throw new IOException("no answer to '" + request + "'");
      }
      return answer;
    }
  }

  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.register();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      String request = lines(socket).readLine();
      if (request != null) {
        String answer = answer(request.split(" ", -1));
        socket.getOutputStream().write((answer + "\n").getBytes(UTF_8));
      }
    } catch (IOException killed) {
      // Whoever asked is dead.
    } finally {
      open.arriveAndDeregister();
    }
  }

  private synchronized String answer(String[] request) {
    if (request[0].equals("look")) {
      return effects(request[1]) > 0 ? "there" : "absent";
    }
    beforeEffect.run();
    boolean known = !tokens.add(request[3]);
    if (!(known && request[2].equals("TOKENED"))) {
      effects.merge(request[1], 1, Integer::sum);
    }
    afterEffect.run();
    return "done";
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
