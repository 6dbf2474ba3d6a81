package io.drkit.testkit.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** The statuses that a resource goes through, each for its time, until it comes to rest. It goes on when it is looked at. */
final class Course {
  private record Step(String status, Instant until, Consumer<Instant> atEnd) {}

  private final Deque<Step> steps = new ArrayDeque<>();
  private String rest;

  /**
   * Begins at rest.
   *
   * @param rest the status when nothing is going on, for example {@code available}
   */
  Course(String rest) {
    this.rest = rest;
  }

  /** Adds a status, from the end of what is going on already. */
  Course then(Instant now, String status, Duration lasts, Consumer<Instant> atEnd) {
    Instant from = steps.isEmpty() ? now : steps.getLast().until();
    steps.add(new Step(status, from.plus(lasts), atEnd));
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
    while (!steps.isEmpty() && !steps.getFirst().until().isAfter(now)) {
      Step ended = steps.removeFirst();
      ended.atEnd().accept(ended.until());
    }
    return steps.isEmpty() ? rest : steps.getFirst().status();
  }
}
