package io.drkit.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.PerSite;
import io.drkit.aws.Crossing;
import io.drkit.aws.rds.RestoredCopy.TrialNames;
import org.junit.jupiter.api.Test;

/** The names of what a rehearsal makes of a database. */
class TrialNamesTest {
  private static String copy(String replica) {
    return TrialNames.of(Crossing.westward("run-1"), PerSite.everywhere(replica))
        .copy();
  }

  @Test
  void aNameThatFitsIsKept() {
    assertThat(copy("orders-replica")).isEqualTo("orders-replica-rehearsal");
    assertThat(copy("a".repeat(53))).isEqualTo("a".repeat(53) + "-rehearsal");
  }

  @Test
  void replicasWhoseLongNamesBeginAlikeHaveCopiesOfTheirOwn() {
    assertThat(copy("a".repeat(54) + "-1"))
        .startsWith("aaa")
        .isNotEqualTo(copy("a".repeat(54) + "-2"))
        .isEqualTo(copy("a".repeat(54) + "-1"));
  }

  @Test
  void aLongNameIsCutToWhatRdsTakesWhereverItsHyphensAre() {
    for (int hyphen = 1; hyphen < 62; hyphen++) {
      String replica = "a".repeat(hyphen) + "-" + "b".repeat(62 - hyphen);
      assertThat(copy(replica))
          .as(replica)
          .hasSizeBetween(40, 63)
          .matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    }
  }
}
