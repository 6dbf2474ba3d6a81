package io.drkit.testkit.race;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.Repeatability;
import io.drkit.Site;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process on a machine that was suspended: by its clock, its lease is as good as new, and nobody tells it otherwise. */
class SleeperTest {
  private static final Duration LEASE = ofSeconds(60);

  private final VirtualTime time = VirtualTime.create();
  private final LeaseTable table = LeaseTable.inMemory();
  private final Journal journal = Journal.inMemory();
  /** The epochs of those who asked, in order. */
  private final List<Long> asked = new ArrayList<>();

  private boolean cutOff;

  /** A server that never answers, and so is asked again and again. */
  private final class Server implements FailoverAction {
    @Override
    public String describe() {
      return "the server runs";
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }

    @Override
    public Progress observe(ActionContext context) {
      time.charge(ofMillis(100));
      return Progress.pending("not there");
    }

    @Override
    public void apply(ActionContext context) {
      asked.add(context.epoch());
      throw new IllegalStateException("no answer");
    }
  }

  /** The table behind the sleeper's network. */
  private final class DistantTable implements LeaseTable {
    @Override
    public Entry read(String plan) {
      reach();
      return table.read(plan);
    }

    @Override
    public boolean replace(String plan, Entry expected, Entry next) {
      reach();
      return table.replace(plan, expected, next);
    }

    private void reach() {
      if (cutOff) {
        throw new DrException("the leases cannot be reached");
      }
    }
  }

  private DrEngine engine(LeaseTable leases, TimeSource clock) {
    return DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.over(leases, clock, LEASE))
        .time(clock)
        .requestTimeLimit(ofSeconds(10))
        .lookInterval(ofHours(1))
        .build();
  }

  private DrPlan plan() {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(ofMinutes(10)).rpo(ofMinutes(1)))
        .provision("server", new Server());
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder.build();
  }

  @Test
  void looksIntoTheJournalBeforeItAsksAgain() {
    Host machine = new Host(time, 1, Duration.ZERO);
    DrRun run = engine(new DistantTable(), machine).failover(plan(), Declaration.of("ann"));
    time.advance(ofMillis(400));
    assertThat(asked).containsExactly(1L);
    machine.sleep(ofMinutes(2), true);
    cutOff = true;

    // Waits until the lease has run out.
    engine(table, time).resume(plan(), "bob", List.of());
    assertThat(machine.awake()).isFalse();
    time.advance(ofMinutes(2));

    assertThat(asked).contains(2L).containsOnlyOnce(1L);
    assertThatThrownBy(run::await).hasMessageContaining("was taken over by another process");
  }
}
