package io.drkit.testkit.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** The statuses that a resource goes through, each for its time, until it comes to rest. It goes on when it is looked at. */
final class Course {
  private record Step(String status, Duration takes, Consumer<Instant> atEnd) {}

  private final Deque<Step> steps = new ArrayDeque<>();
  private final BiFunction<Instant, Duration, Optional<Instant>> doneAt;
  private String rest;
  /** When the first of the steps began. */
  private Instant begun = Instant.MIN;

  /**
   * Begins at rest.
   *
   * @param rest the status when nothing is going on, for example {@code available}
   */
  Course(String rest) {
    this(rest, (from, takes) -> Optional.of(from.plus(takes)));
  }

  /**
   * Begins at rest, where what goes on may be held up.
   *
   * @param doneAt when something is done that began at an instant and takes some time; nothing while that cannot be told
   */
  Course(String rest, BiFunction<Instant, Duration, Optional<Instant>> doneAt) {
    this.rest = rest;
    this.doneAt = doneAt;
  }

  /** Adds a status, from the end of what is going on already. */
  Course then(Instant now, String status, Duration lasts, Consumer<Instant> atEnd) {
    if (steps.isEmpty()) {
      begun = now;
    }
    steps.add(new Step(status, lasts, atEnd));
    return this;
  }

  Course then(Instant now, String status, Duration lasts) {
    return then(now, status, lasts, unused -> {});
  }

  /** Ends everything that is going on, with a status that stays. */
  void stayAt(String status) {
    steps.clear();
    rest = status;
  }

  String status(Instant now) {
    while (!steps.isEmpty()) {
      Optional<Instant> end = doneAt.apply(begun, steps.getFirst().takes());
      if (end.isEmpty() || end.get().isAfter(now)) {
        return steps.getFirst().status();
      }
      begun = end.get();
      steps.removeFirst().atEnd().accept(begun);
    }
    return rest;
  }
}
