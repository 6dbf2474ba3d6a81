package io.drkit.aws.rds;

import static io.drkit.aws.Crossing.EAST;
import static io.drkit.aws.Crossing.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.aws.AwsClients;
import io.drkit.aws.Crossing;
import io.drkit.aws.Emulated;
import io.drkit.aws.RecordedHttp;
import io.drkit.aws.RecordedHttp.Answer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CloudWatch and RDS answer in states that an emulator does not get into. */
class ReplicaLagTest {
  private static final String SOURCE =
      "<ReadReplicaSourceDBInstanceIdentifier>arn:aws:rds:us-east-1:1:db:orders"
          + "</ReadReplicaSourceDBInstanceIdentifier>";

  private String status = "available";
  private String engine = "postgres";
  private String source = SOURCE;
  private String statusInfo = "";
  private String datapoints = "";
  private int cloudWatchStatus = 200;

  private Answer answer(RecordedHttp.Request request) {
    if (request.body().contains("DescribeDBInstances")) {
      return Answer.of(
          200,
          "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance>"
              + "<DBInstanceIdentifier>orders-replica</DBInstanceIdentifier><DBInstanceStatus>"
              + status + "</DBInstanceStatus><Engine>" + engine + "</Engine>"
              + "<InstanceCreateTime>2026-11-23T09:00:30Z</InstanceCreateTime>" + source
              + statusInfo + "</DBInstance></DBInstances></DescribeDBInstancesResult>"
              + "</DescribeDBInstancesResponse>");
    }
    return Answer.of(
        cloudWatchStatus,
        "<GetMetricStatisticsResponse><GetMetricStatisticsResult><Datapoints>" + datapoints
            + "</Datapoints><Label>ReplicaLag</Label></GetMetricStatisticsResult>"
            + "</GetMetricStatisticsResponse>");
  }

  private static String point(String time, double maximum, double minimum) {
    return "<member><Timestamp>2026-11-23T" + time + "Z</Timestamp><Maximum>" + maximum
        + "</Maximum><Minimum>" + minimum + "</Minimum></member>";
  }

  private Progress observe(boolean promoted) throws Exception {
    try (AwsClients clients = Emulated.clients(new RecordedHttp(this::answer))) {
      RdsReadReplica replica = RdsReadReplica.builder("orders-db")
          .clients(clients)
          .instance(PerSite.at(EAST, "orders").and(WEST, "orders-replica"))
          .build();
      return (promoted ? replica.promoted() : replica.established())
          .observe(Crossing.westward("run-1"));
    }
  }

  private RecoveryPoint recoveryPoint() throws Exception {
    return ((Progress.Pending) observe(true)).before().recoveryPoint().orElseThrow();
  }

  @Test
  void theNewestMinuteCountsWithItsGreatestLag() throws Exception {
    datapoints = point("10:02:00", 7, 0) + point("10:03:00", 2.5, 1) + point("10:01:00", 0, 0);

    assertThat(recoveryPoint())
        .isEqualTo(RecoveryPoint.completeUntil(
            "orders-db",
            Instant.parse("2026-11-23T10:02:57Z"),
            "replica lag of 3 s in the minute from 2026-11-23T10:03:00Z"));
  }

  @Test
  void aMinuteInWhichReplicationWasNotActiveTellsNothing() throws Exception {
    datapoints = point("10:01:00", 4, 4) + point("10:02:00", 0, -1) + point("10:03:00", -1, -1);

    assertThat(recoveryPoint().completeUntil()).contains(Instant.parse("2026-11-23T10:00:56Z"));
  }

  @Test
  void noLagAtAllIsUnknownAndNeverZero() throws Exception {
    assertThat(recoveryPoint().completeUntil()).isEmpty();

    datapoints = point("10:03:00", -1, -1);
    assertThat(recoveryPoint())
        .isEqualTo(RecoveryPoint.unknown(
            "orders-db",
            "CloudWatch has no replica lag of orders-replica that tells how far it reaches"));
  }

  @Test
  void theLagOfAnEarlierInstanceOfTheNameDoesNotCount() throws Exception {
    datapoints = point("08:59:00", 0, 0);

    assertThat(recoveryPoint().completeUntil()).isEmpty();
  }

  @Test
  void aReplicaOfMySqlMayNotHaveNoticedThatItsSourceIsSilent() throws Exception {
    engine = "mysql";
    datapoints = point("10:03:00", 0, 0);

    assertThat(recoveryPoint().completeUntil()).contains(Instant.parse("2026-11-23T10:02:00Z"));
    assertThat(recoveryPoint().basis())
        .endsWith(", less 60 s in which a silent source is not noticed");
  }

  @Test
  void thatCloudWatchDoesNotAnswerKeepsNothingFromBeingPromoted() throws Exception {
    cloudWatchStatus = 500;

    assertThat(recoveryPoint().completeUntil()).isEmpty();
    assertThat(recoveryPoint().basis())
        .startsWith("the replica lag could not be read: read the replica lag of orders-replica"
            + " failed: the monitoring data plane in us-west-2 does not answer");
  }

  @Test
  void onceItIsPromotedTheLastLagIsStillKnown() throws Exception {
    source = "";
    datapoints = point("10:03:00", 1, 0);

    Progress seen = observe(true);

    assertThat(
            ((Progress.Reached) seen).evidence().recoveryPoint().orElseThrow().completeUntil())
        .contains(Instant.parse("2026-11-23T10:02:59Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"modifying", "rebooting", "backing-up", "creating", "upgrading"})
  void whatRdsWorksOnIsUnderWay(String now) throws Exception {
    status = now;

    assertThat(observe(true)).isEqualTo(Progress.underway("orders-replica is " + now));
    assertThat(observe(false)).isEqualTo(Progress.underway("orders-replica is " + now));
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "storage-full", "incompatible-network", "stopped", "deleting"})
  void whatStaysAsItIsNeedsSomebody(String now) throws Exception {
    status = now;

    assertThat(observe(true))
        .isEqualTo(Progress.blocked("DB instance orders-replica in us-west-2 is " + now
            + "; look at its events in RDS, or restore one from a snapshot"));
    assertThat(observe(false).kind()).isEqualTo(Progress.Kind.BLOCKED);
  }

  @ParameterizedTest
  @CsvSource({
    "error, BLOCKED",
    "terminated, BLOCKED",
    "connecting, UNDERWAY",
    "replicating, REACHED"
  })
  void copiesFlowOnlyWhileItReplicates(String info, Progress.Kind kind) throws Exception {
    statusInfo = "<StatusInfos><DBInstanceStatusInfo><StatusType>read replication</StatusType>"
        + "<Normal>" + info.equals("replicating") + "</Normal><Status>" + info + "</Status>"
        + "</DBInstanceStatusInfo></StatusInfos>";

    assertThat(observe(false).kind()).isEqualTo(kind);
    assertThat(observe(true).kind()).isEqualTo(Progress.Kind.PENDING);
  }
}
