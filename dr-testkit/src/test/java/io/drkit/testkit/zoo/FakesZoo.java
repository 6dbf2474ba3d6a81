package io.drkit.testkit.zoo;

import java.util.List;

/** Bugs planted into the fakes: a fake that is kinder than the world makes every test that stands on it worthless. */
final class FakesZoo {
  private static final String CLOUD = "io.drkit.testkit.FakeCloudTest#";
  private static final String DISASTERS = "io.drkit.testkit.DisastersTest#";
  private static final String INVARIANTS = "io.drkit.testkit.InvariantsTest#";

  static final List<Bug> BUGS = List.of(
      new Bug(
          "a copy holds every acknowledged write when its source is lost",
          "testkit/DataCopy.java",
          "Instant arrived = dataset.arrivedAt(flowed);",
          "Instant arrived = flowed;",
          CLOUD + "anAsynchronousCopyLosesAtLeastItsLagAndAtMostHalfAsMuchAgain"),
      new Bug(
          "a fenced dataset can be written",
          "testkit/DataCopy.java",
          "        && !fenced.at(instant)\n",
          "",
          CLOUD + "aFencedPrimaryTakesNoWrites"),
      new Bug(
          "copies flow while their source is lost",
          "testkit/Outages.java",
          "disaster.equals(stall) || stems(disaster, from, to), instant);",
          "disaster.equals(stall), instant);",
          CLOUD + "aCopyThatStalledCatchesUpWhenItsSiteIsBack"),
      new Bug(
          "a backup that was torn off is worth something",
          "testkit/DataCopy.java",
          "boolean whole = !begun.isAfter(latest)",
          "boolean whole = true || !begun.isAfter(latest)",
          CLOUD + "aBackupThatWasInterruptedIsWorthNothingEvenIfTheSiteIsBackBeforeItsEnd"),
      new Bug(
          "a restore goes on while its site is lost",
          "testkit/DataCopy.java",
          "takes.isZero() ? begun :",
          "!takes.isNegative() ? begun.plus(takes) :",
          "io.drkit.testkit.StandstillTest#aRestoreStandsStillWhileItsSiteIsLost"),
      new Bug(
          "what is lost answers",
          "testkit/Outages.java",
          "      if (silences(disaster, from, need)) {",
          "      if (false) {",
          CLOUD + "aDisasterBetweenARequestAndItsAnswerLosesTheAnswerButNotTheEffect"),
      new Bug(
          "the newest state is promoted although an earlier one was asked for",
          "testkit/FakeReplicator.java",
          "Optional<Instant> wanted = context.recoverTo();",
          "Optional<Instant> wanted = Optional.empty();",
          "io.drkit.testkit.chaos.EveryDisasterTest"),
      new Bug(
          "servers serve before they have booted",
          "testkit/FakeServers.java",
          ".filter(on -> !instant.isBefore(on.plus(bootTime)))",
          ".filter(on -> true)",
          CLOUD + "serversAreLaunchedFromTheImageOverTheZonesAndServeAfterBooting"),
      new Bug(
          "there is room without end",
          "testkit/FakeServers.java",
          "boolean fits = cloud.launchesIn(place) && here < room.getOrDefault(place, Integer.MAX_VALUE);",
          "boolean fits = true;",
          CLOUD + "aFullSiteLaunchesNothingAndSaysHowMuchWasMissing"),
      new Bug(
          "users come over as soon as the answer is changed",
          "testkit/FakeTraffic.java",
          ".map(keeps -> instant.minus(keeps.multipliedBy(many).dividedBy(GROUPS)))",
          ".map(keeps -> instant)",
          CLOUD + "usersComeOverInGroupsWithinTheTimeToLive"),
      new Bug(
          "who is cut off goes on writing without a lease",
          "testkit/FakeDataset.java",
          "return !cutOff && !taken;",
          "return !taken;",
          DISASTERS + "theWritersOfASiteThatIsCutOffStopWhenTheirLeaseRunsOut"),
      new Bug(
          "a storm of requests throttles nobody",
          "testkit/Requests.java",
          "&& chance.share() < storm.share()) {",
          "&& chance.share() < 0) {",
          DISASTERS + "aStormRefusesTheShareOfTheRequests"),
      new Bug(
          "a split brain is not told",
          "testkit/CloudTruth.java",
          ".count() > 1);",
          ".count() > 2);",
          INVARIANTS + "aPrimaryThatComesBackUnfencedIsFound"),
      new Bug(
          "less loss in a report than there was is no broken invariant",
          "testkit/Invariants.java",
          "length.compareTo(lost) < 0",
          "length.isNegative()",
          INVARIANTS + "aReportOfLessLossThanThereWasIsFound"),
      new Bug(
          "who asks in CBOR is refused in JSON",
          "testkit/aws/network/Protocol.java",
          "return CBOR;",
          "return JSON;",
          "io.drkit.testkit.aws.network.RefusalTest"),
      new Bug(
          "AWS looks at no client token",
          "testkit/aws/ClientTokens.java",
          "if (token == null) {",
          "if (true) {",
          "io.drkit.testkit.aws.FakeEc2ContractTest#aTokenWhoseInstancesAreTerminatedIsRefused"),
      new Bug(
          "a replica of RDS has what was written after its source was lost",
          "testkit/aws/Database.java",
          "return replication.at(now).dataUntil();",
          "return now;",
          "io.drkit.testkit.aws.FakeRdsTest#withoutItsSourceAReplicaLagsMoreAndMore"));

  private FakesZoo() {}
}
