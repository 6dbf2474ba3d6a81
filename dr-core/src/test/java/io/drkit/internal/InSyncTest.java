package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.ReplicationStatus.State;
import io.drkit.Replicator;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InSyncTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final RecoveryPoint KNOWN =
      RecoveryPoint.completeUntil("orders-db", NOON, "replica lag");

  private Duration now = Duration.ZERO;
  private State state = State.FLOWING;
  private RecoveryPoint point = KNOWN;
  private boolean silent;

  private final TimeSource time = new TimeSource() {
    @Override
    public Instant now() {
      return NOON.plus(now);
    }

    @Override
    public Duration uptime() {
      return now;
    }

    @Override
    public EventLoop loop(String name) {
      throw new AssertionError("nothing runs");
    }
  };

  private final Replicator replicator = new Replicator() {
    @Override
    public String dataset() {
      return "orders-db";
    }

    @Override
    public ReplicationKind kind() {
      return ReplicationKind.ASYNCHRONOUS;
    }

    @Override
    public FailoverAction established() {
      throw new AssertionError("it only looks");
    }

    @Override
    public FailoverAction promoted() {
      throw new AssertionError("it only looks");
    }

    @Override
    public ReplicationStatus status(ActionContext context) {
      if (silent) {
        throw new IllegalStateException("no answer");
      }
      return ReplicationStatus.of(state, point, time.now(), "as told");
    }
  };

  private final InSync inSync = new InSync(List.of(replicator), Duration.ofMinutes(15));

  private Progress at(int minute) throws Exception {
    now = Duration.ofMinutes(minute);
    return inSync.observe(new StepContext(
        new StepContext.Shared(
            "orders",
            "r1",
            new Direction(Site.region("us-west-2"), Site.region("us-east-1")),
            Optional.empty(),
            1,
            Duration.ofSeconds(5),
            time,
            new Endpoints(time),
            new AtomicBoolean()),
        new StepContext.View(RunMode.FAILBACK, List.of(), Map.of(), Map.of(), Map.of()),
        "stay in sync"));
  }

  @Test
  void copiesHaveStoodWhenTheyFlowedAtEachLookForTheWholeTime() throws Exception {
    assertThat(at(0).kind()).isEqualTo(Progress.Kind.UNDERWAY);
    assertThat(at(14).detail()).isEqualTo("copies flow for PT14M of PT15M");
    assertThat(at(15).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void aBreakBeginsTheTimeAnew() throws Exception {
    at(0);
    state = State.STALLED;
    assertThat(at(5).detail()).contains("does not flow (STALLED, as told)");
    state = State.FLOWING;
    assertThat(at(6).kind()).isEqualTo(Progress.Kind.UNDERWAY);
    assertThat(at(20).kind()).isEqualTo(Progress.Kind.UNDERWAY);
    assertThat(at(21).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void whatCannotBeToldIsABreak() throws Exception {
    at(0);
    silent = true;
    assertThat(at(5).detail()).contains("cannot be looked at").contains("no answer");
    silent = false;
    point = RecoveryPoint.unknown("orders-db", "no lag");
    assertThat(at(6).detail()).contains("is not known (no lag)");
    point = KNOWN;
    assertThat(at(16).kind()).isEqualTo(Progress.Kind.UNDERWAY);
  }
}
