package io.drkit.aws.s3;

import io.drkit.aws.AwsEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What is to be copied, done by several threads at a time, or by the caller's own if it is to be one. What fails goes back to
 * the end, so that one bad object does not hold up the others; the failure is thrown when the slice ends.
 */
final class CopyQueue {
  private final CopySettings settings;
  private final ConcurrentLinkedDeque<CopyTask> tasks = new ConcurrentLinkedDeque<>();
  private final AtomicLong copied = new AtomicLong();
  private final AtomicLong vanished = new AtomicLong();
  private final AtomicLong vanishedBytes = new AtomicLong();

  CopyQueue(CopySettings settings) {
    this.settings = settings;
  }

  void add(S3Object source, Optional<S3Object> copy) {
    tasks.add(new ObjectCopy(source, copy));
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  int size() {
    return tasks.size();
  }

  long copied() {
    return copied.get();
  }

  long vanished() {
    return vanished.get();
  }

  long vanishedBytes() {
    return vanishedBytes.get();
  }

  /** Works until nothing is left or nothing more may be begun. */
  void work(
      AwsEndpoint<S3Client> from,
      AwsEndpoint<S3Client> to,
      String source,
      String destination,
      BooleanSupplier goOn)
      throws Exception {
    if (tasks.isEmpty()) {
      return;
    }
    CopyTask.Surroundings surroundings =
        new CopyTask.Surroundings(from, to, source, destination, settings);
    to.guarded(
        "copy " + source + " to " + destination,
        () -> settings.concurrency() == 1
            ? drain(surroundings, goOn)
            : drainSideBySide(surroundings, goOn));
  }

  private boolean drainSideBySide(CopyTask.Surroundings surroundings, BooleanSupplier goOn)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(
        Math.min(settings.concurrency(), tasks.size()), CopyQueue::daemon);
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < settings.concurrency(); i++) {
        workers.add(threads.submit(() -> drain(surroundings, goOn)));
      }
      return awaitAll(workers);
    } finally {
      // Reached with requests under way only if this thread was interrupted: they end with it.
      threads.shutdownNow();
    }
  }

  private static boolean awaitAll(List<Future<?>> workers) throws Exception {
    Exception first = null;
    for (Future<?> worker : workers) {
      try {
        worker.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        Exception failure = (Exception) e.getCause();
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    return true;
  }

  private boolean drain(CopyTask.Surroundings surroundings, BooleanSupplier goOn) throws Exception {
    while (goOn.getAsBoolean()) {
      CopyTask task = tasks.poll();
      if (task == null) {
        return true;
      }
      boolean done = false;
      try {
        account(task.run(surroundings));
        done = true;
      } finally {
        // After an Error as well: a task that is lost would be an object that nobody misses.
        if (!done) {
          tasks.addLast(task);
        }
      }
    }
    return false;
  }

  private void account(CopyTask.Outcome outcome) {
    // In front: an object that was begun is finished before the next one is.
    for (int i = outcome.next().size() - 1; i >= 0; i--) {
      tasks.addFirst(outcome.next().get(i));
    }
    copied.addAndGet(outcome.copied());
    outcome.vanished().ifPresent(size -> {
      vanished.incrementAndGet();
      vanishedBytes.addAndGet(size);
    });
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "drkit-s3-copy");
    thread.setDaemon(true);
    return thread;
  }
}
