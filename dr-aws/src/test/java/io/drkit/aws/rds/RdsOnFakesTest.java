package io.drkit.aws.rds;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.PerSite;
import io.drkit.RecoveryObjective;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.aws.AwsClients;
import io.drkit.aws.OrdersRecords;
import io.drkit.aws.Production;
import io.drkit.aws.route53.WeightedRecords;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.aws.FakeAws;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.RRType;

/** A database and its users go over to another region, in virtual time, and what the report says of the loss is held to the truth. */
class RdsOnFakesTest {
  private static final Site IRELAND = Site.region("eu-west-1");
  private static final Site OREGON = Site.region("us-west-2");
  private static final PerSite<String> DATABASE =
      PerSite.at(IRELAND, "orders").and(OREGON, "orders-replica");

  private final FakeCloud cloud =
      FakeCloud.builder().seed(4).region("eu-west-1").region("us-west-2").build();
  private final FakeAws aws = FakeAws.of(cloud);
  private final RdsClient ireland = cloud.client(RdsClient.class, "eu-west-1");
  private final RdsClient oregon = cloud.client(RdsClient.class, "us-west-2");
  private final Route53Client dns = cloud.client(Route53Client.class, "us-west-2");
  private final AwsClients clients =
      AwsClients.builder().clientsFrom(cloud::client).build();
  private final DrEngine engine = DrEngine.builder()
      .journal(Journal.inMemory())
      .leases(LeaseStore.inMemory())
      .time(cloud.time())
      .build();

  private DrPlan plan() {
    DrPlanBuilder plan = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(IRELAND)
        .recovery(OREGON)
        .objective(RecoveryObjective.rto(ofMinutes(30)).rpo(ofMinutes(5)))
        .replicator(RdsReadReplica.builder("orders-db")
            .clients(clients)
            .instance(DATABASE)
            .instanceClass("db.t4g.medium")
            .build())
        .unfenced("what the test is about is the database")
        .promoteReplicas()
        .provision(
            "the database grows", RdsInstance.of(clients, DATABASE).instanceClass("db.r6g.large"))
        .redirect(
            "send users over",
            WeightedRecords.of(clients)
                .allTraffic(
                    "example.com",
                    "orders.example.com",
                    RRType.A,
                    PerSite.at(IRELAND, "ireland").and(OREGON, "oregon")))
        .afterwards("backups are kept", RdsInstance.of(clients, DATABASE).backupRetention(14));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      plan.waive(point, "not what the test is about");
    }
    return plan.build();
  }

  private void makeProduction(String engineName) {
    Production.makeDatabase(ireland, engineName);
    OrdersRecords.make(dns, "ireland", "oregon");
    cloud.time().advance(ofMinutes(10));
  }

  @AfterEach
  void close() {
    engine.close();
    clients.close();
  }

  private RunReport loseIreland(DrPlan plan) throws InterruptedException {
    cloud.strike(Disaster.loss(IRELAND));
    Instant struck = cloud.time().now();
    cloud.time().advance(ofMinutes(3));
    return engine
        .failover(plan, Declaration.of("on-call").since(struck).lost(IRELAND))
        .await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "mysql"})
  void theReportNeverSaysMoreThanTheReplicaHolds(String engineName) throws InterruptedException {
    makeProduction(engineName);
    DrPlan plan = plan();
    RunReport prepared = engine.prepare(plan, "nightly job").await();
    assertThat(prepared.outcome()).as(prepared.summary()).isEqualTo(Outcome.COMPLETED);
    aws.replicaLag("us-west-2", "orders-replica", ofSeconds(70));
    cloud.time().advance(ofMinutes(12));

    RunReport report = loseIreland(plan);

    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED);
    Instant truth = aws.dataUntil("us-west-2", "orders-replica");
    Instant told = report.losses().get(0).recoveryPoint().completeUntil().orElseThrow();
    assertThat(told).isBetween(truth.minus(ofMinutes(3)), truth);
    DBInstance promoted = oregon
        .describeDBInstances(asked -> asked.dbInstanceIdentifier("orders-replica"))
        .dbInstances()
        .get(0);
    assertThat(promoted.readReplicaSourceDBInstanceIdentifier()).isNull();
    assertThat(promoted.dbInstanceClass()).isEqualTo("db.r6g.large");
    assertThat(promoted.backupRetentionPeriod()).isEqualTo(14);
    assertThat(OrdersRecords.answer(dns)).isEqualTo("192.0.2.2");
  }

  @Test
  void whatWasLeftIsKeptAndReplacedByAReplica() throws InterruptedException {
    makeProduction("postgres");
    DrPlan plan = plan();
    engine.prepare(plan, "nightly job").await();
    cloud.time().advance(ofMinutes(5));
    RunReport report = loseIreland(plan);
    cloud.heal(IRELAND);

    RunReport redundant = engine.prepare(plan, "redundancy").await();

    assertThat(redundant.outcome()).as(redundant.summary()).isEqualTo(Outcome.COMPLETED);
    assertThat(ireland.describeDBInstances().dbInstances())
        .extracting(DBInstance::dbInstanceIdentifier)
        .hasSize(2)
        .contains("orders")
        .anySatisfy(name -> assertThat(name).startsWith("orders-left-"));
    DBInstance replica = ireland
        .describeDBInstances(asked -> asked.dbInstanceIdentifier("orders"))
        .dbInstances()
        .get(0);
    assertThat(replica.readReplicaSourceDBInstanceIdentifier())
        .isEqualTo("arn:aws:rds:us-west-2:123456789012:db:orders-replica");
    assertThat(report.outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aRehearsalLeavesNothingBehind() throws InterruptedException {
    makeProduction("postgres");
    DrPlan plan = plan();
    engine.prepare(plan, "nightly job").await();

    RunReport rehearsed = engine.rehearse(plan, "game day").await();
    cloud.time().advance(ofMinutes(60));

    assertThat(rehearsed.step("rehearse promote orders-db").status())
        .as(rehearsed.summary())
        .isEqualTo(StepStatus.REACHED);
    assertThat(rehearsed.step("rehearse promote orders-db").evidence().facts())
        .containsEntry("restored as", "orders-replica-rehearsal");
    assertThat(oregon.describeDBInstances().dbInstances())
        .extracting(DBInstance::dbInstanceIdentifier)
        .containsExactly("orders-replica");
    assertThat(oregon.describeDBSnapshots().dbSnapshots()).isEmpty();
  }
}
