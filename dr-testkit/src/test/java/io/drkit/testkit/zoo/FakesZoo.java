package io.drkit.testkit.zoo;

import java.util.List;

/** Bugs planted into the fakes: a fake that is kinder than the world makes every test that stands on it worthless. */
final class FakesZoo {
  private static final String AWS = "io.drkit.testkit.aws.";
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
          AWS + "network.RefusalTest"),
      new Bug(
          "AWS looks at no client token",
          "testkit/aws/ClientTokens.java",
          "if (token == null) {",
          "if (true) {",
          AWS + "FakeEc2ContractTest#aTokenWhoseInstancesAreTerminatedIsRefused"),
      new Bug(
          "a replica of RDS has what was written after its source was lost",
          "testkit/aws/Database.java",
          "return replication.at(now).dataUntil();",
          "return now;",
          AWS + "FakeRdsTest#withoutItsSourceAReplicaLagsMoreAndMore"),
      new Bug(
          "RDS has room where there is none",
          List.of(
              new Bug.Edit(
                  "testkit/aws/RdsInstances.java",
                  "return rds.aws.cloud().launchesIn(rds.region.zone(zone));",
                  "return true;"),
              new Bug.Edit(
                  "testkit/aws/RdsInstances.java",
                  "|| !rds.aws.cloud().launchesIn(rds.region)) {",
                  ") {")),
          AWS + "FakeRdsTest#noDatabaseIsMadeWhereThereIsNoCapacity"),
      new Bug(
          "a replica in a lost zone is promoted",
          "testkit/aws/Database.java",
          "new Course(\"available\", this::doneAt)",
          "new Course(\"available\")",
          AWS + "FakeRdsTest#aPromotionWaitsForTheZoneOfItsReplica"),
      new Bug(
          "RDS loses the last page",
          "testkit/aws/RdsInstances.java",
          "left.size() > most ?",
          "left.size() > 2 * most ?",
          AWS + "FakeRdsContractTest$Instances#databasesComeInPages"),
      new Bug(
          "each page is the first one",
          "testkit/aws/NumberedPages.java",
          "long after = token == null ? -1 : after(token);",
          "long after = -1;",
          AWS + "FakeEc2ContractTest#instancesComeInPages"),
      new Bug(
          "S3 replicates to the first destination only",
          "testkit/aws/S3Replication.java",
          "return first.keySet();",
          "return first.isEmpty() ? Set.of() : Set.of(first.keySet().iterator().next());",
          AWS + "FakeS3AloneTest#eachOfSeveralDestinationsGetsItsCopy"),
      new Bug(
          "S3 copies out of a lost region",
          "testkit/aws/FakeS3.java",
          ".map(source -> List.of(Need.data(service(), source.region)))",
          ".map(source -> List.<Need>of())",
          AWS + "FakeS3AloneTest#aCopyTakesTheRegionOfItsSource"),
      new Bug(
          "another region answers for a lost one",
          "testkit/aws/AwsFake.java",
          "return Need.control(service(), region);",
          "return Need.control(service(), Site.region(\"us-east-1\"));",
          AWS + "FakeEc2Test#aLostRegionDoesNotAnswer"),
      new Bug(
          "a permission that was taken away is there",
          "testkit/aws/FakeClient.java",
          "if (aws.denies(action)) {",
          "if (false) {",
          AWS + "FakeEc2Test#whoMayNotLaunchIsToldSo"),
      new Bug(
          "Route 53 is changed without its home",
          "testkit/aws/FakeRoute53.java",
          "return Need.globalControl(service(), region);",
          "return Need.globalControl(service(), Site.region(\"us-west-2\"));",
          AWS + "FakeRoute53Test#withoutTheHomeOfItsControlPlaneNothingIsChangedOrRead"));

  private FakesZoo() {}
}
