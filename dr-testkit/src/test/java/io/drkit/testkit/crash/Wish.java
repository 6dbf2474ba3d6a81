package io.drkit.testkit.crash;

import io.drkit.Repeatability;
import io.drkit.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A step of a plan that is put together by a test.
 *
 * @param name its name
 * @param stage its stage; a promotion's name is "promote" and its dataset's
 * @param kind what is promised about its request
 * @param behaviour how its target behaves
 * @param after what it waits for, if that is not the default of its stage
 * @param required whether the run fails with it
 * @param approved whether somebody has to consent to it
 */
record Wish(
    String name,
    Stage stage,
    Repeatability.Kind kind,
    Behaviour behaviour,
    Optional<List<String>> after,
    boolean required,
    boolean approved) {

  /** How a target behaves. */
  enum Behaviour {
    /** It takes a request, and reaches the state a while later. */
    PLAIN,
    /** The request hands work to the engine, whose last slice brings the state about. */
    SLICED,
    /** It never gets there. */
    BLOCKED
  }

  /** Within this time after the answer, an effect of the kind OBSERVED may be invisible. */
  static final Duration SETTLE = Duration.ofSeconds(15);

  static Wish of(String name, Stage stage, Repeatability.Kind kind) {
    return new Wish(name, stage, kind, Behaviour.PLAIN, Optional.empty(), true, false);
  }

  Wish after(String... steps) {
    return new Wish(name, stage, kind, behaviour, Optional.of(List.of(steps)), required, approved);
  }

  Wish bestEffort() {
    return new Wish(name, stage, kind, behaviour, after, false, approved);
  }

  /** Somebody has to consent to it. */
  Wish askedFor() {
    return new Wish(name, stage, kind, behaviour, after, required, true);
  }

  Wish with(Behaviour other) {
    return new Wish(name, stage, kind, other, after, required, approved);
  }

  /** The dataset that a promotion promotes. */
  String dataset() {
    return name.substring("promote ".length());
  }

  boolean unsafe() {
    return kind == Repeatability.Kind.UNSAFE;
  }

  Repeatability repeatability() {
    return switch (kind) {
      case IDEMPOTENT -> Repeatability.idempotent();
      case TOKENED -> Repeatability.tokened(Duration.ofHours(24));
      case OBSERVED -> Repeatability.observed(SETTLE);
      case UNSAFE -> Repeatability.unsafe();
    };
  }
}
