package io.drkit;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The decision that a disaster is on: who took it, since when the service is disrupted, and which sites are given up.
 * Immutable.
 *
 * @param by who declares it
 * @param since when the disruption began; empty if it is not known, and then the RTO is counted from the declaration and
 *     the report says so
 * @param detected when it was noticed; empty if it is not known
 * @param stopped until when the lost sites may have acknowledged writes; empty for {@code since}, or, after a failover that
 *     was not finished, for when this one is declared: they may have come back in between
 * @param recoverTo the instant to which the data is recovered; empty for the newest state that there is
 * @param lost the sites that are declared lost: no action calls them, and what they still hold unfenced is shown as owed
 * @param reason why, for the report; may be empty
 * @param expectedActive the site in which the workload runs by the knowledge of the one who declares; empty for any
 * @param startToken tells a repeated request to start from a new one; empty for none
 * @param acceptedLosses the plan's datasets of which a failover may lose more than the RPO allows, without asking again
 * @param automatic whether a program declares it by itself, which is held to the plan's {@linkplain DrPlan#blockPeriod block
 *     period}
 */
public record Declaration(
    String by,
    Optional<Instant> since,
    Optional<Instant> detected,
    Optional<Instant> stopped,
    Optional<Instant> recoverTo,
    List<Site> lost,
    String reason,
    Optional<Site> expectedActive,
    Optional<String> startToken,
    List<String> acceptedLosses,
    boolean automatic) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if nobody is named, or if it was noticed, or a site stopped, before it began
   */
  public Declaration {
    if (by.isBlank()) {
      throw new IllegalArgumentException(
          "a declaration must name who declares; it is written to the journal");
    }
    if (since.isPresent() && detected.isPresent() && detected.get().isBefore(since.get())) {
      throw new IllegalArgumentException("detected (" + detected.get() + ") is before since ("
          + since.get() + "); a disruption is noticed after it began");
    }
    if (since.isPresent() && stopped.isPresent() && stopped.get().isBefore(since.get())) {
      throw new IllegalArgumentException("stopped (" + stopped.get() + ") is before since ("
          + since.get() + "); a service is disrupted no later than its site stops");
    }
    lost = lost.stream().distinct().toList();
    Objects.requireNonNull(reason, "reason");
    acceptedLosses = acceptedLosses.stream().distinct().toList();
  }

  /**
   * Returns a declaration by somebody.
   *
   * @param by who declares it, for example "on-call"
   * @throws IllegalArgumentException if nobody is named
   */
  public static Declaration of(String by) {
    return declared(by, false);
  }

  /**
   * Returns a declaration by a program that decides by itself, such as a watchdog. It is held off for the plan's {@linkplain
   * DrPlan#blockPeriod block period} by the wall clock: a clock that is set forward meanwhile shortens that by as much, and one
   * that is set back prolongs it.
   *
   * @param by which program
   * @throws IllegalArgumentException if none is named
   */
  public static Declaration automatic(String by) {
    return declared(by, true);
  }

  private static Declaration declared(String by, boolean automatic) {
    return new Declaration(
        by,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        "",
        Optional.empty(),
        Optional.empty(),
        List.of(),
        automatic);
  }

  /**
   * Returns this declaration with the instant from which the RTO counts.
   *
   * @param instant when the disruption began
   */
  public Declaration since(Instant instant) {
    return with(parts -> parts.since = Optional.of(instant));
  }

  /**
   * Returns this declaration with the instant until which the lost sites may have acknowledged writes: what an RPO counts to where no
   * fence can be proven. It matters where they went on for a while after the disruption had begun, for some of the users or with errors.
   *
   * @param instant when the last of them stopped, or the latest instant at which it can have
   */
  public Declaration stopped(Instant instant) {
    return with(parts -> parts.stopped = Optional.of(instant));
  }

  /**
   * Returns this declaration with the instant to which all data is recovered (point-in-time recovery): each dataset comes back in the
   * newest state that holds nothing written after it. For data that went bad, by a virus or by somebody's error, and was copied as it
   * was. What was written later is lost with it, and counts as such.
   *
   * @param instant the last one at which the data was good; not in the future
   */
  public Declaration recoverTo(Instant instant) {
    return with(parts -> parts.recoverTo = Optional.of(instant));
  }

  /**
   * Returns this declaration with the instant at which the disruption was noticed.
   *
   * @param instant when
   */
  public Declaration detected(Instant instant) {
    return with(parts -> parts.detected = Optional.of(instant));
  }

  /**
   * Returns this declaration with more sites given up. Whoever declares a site lost accepts that its writers cannot be
   * proven to have stopped.
   *
   * @param sites the sites
   */
  public Declaration lost(Site... sites) {
    return with(
        parts -> parts.lost = Stream.concat(lost.stream(), Stream.of(sites)).toList());
  }

  /**
   * Returns this declaration with a reason.
   *
   * @param why for the report
   */
  public Declaration reason(String why) {
    return with(parts -> parts.reason = why);
  }

  /**
   * Returns this declaration with the loss of datasets accepted by name, however much it is. Without it, a promotion that
   * would lose more than the RPO allows, or an amount that cannot be told, asks for consent first.
   *
   * @param dataset a dataset's name; one that the plan does not have is refused at the start
   * @param more the names of further ones
   */
  public Declaration acceptLoss(String dataset, String... more) {
    List<String> accepted = Stream.of(Stream.of(dataset), Stream.of(more), acceptedLosses.stream())
        .flatMap(names -> names)
        .toList();
    return with(parts -> parts.acceptedLosses = accepted);
  }

  /**
   * Returns this declaration for a workload that runs in a site: if the journal says that it runs elsewhere, the decision was
   * taken on old knowledge, and the run is refused.
   *
   * @param site where the workload is believed to run
   */
  public Declaration expectingActive(Site site) {
    return with(parts -> parts.expectedActive = Optional.of(site));
  }

  /**
   * Returns this declaration with a token, so that asking again, because an answer was lost or two people pressed the same
   * button, does not start twice.
   *
   * @param token any text that the caller uses for this one decision only, for example an incident's number
   * @throws IllegalArgumentException if it is blank
   */
  public Declaration startToken(String token) {
    if (token.isBlank()) {
      throw new IllegalArgumentException(
          "startToken must not be blank: it tells one decision from the next");
    }
    return with(parts -> parts.startToken = Optional.of(token));
  }

  private Declaration with(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return new Declaration(
        by,
        parts.since,
        parts.detected,
        parts.stopped,
        parts.recoverTo,
        parts.lost,
        parts.reason,
        parts.expectedActive,
        parts.startToken,
        parts.acceptedLosses,
        automatic);
  }

  /** What may be changed of a declaration. */
  private static final class Parts {
    Optional<Instant> since;
    Optional<Instant> detected;
    Optional<Instant> stopped;
    Optional<Instant> recoverTo;
    List<Site> lost;
    String reason;
    Optional<Site> expectedActive;
    Optional<String> startToken;
    List<String> acceptedLosses;

    Parts(Declaration of) {
      since = of.since;
      detected = of.detected;
      stopped = of.stopped;
      recoverTo = of.recoverTo;
      lost = of.lost;
      reason = of.reason;
      expectedActive = of.expectedActive;
      startToken = of.startToken;
      acceptedLosses = of.acceptedLosses;
    }
  }
}
