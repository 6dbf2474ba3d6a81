package io.drkit.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.LeaseStore;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a JVM of its own does with a directory, until it is killed or its input ends; and the handle on such a JVM. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private Child(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
  }

  static Child start(String does, Path directory, String name) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        String.join(File.pathSeparator, codeOf(Child.class), codeOf(FileJournal.class)),
        Child.class.getName(),
        does,
        directory.toString(),
        name));
    return new Child(new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  private static String codeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** {@return the next line that it printed; null if it is dead and there is none} */
  String line() throws IOException {
    return output.readLine();
  }

  /** {@return all lines that it printed and that were not read yet; returns when it is dead} */
  Stream<String> rest() {
    return output.lines();
  }

  /** Kills it as {@code kill -9} does, and returns when it is dead. */
  void kill() throws InterruptedException {
    // Not by Process.destroyForcibly, which drops what was printed and is not read yet.
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  /** Ends its input: it does what it has left to do, and exits. */
  void release() throws IOException {
    process.getOutputStream().close();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    String name = arguments[2];
    switch (arguments[0]) {
      case "append" -> append(directory);
      case "race" -> race(directory, name);
      case "lock" -> lock(directory.resolve(name));
      case "lease" -> lease(directory, name);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** {@return the record that "append" puts at a place in the log} */
  static String record(int sequence) {
    return "record " + sequence + " " + "x".repeat(97 * sequence % 10_000);
  }

  /** Appends for ever; prints how many records there are each time that an append has returned. */
  private static void append(Path directory) {
    Journal journal = FileJournal.at(directory);
    int size = journal.read("orders").records().size();
    while (true) {
      List<String> append = new ArrayList<>();
      for (int i = 0; i <= size % 3; i++) {
        append.add(record(size + i));
      }
      journal.append("orders", size, append);
      size += append.size();
      System.out.println(size);
    }
  }

  /** Appends a hundred records, again and again until nobody else was faster. */
  private static void race(Path directory, String name) throws IOException {
    Journal journal = FileJournal.at(directory);
    System.out.println("ready");
    System.in.read();
    for (int i = 0; i < 100; i++) {
      boolean appended = false;
      while (!appended) {
        try {
          journal.append("orders", journal.read("orders").records().size(), List.of(name + i));
          appended = true;
        } catch (JournalConflictException e) {
          appended = false;
        }
      }
    }
  }

  /** Locks a file until its input ends. */
  private static void lock(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.lock();
      System.out.println("locked");
      System.in.read();
    }
  }

  /** Holds a lease until its input ends. */
  private static void lease(Path directory, String name) throws IOException {
    Optional<LeaseStore.Lease> lease = FileLeaseStore.at(directory).tryAcquire("orders", name);
    System.out.println(lease.isPresent() ? "holds" : "refused");
    System.in.read();
    lease.ifPresent(LeaseStore.Lease::close);
  }
}
