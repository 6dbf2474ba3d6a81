package io.drkit.testkit.zoo;

import io.drkit.testkit.zoo.Bug.Edit;
import java.util.List;

/** The planted bugs. A snippet has to occur exactly once in its file; where the code has moved on, mend it here. */
final class Zoo {
  private static final String MACHINE = "io.drkit.internal.RunMachineTest";
  private static final String COMMANDS = "io.drkit.internal.CommandsTest";
  private static final String DEATHS =
      "io.drkit.testkit.crash.CrashEverywhereTest#aRunSurvivesADeathAtEveryOperation";
  private static final String SWARM = "io.drkit.testkit.race.SwarmTest";
  private static final String RACING = "io.drkit.testkit.race.RacingRunnersTest";
  private static final String FLAPPING = "io.drkit.testkit.race.FlappingPrimaryTest";
  private static final String TAKEOVER = "io.drkit.testkit.steering.TakeoverTest";
  private static final String DISK = "io.drkit.file.JournalFailureTest";
  private static final String DAMAGE = "io.drkit.file.JournalDamageTest";
  private static final String LEASES = "io.drkit.spi.LeaseOrdersTest";

  /** A successor does not wait until what its predecessor asked for must be seen: that alone would keep most of them apart. */
  private static final Edit UNSETTLED = new Edit(
      "internal/StepMonitor.java",
      "case OBSERVED -> drainedAt.plus(settleTime());",
      "case OBSERVED -> now.plus(settleTime());");

  private static final String CAME_BACK = "io.drkit.testkit.steering.SiteThatCameBackTest";

  private static final Edit OUTLASTING = new Edit(
      "internal/Tenure.java",
      "left.compareTo(callLimit.plus(duration.orElse(Duration.ZERO).dividedBy(SKEW))) > 0",
      "true");

  static final List<Bug> BUGS = List.of(
      // The journal.
      new Bug(
          "an append is not forced",
          "file/FileJournal.java",
          "open.write(position, lines.toByteArray());\n      open.force();",
          "open.write(position, lines.toByteArray());",
          DISK),
      new Bug(
          "what a process left unforced is taken for durable",
          "file/FileJournal.java",
          "if (!tipIsForced) {",
          "if (false) {",
          DISK),
      new Bug(
          "the checksum is not looked at",
          "file/LogScan.java",
          "if (!Arrays.equals(expected, 0, LogFormat.CHECKSUM, line, at, at + LogFormat.CHECKSUM)) {",
          "if (false) {",
          DAMAGE),
      new Bug(
          "a hole in the journal is skipped",
          "file/LogScan.java",
          "if (!inOrder\n        || ",
          "if (",
          DAMAGE),
      new Bug(
          "a torn tail is kept", "file/LogScan.java", "torn |= left > 0;", "torn = false;", DAMAGE),
      new Bug(
          "an append is not based on what is there",
          "file/FileJournal.java",
          "if (tip.next != expectedNext) {",
          "if (false) {",
          "io.drkit.file.FileJournalTest"),
      // Asking for effects.
      new Bug(
          "a step is called done before it is seen",
          "internal/Answers.java",
          "outbox.add(new StepApplied(step.name(), step.generation));",
          "end(monitor, new StepReached(step.name(), io.drkit.Evidence.none()));",
          DEATHS),
      new Bug(
          "the state is asked for before the intent is durable",
          "internal/Answers.java",
          "outbox.add(new StepIntended(step.name(), step.generation + 1, pending.before()));",
          "monitor.next = Call.APPLY; monitor.due = now;",
          MACHINE + "#theIntentIsWrittenBeforeTheStateIsAskedFor"),
      new Bug(
          "a token is used after it is forgotten",
          "internal/Answers.java",
          "step.open() && (unsafe || forgotten)",
          "step.open() && unsafe",
          MACHINE),
      new Bug(
          "a failed request that must not be repeated is no doubt",
          "internal/Answers.java",
          "if (call == Call.APPLY\n        && !monitor.withdrawing",
          "if (call == Call.WORK\n        && !monitor.withdrawing",
          MACHINE),
      new Bug(
          "nothing is given the time to become visible",
          "internal/Answers.java",
          "unsafe || !monitor.settled()",
          "unsafe",
          DEATHS),
      new Bug(
          "a request's time in flight is not waited for by the successor",
          "internal/RunMachine.java",
          "return asks && drainedAt.compareTo(monitor.due) > 0 ? drainedAt : monitor.due;",
          "return monitor.due;",
          MACHINE),
      new Bug(
          "an intent is not durable when its state is asked for",
          List.of(
              new Edit(
                  "internal/Outbox.java",
                  "return event instanceof StepStarted\n",
                  "return event instanceof StepStarted || event instanceof RunEvent.StepIntended\n"),
              new Edit(
                  "internal/Runner.java",
                  "if ((applies || works) && records.anyPending()) {",
                  "if (false) {")),
          DEATHS),
      new Bug(
          "what must not be repeated is repeated by the successor",
          List.of(
              new Edit(
                  "internal/Answers.java",
                  "step.open() && (unsafe || forgotten)",
                  "step.open() && forgotten"),
              new Edit(
                  "internal/Answers.java", "unsafe || !monitor.settled()", "!monitor.settled()")),
          DEATHS),
      new Bug(
          "what must not be repeated is repeated when its answer is lost",
          List.of(
              new Edit(
                  "internal/Answers.java",
                  "if (call == Call.APPLY\n        && !monitor.withdrawing",
                  "if (call == Call.WORK\n        && !monitor.withdrawing"),
              new Edit(
                  "internal/Answers.java",
                  "step.open() && (unsafe || forgotten)",
                  "step.open() && forgotten"),
              new Edit(
                  "internal/Answers.java", "unsafe || !monitor.settled()", "!monitor.settled()")),
          "io.drkit.testkit.crash.ErrorsEverywhereTest#anyTwoErrorsAreHandledAndTold"),
      new Bug(
          "a step starts before what it waits for is through",
          List.of(
              new Edit(
                  "internal/OpenSteps.java",
                  "return node(step.name()).missing == 0;",
                  "return true;"),
              new Edit("internal/OpenSteps.java", "(node.missing == 0 || waitsForPeople)", "true")),
          DEATHS),
      // One runner.
      new Bug(
          "a record of another runner does not end this one",
          "internal/RunLog.java",
          "|| entry.epoch() != epoch\n          || !(entry.event() instanceof Command)) {",
          "&& false) {",
          TAKEOVER),
      new Bug(
          "who slept asks without a last look",
          "internal/Runner.java",
          "if (applies && !alone) {",
          "if (false) {",
          "io.drkit.testkit.race.SleeperTest"),
      new Bug(
          "neither the lease nor a last look, at the journal or at the world, keeps two runners apart",
          List.of(
              OUTLASTING,
              UNSETTLED,
              new Edit(
                  "internal/Answers.java",
                  "unsafe || !monitor.settled()",
                  "unsafe || now.compareTo(monitor.settledAt) < 0"),
              new Edit("internal/Runner.java", "if (applies && !alone) {", "if (false) {")),
          RACING,
          5_000),
      new Bug(
          "a call may outlast the lease, and the successor does not wait for it",
          List.of(
              OUTLASTING,
              UNSETTLED,
              new Edit(
                  "internal/RunMachine.java",
                  "return asks && drainedAt.compareTo(monitor.due) > 0 ? drainedAt : monitor.due;",
                  "return monitor.due;")),
          RACING,
          5_000),
      new Bug(
          "a start token is not looked for",
          List.of(
              new Edit(
                  "internal/JournaledEngine.java",
                  "declaration.startToken().flatMap(token -> startedWith(plan, token));",
                  "Optional.empty();"),
              new Edit(
                  "internal/JournaledEngine.java",
                  "StartChecks.refuseUsedToken(plan, log, declaration);",
                  "")),
          "io.drkit.testkit.steering.SwitchoverTest#aStartTokenStartsNoSecondRunWhenTheFirstHasEnded"),
      new Bug(
          "a takeover does not raise the epoch",
          "internal/JournaledEngine.java",
          "last.epoch() + 1, event);",
          "last.epoch(), event);",
          SWARM),
      new Bug(
          "a site that is not lost any more is not fenced",
          "internal/RunState.java",
          "lost.clear();",
          "",
          CAME_BACK),
      new Bug(
          "a word on a lost site holds however long nobody saw to the run",
          "internal/Silence.java",
          "if (stoodStill.isEmpty() || unattended.compareTo(limit) > 0) {",
          "if (false) {",
          CAME_BACK),
      new Bug(
          "a clock that is behind makes an outage shorter",
          "internal/Outages.java",
          "state.clock().untold(from, through)",
          "false",
          "io.drkit.testkit.steering.WrongClocksTest"),
      new Bug(
          "a lease is taken without raising its epoch",
          "spi/LeaseTable.java",
          "return new Entry(epoch + 1, 0, by);",
          "return new Entry(epoch, 0, by);",
          LEASES),
      new Bug(
          "a lease is taken before it has run out",
          "spi/ExpiringLeaseStore.java",
          "return now.minus(seen.since).compareTo(duration) >= 0;",
          "return now.minus(seen.since).compareTo(duration.dividedBy(2)) >= 0;",
          LEASES),
      new Bug(
          "a lease counts from the answer, not from the request",
          "spi/ExpiringLeaseStore.java",
          "return extend(now.plus(duration));",
          "return extend(time.uptime().plus(duration).plusSeconds(11));",
          LEASES),
      // People.
      new Bug(
          "who asked for the run may approve it",
          "internal/Ask.java",
          "request.subject() != Subject.STEP || !by.equals(requestedBy)",
          "true",
          COMMANDS),
      new Bug(
          "one person counts for two",
          "internal/Ask.java",
          "if (!given.contains(by)) {",
          "if (true) {",
          COMMANDS),
      new Bug(
          "a decision outlives the command that outdated it",
          "internal/Outbox.java",
          "return state.step(step).status == StepStatus.RUNNING;",
          "return true;",
          COMMANDS),
      new Bug(
          "a paused run asks",
          "internal/RunMachine.java",
          "(monitor.next == Call.OBSERVE || !hold.held())",
          "true",
          COMMANDS),
      new Bug(
          "more is lost than the RPO allows, and nobody is asked",
          "internal/Consents.java",
          ".filter(loss -> loss.compareTo(state.objective(step).rpo()) <= 0)",
          ".filter(loss -> true)",
          "io.drkit.testkit.LaggingReplicaTest"),
      new Bug(
          "what holds more than was to be recovered is called recovered",
          "internal/Answers.java",
          "giveUp(step, monitor, PointInTime.after(dataset, wanted().orElseThrow(), point));",
          "end(monitor, new StepReached(step.name(), evidence));",
          "io.drkit.internal.PointInTimeTest"),
      new Bug(
          "a watchdog is not held off",
          "internal/StartChecks.java",
          "if (declaration.automatic() && ",
          "if (false && ",
          FLAPPING),
      // The fence inside the application.
      new Bug(
          "the fence is proven while writes may go on",
          "lease/WriteFence.java",
          "return left.isZero() || left.isNegative()",
          "return true",
          "io.drkit.testkit.lease.FencedMovesTest"));

  private Zoo() {}
}
