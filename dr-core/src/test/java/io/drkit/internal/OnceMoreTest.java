package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OnceMoreTest {
  private static final Instant FENCED = Instant.parse("2026-11-23T12:00:00.600Z");
  private static final TimeSource TIME = TimeSource.system();

  private static Progress.Kind seen(
      Progress copy, boolean askedAfterTheFence, Optional<Instant> fencedAt) throws Exception {
    FailoverAction action = FailoverAction.check("a copy is there", context -> copy);
    return new OnceMore(action, Optional.of("payments"))
        .observe(new StepContext(
            new StepContext.Shared(
                "orders",
                "r1",
                new Direction(Site.region("us-east-1"), Site.region("us-west-2")),
                Optional.empty(),
                1,
                Duration.ofSeconds(5),
                TIME,
                new Endpoints(TIME),
                new AtomicBoolean()),
            new StepContext.View(
                RunMode.SWITCHOVER,
                List.of(),
                Map.of(),
                Map.of(
                    "catch up receipts",
                    new StepContext.Asked(1, askedAfterTheFence, Instant.EPOCH, false)),
                fencedAt.map(at -> Map.of("payments", at)).orElseGet(Map::of)),
            "catch up receipts"))
        .kind();
  }

  private static Progress copyUntil(Instant instant) {
    return Progress.reached(
        Evidence.of(RecoveryPoint.completeUntil("receipts", instant, "last listing")));
  }

  @Test
  void onlyACopyThatWasAskedForAfterTheFenceCounts() throws Exception {
    Progress copy = copyUntil(FENCED.plusSeconds(60));
    assertThat(seen(copy, false, Optional.of(FENCED)))
        .as("a clock that is ahead makes an old copy look young")
        .isEqualTo(Progress.Kind.PENDING);
    assertThat(seen(copy, true, Optional.of(FENCED))).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void aCopyIsMadeAgainUntilItIsYoungerThanTheFenceByWhateverClock() throws Exception {
    assertThat(seen(copyUntil(Instant.parse("2026-11-23T12:00:00Z")), true, Optional.of(FENCED)))
        .as("whole seconds: the copy began after the fence and looks older")
        .isEqualTo(Progress.Kind.PENDING);
    assertThat(seen(copyUntil(FENCED.plusSeconds(4)), true, Optional.of(FENCED)))
        .isEqualTo(Progress.Kind.PENDING);
    assertThat(seen(copyUntil(FENCED.plusSeconds(5)), true, Optional.of(FENCED)))
        .isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void withoutAFenceOrAKnownPointNoCopyIsEnough() throws Exception {
    assertThat(seen(copyUntil(FENCED.plusSeconds(60)), true, Optional.empty()))
        .isEqualTo(Progress.Kind.PENDING);
    assertThat(seen(Progress.reached(), true, Optional.of(FENCED)))
        .isEqualTo(Progress.Kind.PENDING);
  }

  @Test
  void whatTheCopySaysOtherwisePassesThrough() throws Exception {
    assertThat(seen(Progress.underway("half"), true, Optional.of(FENCED)))
        .isEqualTo(Progress.Kind.UNDERWAY);
    assertThat(seen(Progress.blocked("full"), true, Optional.of(FENCED)))
        .isEqualTo(Progress.Kind.BLOCKED);
  }
}
