package io.drkit.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32C;

/** What the engine and its journal are measured against: the least that could do the same work. */
final class Rivals {
  private Rivals() {}

  /**
   * A graph of futures on two threads: each step is looked at, asked for and looked at again, and what happened to it is
   * folded from three events.
   */
  static void futures(Workload work) {
    ExecutorService workers = Executors.newFixedThreadPool(2);
    Fold fold = new Fold(work.layers * work.width);
    try {
      List<CompletableFuture<Void>> steps = new ArrayList<>();
      for (int layer = 0; layer < work.layers; layer++) {
        for (int column = 0; column < work.width; column++) {
          int step = work.step(layer, column);
          CompletableFuture<Void> ready = layer == 0
              ? CompletableFuture.completedFuture(null)
              : CompletableFuture.allOf(
                  steps.get(work.step(layer - 1, column)),
                  steps.get(work.step(layer - 1, column + 1)));
          steps.add(ready
              .thenApplyAsync(before -> work.observe(step), workers)
              .thenAcceptAsync(
                  seen -> {
                    fold.add(new Event(step, Status.INTENDED));
                    ask(work, step);
                    fold.add(new Event(step, Status.ASKED));
                  },
                  workers)
              .thenAcceptAsync(
                  asked -> {
                    if (!work.observe(step)) {
                      throw new IllegalStateException("step " + step + " is not done");
                    }
                    fold.add(new Event(step, Status.REACHED));
                  },
                  workers));
        }
      }
      CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new)).join();
      Comparison.require(fold.allReached());
    } finally {
      workers.shutdown();
    }
  }

  private static void ask(Workload work, int step) {
    try {
      work.apply(step);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Appends records of so many bytes to a file, each forced by itself. Returns the nanoseconds of each. */
  static long[] forces(Path file, int records, int bytes) throws IOException {
    long[] taken = new long[records];
    ByteBuffer record = ByteBuffer.allocate(bytes);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < records; i++) {
        long began = System.nanoTime();
        record.clear();
        while (record.hasRemaining()) {
          channel.write(record);
        }
        channel.force(false);
        taken[i] = System.nanoTime() - began;
      }
    }
    Files.delete(file);
    return taken;
  }

  /** Reads files and sums them up. */
  static long checksum(List<Path> files) throws IOException {
    CRC32C sum = new CRC32C();
    for (Path file : files) {
      sum.update(Files.readAllBytes(file));
    }
    return sum.getValue();
  }

  private enum Status {
    WAITING,
    INTENDED,
    ASKED,
    REACHED
  }

  private record Event(int step, Status status) {}

  /** The state of all steps. */
  private static final class Fold {
    private final Status[] steps;

    Fold(int count) {
      steps = new Status[count];
      Arrays.fill(steps, Status.WAITING);
    }

    synchronized void add(Event event) {
      if (steps[event.step].compareTo(event.status) >= 0) {
        throw new IllegalStateException("out of order: " + event);
      }
      steps[event.step] = event.status;
    }

    synchronized boolean allReached() {
      return Arrays.stream(steps).allMatch(status -> status == Status.REACHED);
    }
  }
}
