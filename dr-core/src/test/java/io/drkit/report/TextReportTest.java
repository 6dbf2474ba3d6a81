package io.drkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Evidence;
import io.drkit.Outcome;
import io.drkit.RecoveryPoint;
import io.drkit.RunMode;
import io.drkit.RunReport.DataLoss;
import io.drkit.RunReport.Standing;
import io.drkit.RunReport.StepReport;
import io.drkit.Stage;
import io.drkit.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TextReportTest {
  private final Reports orders = new Reports();

  @Test
  void tellsTheOutcomeFirstAndThenTheFiguresAgainstTheObjective() {
    orders.losses = List.of(Reports.loss("receipts", Duration.ofSeconds(252)));

    assertThat(TextReport.of(orders.report())).isEqualTo("""
            COMPLETED: the service is back in us-west-2, within its objective
            run orders-1 of plan 'orders', failover us-east-1 -> us-west-2, pilot light, by on-call (game day)
            started 2026-11-23T12:00:00Z, ended 2026-11-23T12:03:12Z (3 min 12 s)

            RTO  4 min 12 s, objective 30 min: met
                 decide 1 min, promote 3 min 12 s
            RPO  4 min 12 s, objective 1 h: met
                 everything written to receipts after 2026-11-23T11:55:48Z is lost (4 min 12 s); replica lag

            STEPS
              reached   fence  stop orders-web  13 s
            """);
  }

  @Test
  void eachChildIsToldAgainstItsOwnObjective() {
    DataLoss small = Reports.loss("payments-db", Duration.ofSeconds(5));
    DataLoss large = Reports.loss("ledger-db", Duration.ofSeconds(50));
    orders.losses = List.of(small, large);
    orders.children = List.of(
        Reports.child("payments", true, small),
        Reports.child("payments/ledger", false, large),
        Reports.child("pages", true, Reports.unknownLoss("pages-db", false)),
        Reports.child("cdn", true));

    assertThat(TextReport.of(orders.report()))
        .startsWith(
            "COMPLETED: the service is back in us-west-2, but the objective of payments/ledger was"
                + " missed and the objective of pages was missed\n")
        .contains("RPO  judged by the objective of each child\n")
        .contains(
            "child payments         met  RTO 1 min 40 s of 2 min; RPO 5 s of 30 s; service level 80 %"
                + " of 60 %\n")
        .contains(
            "child payments/ledger  MISSED  RTO 1 min 40 s of 2 min so far, and it is not back; RPO"
                + " 50 s of 30 s; ")
        .contains(
            "child pages            MISSED  RTO 1 min 40 s of 2 min; RPO unknown of 30 s, and not all"
                + " of it is promoted; ")
        .contains("child cdn              met  RTO 1 min 40 s of 2 min; RPO not measured; ");
  }

  @Test
  void theLossOfAChildIsNotHeldToTheObjectiveOfTheWhole() {
    DataLoss child = Reports.loss("logs", Duration.ofHours(9));
    orders.losses = List.of(child, Reports.loss("receipts", Duration.ofSeconds(5)));
    orders.children = List.of(Reports.child("logs", true, child));

    assertThat(TextReport.of(orders.report())).contains("RPO  5 s, objective 1 h: met\n");
    assertThat(orders.report().rpoMet()).isTrue();
    assertThat(orders.report().rpo()).contains(Duration.ofHours(9));
    assertThat(orders.report().objectiveMet()).isFalse();
  }

  @Test
  void instantsAreCutToWhatAPersonReads() {
    orders.endedAt = Optional.of(Reports.NOON.plusNanos(1_999_999_999));
    orders.losses = List.of(Reports.loss("receipts", Duration.ofNanos(1)));

    assertThat(TextReport.of(orders.report()))
        .contains("ended 2026-11-23T12:00:01Z (2 s)\n")
        .contains("after 2026-11-23T11:59:59.999Z is lost (0.1 s)");
  }

  @Test
  void theInstantToWhichTheDataWasToBeRecoveredIsTold() {
    orders.declaration = orders.declaration.recoverTo(Reports.NOON.minusMillis(90_001));

    assertThat(TextReport.of(orders.report()))
        .contains(
            "\ndata recovered to 2026-11-23T11:58:29.999Z, or as close before it as was kept\n");
  }

  @Test
  void anUnknownLossIsNeverCalledNone() {
    orders.losses =
        List.of(Reports.loss("receipts", Duration.ZERO), Reports.unknownLoss("orders-db", true));

    assertThat(TextReport.of(orders.report()))
        .startsWith("COMPLETED: the service is back in us-west-2, but its RPO was missed\n")
        .contains("RPO  unknown, objective 1 h: MISSED\n")
        .contains("nothing written to receipts is lost; replica lag\n")
        .contains("nobody can tell what is lost of orders-db, which misses every RPO; "
            + "no lag could be read\n");
  }

  @Test
  void aLossThatBeganAtAKnownInstantButCannotBeMeasuredSaysSo() {
    orders.losses = List.of(new DataLoss(
        "receipts",
        RecoveryPoint.completeUntil("receipts", Reports.NOON, "snapshot"),
        true,
        Optional.empty(),
        Optional.empty()));

    assertThat(TextReport.of(orders.report()))
        .contains("everything written to receipts after 2026-11-23T12:00:00Z is lost "
            + "(nobody can tell how much that is); snapshot\n")
        .contains("RPO  unknown");
  }

  @Test
  void aLossThatHangsOnSomebodysWordSaysSo() {
    DataLoss loss = Reports.loss("orders-db", Duration.ofSeconds(5));
    orders.losses = List.of(new DataLoss(
        loss.dataset(), loss.recoveryPoint(), true, loss.length(), Optional.of(Reports.NOON)));

    assertThat(TextReport.of(orders.report()))
        .contains("everything written to orders-db after 2026-11-23T11:59:55Z is lost (5 s, if"
            + " us-east-1 acknowledged nothing after 2026-11-23T12:00:00Z, which no fence proves);"
            + " replica lag\n")
        .contains("RPO  5 s, objective 1 h: met, but no fence proves it\n");
  }

  @Test
  void aDatasetThatIsNotPromotedIsNotCalledSafe() {
    orders.outcome = Outcome.FAILED;
    orders.recovered = false;
    DataLoss known = Reports.loss("receipts", Duration.ofSeconds(5));
    orders.losses = List.of(
        new DataLoss(
            known.dataset(), known.recoveryPoint(), false, known.length(), Optional.empty()),
        Reports.unknownLoss("orders-db", false));

    assertThat(TextReport.of(orders.report()))
        .contains(
            "receipts is not promoted: promoting it would lose everything written to receipts "
                + "after 2026-11-23T11:59:55Z (5 s); replica lag\n")
        .contains("orders-db is not promoted: nobody can tell what is lost of orders-db");
  }

  @Test
  void aRunThatPromotesNothingDoesNotClaimAnRpo() {
    assertThat(TextReport.of(orders.report()))
        .contains("RPO  not measured: the run promotes no dataset\n");
  }

  @Test
  void saysThatTheTrueOutageWasLongerWhenNobodySaidWhenItBegan() {
    orders.declaration = Declaration.of("on-call");
    orders.countedFromDeclaration = true;

    assertThat(TextReport.of(orders.report()))
        .contains("     RTO counted from the declaration, the true outage was longer: "
            + "nobody said when the disruption began\n");
  }

  @Test
  void saysThatNobodyCanTellTheOutageAndThatThisMissesTheRto() {
    orders.atLeast = true;

    assertThat(TextReport.of(orders.report()))
        .contains(
            "but its RTO was missed",
            "RTO  at least 4 min 12 s, objective 30 min: MISSED\n",
            "     nobody can tell how much longer, which misses every RTO: a process went on whose"
                + " clock is behind what was written before\n");
  }

  @Test
  void anOutageThatGoesOnHasNoFinalFigure() {
    orders.outcome = Outcome.FAILED;
    orders.recovered = false;
    orders.problems =
        List.of("redirect: Route 53 does not answer; resume when it does", "and\nanother");

    assertThat(TextReport.of(orders.report()))
        .startsWith("FAILED: the service is not back in us-west-2\n")
        .contains("RTO  4 min 12 s so far, and the service is not back, objective 30 min: MISSED\n")
        .endsWith("""

            PROBLEMS
              - redirect: Route 53 does not answer; resume when it does
              - and another
            """);
  }

  @Test
  void whatIsOwedIsShown() {
    orders.outcome = Outcome.COMPLETED_WITH_EXCEPTIONS;
    orders.declaration = orders.declaration.lost(Reports.EAST);
    orders.exposed = List.of("nobody proved that orders-web in us-east-1 has stopped");

    assertThat(TextReport.of(orders.report()))
        .startsWith("COMPLETED WITH EXCEPTIONS: ")
        .contains("declared lost: us-east-1\n")
        .contains("""
            EXPOSED since 2026-11-23T12:00:00Z: owed, and to be put right
              - nobody proved that orders-web in us-east-1 has stopped
            """);
  }

  @Test
  void eachStepSaysHowItEndedAndWhatItCost() {
    orders.steps = List.of(
        new StepReport(
            "start web",
            Stage.PROVISION,
            "2 instances run",
            true,
            StepStatus.REACHED,
            Optional.of(Reports.NOON),
            Optional.of(Reports.NOON.plusSeconds(100)),
            2,
            1,
            "reached",
            Evidence.none()),
        new StepReport(
            "back up",
            Stage.AFTERWARDS,
            "backups run",
            false,
            StepStatus.FAILED,
            Optional.of(Reports.NOON),
            Optional.of(Reports.NOON.plusSeconds(3)),
            1,
            3,
            "no vault",
            Evidence.none()),
        new StepReport(
            "verify",
            Stage.VERIFY,
            "an order can be placed",
            true,
            StepStatus.WAITING,
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            "",
            Evidence.none()));

    assertThat(TextReport.of(orders.report())).endsWith("""
            STEPS
              reached   provision   start web  1 min 40 s  asked for 2 times; 1 call failed
              FAILED    afterwards  back up           3 s  best effort; 3 calls failed; no vault
              NOT DONE  verify      verify
            """);
  }

  @ParameterizedTest
  @EnumSource(StepStatus.class)
  void onlyAStepThatWasReachedIsInSmallLetters(StepStatus status) {
    orders.steps = List.of(Reports.step("stop orders-web", Stage.FENCE, status));

    String line = TextReport.of(orders.report()).lines().reduce((a, b) -> b).orElseThrow();

    assertThat(line.contains("  reached ")).isEqualTo(status == StepStatus.REACHED);
  }

  @Test
  void aMeasuredServiceLevelIsCutAndNotRoundedUp() {
    orders.serviceLevel = Optional.of(0.5999);

    assertThat(TextReport.of(orders.report()))
        .startsWith(
            "COMPLETED: the service is back in us-west-2, but its service level was missed\n")
        .contains("service level 59.9 %, objective 60 %: MISSED\n");
  }

  @Test
  void aPreparationHasNoOutageAndNoLoss() {
    orders.mode = RunMode.PREPARE;

    assertThat(TextReport.of(orders.report()))
        .startsWith("COMPLETED: us-west-2 is prepared to take over from us-east-1\n")
        .doesNotContain("RTO", "RPO");
  }

  @Test
  void aRunThatHasNotEndedSaysHowToGoOn() {
    orders.outcome = Outcome.RUNNING;
    orders.endedAt = Optional.empty();

    assertThat(TextReport.of(orders.report()))
        .startsWith("RUNNING: it goes on, or its process ended before it; resume goes on\n")
        .contains("started 2026-11-23T12:00:00Z, not ended by 2026-11-23T12:03:12Z\n");
  }

  @Test
  void whatHoldsARunUpStandsBeforeTheFigures() {
    orders.outcome = Outcome.RUNNING;
    orders.endedAt = Optional.empty();
    orders.recovered = false;
    orders.standing = List.of(
        new Standing(Standing.Kind.PAUSED, "paused since noon by ann: look"),
        new Standing(Standing.Kind.ASKS, "step 'web' waits for bob"));

    assertThat(TextReport.of(orders.report())).contains("""
            not ended by 2026-11-23T12:03:12Z

            NOW
              - paused since noon by ann: look
              - step 'web' waits for bob

            RTO  4 min 12 s so far, and the service is not back, objective 30 min: not missed yet
            """);
    assertThat(orders.report().summary()).endsWith("is RUNNING: paused since noon by ann: look");
  }

  @Test
  void whatIsOverTheObjectiveIsMissedWhileTheRunGoesOn() {
    orders.outcome = Outcome.RUNNING;
    orders.endedAt = Optional.empty();
    orders.recovered = false;
    orders.elapsed = Duration.ofMinutes(31);
    DataLoss large = Reports.loss("ledger-db", Duration.ofSeconds(50));
    orders.losses = List.of(large, Reports.loss("receipts", Duration.ofHours(2)));
    orders.children = List.of(Reports.child("ledger", false, large), Reports.child("cdn", false));

    assertThat(TextReport.of(orders.report()))
        .contains("RTO  31 min so far, and the service is not back, objective 30 min: MISSED\n")
        .contains("RPO  2 h, objective 1 h: MISSED\n")
        .contains("child ledger  MISSED  RTO", "child cdn     not missed yet  RTO");
  }

  @Test
  void aDoubtIsHandedToAPerson() {
    orders.outcome = Outcome.IN_DOUBT;

    assertThat(TextReport.of(orders.report())).startsWith("IN DOUBT: nobody knows whether");
  }

  @Test
  void coloursAreThereOnlyWhenAskedFor() {
    assertThat(TextReport.of(orders.report())).doesNotContain("\u001b");
    assertThat(TextReport.coloured(orders.report()))
        .startsWith("\u001b[32mCOMPLETED\u001b[0m: ")
        .contains("\u001b[32mmet\u001b[0m");
  }

  @Test
  void controlCharactersFromElsewhereDoNotReachTheTerminal() {
    orders.problems = List.of("server said \u001b[2Jnothing");

    assertThat(TextReport.of(orders.report())).endsWith("  - server said  [2Jnothing\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PREPARE  | us-west-2 is prepared to take over from us-east-1 | us-west-2 is not prepared to take over from us-east-1",
        "ROLLBACK | what was asked for is taken back, and the workload stays in us-east-1 | not all that was asked for is taken back; the workload belongs to us-east-1",
        "REHEARSE | what can be rehearsed of a move to us-west-2 works | a move to us-west-2 would not work",
        "CLEAN_UP | nothing is left of the rehearsal | something may be left of the rehearsal; resume, or clean up once more",
      })
  void eachKindOfRunHasItsOwnVerdict(RunMode mode, String well, String badly) {
    orders.mode = mode;
    assertThat(TextReport.of(orders.report()))
        .startsWith("COMPLETED: " + well + "\n")
        .doesNotContain("RTO");
    orders.outcome = Outcome.FAILED;
    assertThat(TextReport.of(orders.report())).startsWith("FAILED: " + badly + "\n");
  }

  @Test
  void whoTookItBackIsNamed() {
    orders.rolledBackBy = Optional.of("orders-2");
    assertThat(TextReport.of(orders.report()))
        .endsWith("rolled back by run orders-2; its own report tells how far\n");
    orders.mode = RunMode.REHEARSE;
    assertThat(TextReport.of(orders.report()))
        .endsWith("cleaned up by run orders-2; its own report tells how far\n");
  }

  @Test
  void whatWasMissedIsNamed() {
    orders.outcome = Outcome.FAILED;
    orders.losses = List.of(Reports.loss("receipts", Duration.ofSeconds(1)));
    orders.serviceLevel = Optional.of(0.6);
    assertThat(TextReport.of(orders.report()))
        .startsWith(
            "FAILED: the service is back in us-west-2, but a required step was not reached\n")
        .contains("service level 60 %, objective 60 %: met");
    orders.serviceLevel = Optional.of(0.5);
    assertThat(TextReport.of(orders.report()))
        .startsWith("FAILED: the service is back in us-west-2, but its service level was missed\n");
  }

  @Test
  void aRunWithoutAReasonAndWithoutADisruptionSaysNothingOfThem() {
    orders.declaration = Declaration.of("on-call");
    orders.countedFromDeclaration = true;
    orders.recovered = false;
    assertThat(TextReport.of(orders.report()))
        .startsWith("COMPLETED: the service is not back in us-west-2\n")
        .contains(", by on-call\n")
        .contains("RTO  4 min 12 s so far, and the service is not back")
        .contains("RTO counted from the declaration");
  }
}
