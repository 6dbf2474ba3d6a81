package io.drkit.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * With which copy of a dataset the workload went on, one after the other: with one that was promoted, or with one that had been left and
 * that a run took as it was.
 */
final class Succession {

  /** Whether a copy was written to in a stretch of time. */
  interface Writing {
    boolean happened(DataCopy copy, Instant from, Instant until);
  }

  /**
   * The workload went back to a copy as it had been left: by which run, when, and up to where the content is complete, which is until
   * another copy took over.
   */
  record Return(String run, DataCopy copy, Instant at, Instant completeUntil) {}

  /** A copy became the one that is gone on with; or it was seen, and nobody knows yet. */
  private record Turn(String run, DataCopy copy, Instant at, boolean promoted) {}

  private final List<Return> returns = new ArrayList<>();
  /** By which copy those were followed that were left. */
  private final Map<DataCopy, Turn> left = new LinkedHashMap<>();

  private DataCopy current;

  Succession(FakeDataset dataset, Writing writing) {
    this.current = dataset.copies().get(0);
    List<Turn> turns = Stream.concat(
            dataset.promotions().stream()
                .map(made -> new Turn(made.run(), made.copy(), made.at(), true)),
            dataset.sightings().stream()
                .map(seen -> new Turn(seen.run(), seen.copy(), seen.at(), false)))
        .sorted(Comparator.comparing(Turn::at))
        .toList();
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      Instant next = i + 1 < turns.size() ? turns.get(i + 1).at() : Instant.MAX;
      Turn followed = left.get(turn.copy());
      if (turn.promoted()) {
        goOnWith(turn);
      } else if (followed != null && writing.happened(turn.copy(), turn.at(), next)) {
        Instant until = followed.copy().tookOver(followed.at());
        returns.add(new Return(
            turn.run(), turn.copy(), turn.at(), until.isBefore(turn.at()) ? until : turn.at()));
        goOnWith(turn);
      }
    }
  }

  private void goOnWith(Turn turn) {
    if (turn.copy() != current) {
      left.put(current, turn);
      left.remove(turn.copy());
      current = turn.copy();
    }
  }

  List<Return> returns() {
    return returns;
  }

  /** Until when what is written to a copy that was left at an instant is lost: until it is replaced, or gone back to. */
  Instant leftUntil(DataCopy copy, Instant since) {
    Instant end = copy.sameContentUntil(since);
    for (Return back : returns) {
      if (back.copy() == copy && back.at().isAfter(since) && back.at().isBefore(end)) {
        end = back.at();
      }
    }
    return end;
  }
}
