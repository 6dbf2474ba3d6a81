package io.drkit.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Compaction;
import io.drkit.RefusedException;
import io.drkit.RunReport;
import io.drkit.testkit.history.Life.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a journal means after it was compacted: the same as before. */
class CompactionTest {
  private static final int SEEDS = 300;
  private static final int LATER = 4;

  private final Map<Verb, Integer> accepted = new EnumMap<>(Verb.class);
  private final Map<Verb, Integer> refused = new EnumMap<>(Verb.class);
  private int compacted;
  private int compactedAgain;
  private int notNow;

  @Test
  @Tag("proof")
  void everyLaterVerbAndReportIsAsIfNothingHadBeenCompacted() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        live(seed);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(compacted).as("compacted").isGreaterThan(100);
    assertThat(compactedAgain).as("compacted twice").isGreaterThan(15);
    assertThat(notNow).as("refused to compact").isGreaterThan(15);
    assertThat(accepted.keySet()).containsExactlyInAnyOrderElementsOf(Life.VERBS);
    assertThat(refused.keySet()).hasSize(Life.VERBS.size() - 2);
  }

  private void live(int seed) throws Exception {
    Life whole = new Life(seed);
    Life shorter = new Life(seed);
    for (int i = 0; i < 6 + seed % 6; i++) {
      assertThat(shorter.next()).isEqualTo(whole.next());
    }
    whole.settle();
    shorter.settle();
    int removed = compact(shorter);
    assertAlike(shorter, whole, removed);
    if (removed == 0) {
      return;
    }
    compacted++;
    for (int i = 0; i < LATER; i++) {
      Verb verb = Life.VERBS.get((seed + i) % Life.VERBS.size());
      boolean foul = seed % 2 == 1 && (verb == Verb.FAILOVER || verb == Verb.REHEARSE);
      String told = whole.next(verb, foul);
      assertThat(shorter.next(verb, foul)).isEqualTo(told);
      (told.startsWith(verb + " refused") ? refused : accepted).merge(verb, 1, Integer::sum);
    }
    assertAlike(shorter, whole, removed);
    int more = compact(shorter);
    compactedAgain += more > 0 ? 1 : 0;
    for (int i = 0; i < LATER; i++) {
      assertThat(shorter.next()).isEqualTo(whole.next());
    }
    assertAlike(shorter, whole, removed + more);
  }

  private int compact(Life life) {
    long before = life.journal().read("orders").next();
    List<RunReport> runs = life.reports();
    try {
      Compaction done = life.compact(Duration.ofDays(1 + 40L * runs.size() % 300));
      assertThat(done.kept() + done.removed()).isEqualTo(runs.size());
      return done.removed();
    } catch (RefusedException e) {
      notNow++;
      assertThat(life.journal().read("orders").next()).isEqualTo(before);
      return 0;
    }
  }

  private static void assertAlike(Life shorter, Life whole, int removed) {
    List<RunReport> all = whole.reports();
    assertThat(new ArrayList<>(shorter.reports())).isEqualTo(all.subList(removed, all.size()));
  }
}
