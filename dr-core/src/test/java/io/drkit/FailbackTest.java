package io.drkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailbackTest {
  private static final Approval OWNERS = Approval.by("database owners", 2);

  @Test
  void peopleHaveADayToConsentUnlessTheyAreGivenAnotherTime() {
    assertThat(Failback.standard().approval(OWNERS).approval())
        .contains(OWNERS.timeLimit(Duration.ofDays(1)));
    Approval hasty = OWNERS.timeLimit(Duration.ofMinutes(1));
    assertThat(Failback.standard().approval(hasty).approval()).contains(hasty);
  }

  @Test
  void theTimeInWhichCopiesMustStandIsNotNegative() {
    assertThat(Failback.standard().stableFor(Duration.ZERO).stability()).isZero();
    assertThatThrownBy(() -> Failback.standard().stableFor(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("failback: stability must not be negative: PT-1S");
  }
}
