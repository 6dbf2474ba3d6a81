package io.drkit.testkit.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process of corrected moto, on the loopback interface. */
final class MotoProcess {
  private static final long START_SECONDS = 60;
  private static final long END_SECONDS = 5;
  private static final int LINES_KEPT = 50;
  private static final String ADVICE =
      "Install it with: python3 -m pip install 'moto[server]==5.2.1'.";

  private final Process process;
  private final URI endpoint;

  private MotoProcess(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /**
   * Starts moto with the first interpreter that has it.
   *
   * @throws EmulatorAbsentException if none has, or moto ended before it answered
   */
  static MotoProcess start(int port, Map<String, String> environment)
      throws EmulatorAbsentException {
    List<Path> interpreters = PythonInterpreters.on(environment);
    if (interpreters.isEmpty()) {
      throw new EmulatorAbsentException(
          "moto needs Python: there is neither a python3 nor a python on the PATH. " + ADVICE);
    }
    List<String> without = new ArrayList<>();
    for (Path interpreter : interpreters) {
      Optional<MotoProcess> started = start(interpreter, port, environment, without);
      if (started.isPresent()) {
        return started.get();
      }
    }
    throw new EmulatorAbsentException("No Python interpreter on the PATH has moto: "
        + String.join("; ", without) + ". " + ADVICE);
  }

  private static Optional<MotoProcess> start(
      Path interpreter, int port, Map<String, String> environment, List<String> without)
      throws EmulatorAbsentException {
    Path archive = archive();
    try {
      // -B: no compiled files beside somebody's sources.
      ProcessBuilder builder = new ProcessBuilder(
          interpreter.toString(),
          "-B",
          archive.toString(),
          "--port",
          Integer.toString(port),
          "--end-with-stdin",
          "--delete-archive");
      setEnvironment(builder.environment(), environment);
      Process process = builder.start();
      return await(process, interpreter, without);
    } catch (IOException failed) {
      without.add(interpreter + " does not run: " + failed.getMessage());
      return Optional.empty();
    } finally {
      deleteIfLeft(archive);
    }
  }

  /** A profile or a region of the developer's own is not the emulator's: the SDK inside of moto would look for it. */
  private static void setEnvironment(Map<String, String> ofProcess, Map<String, String> given) {
    ofProcess.clear();
    given.forEach((name, value) -> {
      if (!name.startsWith("AWS_")) {
        ofProcess.put(name, value);
      }
    });
  }

  private static Path archive() throws EmulatorAbsentException {
    try {
      return LauncherArchive.write();
    } catch (IOException failed) {
      throw new EmulatorAbsentException(
          "moto's launcher cannot be written: " + failed.getMessage() + ".", failed);
    }
  }

  private static Optional<MotoProcess> await(
      Process process, Path interpreter, List<String> without) throws EmulatorAbsentException {
    Tail errors = new Tail(process.getErrorStream());
    BlockingQueue<String> lines = lines(process.getInputStream());
    try {
      // Anything but its greeting comes from an interpreter without moto, or from none at all.
      if (!next(lines).startsWith("moto ")) {
        without.add(interpreter + " ended with code " + codeOf(process) + ": " + errors.text());
        return Optional.empty();
      }
      String address = next(lines);
      if (address.startsWith("http://")) {
        return Optional.of(new MotoProcess(process, URI.create(address)));
      }
      throw new EmulatorAbsentException("moto ended with code "
          + codeOf(process)
          + " before it answered [python="
          + interpreter
          + "]: "
          + errors.text());
    } catch (TimeoutException late) {
      process.destroyForcibly();
      throw new EmulatorAbsentException(
          "moto did not answer within " + START_SECONDS + " s [python=" + interpreter + "]: "
              + errors.text(),
          late);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new EmulatorAbsentException("The start of moto was interrupted.", interrupted);
    }
  }

  private static int codeOf(Process process) throws InterruptedException {
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  URI endpoint() {
    return endpoint;
  }

  long pid() {
    return process.pid();
  }

  void end() {
    try {
      // The end of its standard input is its sign to leave.
      process.getOutputStream().close();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException gone) {
      process.destroyForcibly();
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void deleteIfLeft(Path archive) {
    try {
      Files.deleteIfExists(archive);
    } catch (IOException stillOpen) {
      archive.toFile().deleteOnExit();
    }
  }

  private static String next(BlockingQueue<String> lines)
      throws InterruptedException, TimeoutException {
    String line = lines.poll(START_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new TimeoutException();
    }
    return line;
  }

  /** The lines of a stream, and an empty one at its end. It goes on being read, so that the writer never blocks. */
  private static BlockingQueue<String> lines(InputStream stream) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    daemon("drkit-emulator-output", () -> {
      try (BufferedReader in = reader(stream)) {
        in.lines().forEach(lines::add);
      } catch (IOException | UncheckedIOException ended) {
        // A stream that breaks off has ended, too.
      }
      lines.add("");
    });
    return lines;
  }

  private static BufferedReader reader(InputStream stream) {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The last lines of a stream. */
  private static final class Tail {
    private final Deque<String> lines = new ArrayDeque<>();
    private final Thread reading;

    Tail(InputStream stream) {
      reading = daemon("drkit-emulator-errors", () -> {
        try (BufferedReader in = reader(stream)) {
          in.lines().forEach(this::keep);
        } catch (IOException | UncheckedIOException ended) {
          keep("(its standard error ended: " + ended.getMessage() + ")");
        }
      });
    }

    private synchronized void keep(String line) {
      lines.addLast(line);
      if (lines.size() > LINES_KEPT) {
        lines.removeFirst();
      }
    }

    String text() throws EmulatorAbsentException {
      try {
        reading.join(TimeUnit.SECONDS.toMillis(1));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new EmulatorAbsentException("The start of moto was interrupted.", interrupted);
      }
      synchronized (this) {
        return lines.isEmpty() ? "it said nothing" : String.join("\n", lines);
      }
    }
  }
}
