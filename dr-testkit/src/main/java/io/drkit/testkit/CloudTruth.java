package io.drkit.testkit;

import io.drkit.RunReport;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What really happened in a {@link FakeCloud} until the instant at which it was asked: what no cloud tells, and what a
 * report is held against. Not thread-safe.
 */
public final class CloudTruth {
  private final FakeCloud cloud;
  private final List<Instant> changes;

  CloudTruth(FakeCloud cloud) {
    this.cloud = cloud;
    this.changes = List.copyOf(cloud.changes());
  }

  /**
   * What a promotion really lost: the acknowledged writes that the promoted copy does not hold. A run that goes back to a copy which
   * was written to before, and takes it as it was left, loses as much as if it had promoted it: what was written elsewhere since.
   *
   * @param dataset the dataset's name
   * @param promoted when the promotion was asked for, or the copy was taken as it was
   * @param completeUntil everything written until then is in the copy
   * @param lastWrite the last acknowledged write that it does not hold, or {@code completeUntil} if it holds all
   * @param writes how many acknowledged writes it does not hold
   */
  public record Loss(
      String dataset, Instant promoted, Instant completeUntil, Instant lastWrite, long writes) {

    /** {@return the stretch of writing that was lost; zero if nothing was} */
    public Duration length() {
      return Duration.between(completeUntil, lastWrite);
    }
  }

  /**
   * Returns what each promotion of a dataset lost, and each return to a copy that had been left, in order. A loss grows while the old
   * side, unfenced, goes on writing; what is written there after a failback, when what it held was kept aside or replaced, is no part of
   * it.
   *
   * @param dataset the dataset's name
   * @throws IllegalArgumentException if there is none
   */
  public List<Loss> losses(String dataset) {
    return losses(dataset, run -> true);
  }

  /** What a run lost of a dataset. */
  List<Loss> losses(String dataset, String run) {
    return losses(dataset, run::equals);
  }

  private List<Loss> losses(String dataset, Predicate<String> runs) {
    FakeDataset of = cloud.dataset(dataset);
    Succession succession = new Succession(
        of,
        (copy, from, until) -> writtenTo(of, copy).stream()
            .map(Written::span)
            .anyMatch(span -> span.until().isAfter(from) && span.from().isBefore(until)));
    return Stream.concat(
            of.promotions().stream()
                .filter(promotion -> runs.test(promotion.run()))
                .map(promotion -> lost(
                    of,
                    succession,
                    List.of(promotion.source()),
                    promotion.at(),
                    promotion.completeUntil())),
            succession.returns().stream()
                .filter(back -> runs.test(back.run()))
                .map(back -> lost(
                    of,
                    succession,
                    of.copies().stream().filter(copy -> copy != back.copy()).toList(),
                    back.at(),
                    back.completeUntil())))
        .sorted(Comparator.comparing(Loss::promoted))
        .toList();
  }

  /** What was written to copies that were left at an instant, after another one was complete. */
  private Loss lost(
      FakeDataset of, Succession succession, List<DataCopy> from, Instant at, Instant complete) {
    Instant last = complete;
    double writes = 0;
    for (DataCopy copy : from) {
      Instant end = succession.leftUntil(copy, at);
      for (Written written : writtenTo(of, copy)) {
        Span span = written.span();
        if (span.until().isAfter(complete) && span.from().isBefore(end)) {
          Instant begin = span.from().isAfter(complete) ? span.from() : complete;
          writes += written.rate() * seconds(Duration.between(begin, span.until()));
          last = span.until().isAfter(last) ? span.until() : last;
        }
      }
    }
    return new Loss(of.name(), at, complete, last, Math.round(writes));
  }

  /**
   * Returns when more than one copy of a dataset could be written to: split brain, whether or not anybody wrote.
   *
   * @param dataset the dataset's name
   * @return in order; none is as it should be
   * @throws IllegalArgumentException if there is no such dataset
   */
  public List<Span> splitBrains(String dataset) {
    List<DataCopy> copies = cloud.dataset(dataset).copies();
    return when(at -> copies.stream().filter(copy -> copy.writable(at)).count() > 1);
  }

  /**
   * Returns when a copy of a dataset that could be written to held bad data, by a {@linkplain io.drkit.Disaster#corruption corruption}
   * that was copied along or a {@linkplain io.drkit.Disaster#corruptReplica damaged copy}. A service that works on it serves nobody; what
   * is written to it is acknowledged all the same.
   *
   * @param dataset the dataset's name
   * @return in order; the last one may be going on
   * @throws IllegalArgumentException if there is no such dataset
   */
  public List<Span> corrupted(String dataset) {
    List<DataCopy> copies = cloud.dataset(dataset).copies();
    return when(at ->
        copies.stream().anyMatch(copy -> copy.writable(at) && copy.badSince(at).isPresent()));
  }

  /**
   * Returns how many writes to a dataset were acknowledged, wherever they were made.
   *
   * @param dataset the dataset's name
   * @throws IllegalArgumentException if there is none
   */
  public long acknowledgedWrites(String dataset) {
    FakeDataset of = cloud.dataset(dataset);
    double writes = 0;
    for (DataCopy copy : of.copies()) {
      for (Written written : writtenTo(of, copy)) {
        writes += written.rate() * seconds(written.span().length());
      }
    }
    return Math.round(writes);
  }

  /**
   * Returns when users were served less than a level: the outages as users saw them.
   *
   * @param service the service's name
   * @param level the share of the demand, as in an objective
   * @return in order; the last one may be going on
   * @throws IllegalArgumentException if there is no such service
   */
  public List<Span> outages(String service, double level) {
    FakeService of = cloud.service(service);
    return when(at -> of.level(at) < level);
  }

  /**
   * Returns the share of a service's demand that is served now.
   *
   * @param service the service's name
   * @throws IllegalArgumentException if there is none
   */
  public double serviceLevel(String service) {
    return cloud.service(service).level(now());
  }

  /**
   * Returns how many requests of a run arrived at a site, or were lost on their way there. What the engine itself refused to send to a
   * site that was declared lost is none. Clients of an SDK do not say for which run they ask: theirs count while the run went on.
   *
   * @param run the run's report
   * @param site a region with its zones, a zone, or a place of one's own
   * @throws IllegalArgumentException if this cloud has no such site, or the run asked for something and nothing of this cloud
   */
  public long requests(RunReport run, Site site) {
    if (!site.equals(cloud.dnsHome())) {
      cloud.checkPlace(site);
    }
    Requests requests = cloud.requests();
    Instant until = run.endedAt().orElse(now());
    boolean asked = run.steps().stream().anyMatch(step -> step.requests() > 0);
    if (asked && !requests.anyOf(run.run(), run.startedAt(), until)) {
      throw new IllegalArgumentException(
          "run " + run.run() + " asked nothing of this cloud, of seed " + cloud.seed()
              + "; give the cloud in which it took place");
    }
    return requests.count(run.run(), site, run.startedAt(), until);
  }

  /** A stretch of time in which writes to a copy were acknowledged at a steady rate. */
  private record Written(Span span, double rate) {}

  private List<Written> writtenTo(FakeDataset dataset, DataCopy copy) {
    List<Written> written = new ArrayList<>();
    for (int i = 0; i + 1 < changes.size(); i++) {
      Instant at = changes.get(i);
      double share = 0;
      for (FakeService service : cloud.services()) {
        if (service.writes(dataset)) {
          Map<Site, Double> answered = service.answered(at);
          share += answered.getOrDefault(copy.site(), 0.0);
        }
      }
      if (share > 0) {
        written.add(
            new Written(new Span(at, changes.get(i + 1)), share * dataset.writesPerSecond(at)));
      }
    }
    return written;
  }

  private List<Span> when(Predicate<Instant> condition) {
    List<Span> spans = new ArrayList<>();
    Instant since = null;
    for (Instant change : changes) {
      boolean holds = condition.test(change);
      if (holds && since == null) {
        since = change;
      } else if (!holds && since != null) {
        spans.add(new Span(since, change));
        since = null;
      }
    }
    if (since != null) {
      spans.add(new Span(since, now()));
    }
    return spans;
  }

  private Instant now() {
    return changes.get(changes.size() - 1);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
