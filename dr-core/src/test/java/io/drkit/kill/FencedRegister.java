package io.drkit.kill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;

/**
 * A service on the loopback interface that refuses what comes under an epoch below one that it has seen, if it is asked to. One
 * connection carries one request: {@code look STEP}, {@code about STEP EPOCH PID} from who is about to write, {@code fenced STEP
 * EPOCH PID} or {@code open STEP EPOCH PID}.
 */
final class FencedRegister implements AutoCloseable {
  /** A request that changes something. */
  record Write(String step, boolean fenced, long epoch, boolean stale, boolean accepted) {}

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Write> writes = new ArrayList<>();
  private final Set<String> done = new HashSet<>();
  private final LongConsumer onRequest;
  private long highest;

  /**
   * Opens it.
   *
   * @param onRequest is told the process that is about to write or has written, before it is answered
   */
  FencedRegister(LongConsumer onRequest) throws IOException {
    this.onRequest = onRequest;
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  synchronized List<Write> writes() {
    return List.copyOf(writes);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      String request =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
      if (request != null) {
        String answer = answer(request.split(" ", -1));
        socket.getOutputStream().write((answer + "\n").getBytes(UTF_8));
      }
    } catch (IOException gone) {
      // Whoever asked has given up.
    }
  }

  private String answer(String[] request) {
    if (request[0].equals("look")) {
      return look(request[1]);
    }
    String answer = request[0].equals("about")
        ? "go on"
        : write(request[1], request[0].equals("fenced"), Long.parseLong(request[2]));
    onRequest.accept(Long.parseLong(request[3]));
    return answer;
  }

  private synchronized String look(String step) {
    return done.contains(step) ? "there" : "absent";
  }

  private synchronized String write(String step, boolean fenced, long epoch) {
    boolean stale = epoch < highest;
    highest = Math.max(highest, epoch);
    boolean accepted = !(fenced && stale);
    writes.add(new Write(step, fenced, epoch, stale, accepted));
    if (accepted) {
      done.add(step);
    }
    return accepted ? "done" : "refused";
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
