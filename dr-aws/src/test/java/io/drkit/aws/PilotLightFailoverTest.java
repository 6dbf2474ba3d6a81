package io.drkit.aws;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.Outcome;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.aws.autoscaling.AutoScalingGroups;
import io.drkit.aws.ec2.Ec2Images;
import io.drkit.aws.ec2.Ec2Instances;
import io.drkit.aws.rds.RdsInstance;
import io.drkit.aws.rds.RdsReadReplica;
import io.drkit.aws.route53.WeightedRecords;
import io.drkit.aws.s3.S3BucketReplicator;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.aws.network.AskedRequest;
import io.drkit.testkit.aws.network.FaultyNetwork;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.s3.S3Client;

/** A whole plan of the paper's second strategy (WP-41), with the real engine and the real SDK. */
@WithAwsEmulator
class PilotLightFailoverTest {
  private static final Site IRELAND = Site.region("eu-west-1");
  private static final Site OREGON = Site.region("us-west-2");
  private static final PerSite<String> DATABASE =
      PerSite.at(IRELAND, "orders").and(OREGON, "orders-replica");

  private final AwsEmulator emulator;
  private final FaultyNetwork network = FaultyNetwork.of(UrlConnectionHttpClient::create);
  private final AwsClients clients;

  PilotLightFailoverTest(AwsEmulator emulator) {
    this.emulator = emulator;
    this.clients = Emulated.clients(emulator, network::client);
  }

  private DrPlan plan(Site primary) {
    RdsInstance database = RdsInstance.of(clients, DATABASE);
    return DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(primary)
        .recovery(OREGON)
        .objective(RecoveryObjective.rto(ofMinutes(15)).rpo(ofMinutes(5)))
        .replicator(RdsReadReplica.builder("orders-db")
            .clients(clients)
            .instance(DATABASE)
            .build())
        .replicator(S3BucketReplicator.builder("receipts")
            .clients(clients)
            .bucket(PerSite.at(IRELAND, "receipts-ireland").and(OREGON, "receipts-oregon"))
            .build())
        .prepare("web image is in the recovery region", Ec2Images.of(clients).copied("orders-web"))
        .fence(
            "no web server writes any more",
            AutoScalingGroups.of(clients).stopped(PerSite.everywhere("orders-web")))
        .promoteReplicas()
        .provision("launch web tier", Ec2Instances.running(clients, "orders-web", "t3.micro", 2))
        .redirect(
            "send users over",
            WeightedRecords.of(clients)
                .allTraffic(
                    "example.com",
                    "orders.example.com",
                    RRType.A,
                    PerSite.at(IRELAND, "ireland").and(OREGON, "oregon")))
        .verify(
            "receipts can be read",
            FailoverAction.check("a receipt is there", context -> Progress.reached()))
        .afterwards("backups are kept", database.backupRetention(14))
        .build();
  }

  @BeforeEach
  void makeProduction() {
    emulator.reset();
    try (RdsClient rds = emulator.client(RdsClient.builder(), "eu-west-1")) {
      rds.createDBInstance(instance -> instance
          .dbInstanceIdentifier("orders")
          .engine("postgres")
          .dbInstanceClass("db.m5.large")
          .allocatedStorage(20)
          .backupRetentionPeriod(1));
    }
    try (S3Client west = emulator.client(S3Client.builder(), "us-west-2");
        S3Client east = emulator.client(S3Client.builder(), "eu-west-1")) {
      east.createBucket(bucket -> bucket.bucket("receipts-ireland"));
      west.createBucket(bucket -> bucket.bucket("receipts-oregon"));
      east.putObject(
          object -> object.bucket("receipts-ireland").key("1"), RequestBody.fromString("paid"));
    }
    makeWebTier();
    makeRecords();
  }

  private void makeWebTier() {
    try (Ec2Client ec2 = emulator.client(Ec2Client.builder(), "eu-west-1");
        AutoScalingClient autoScaling = emulator.client(AutoScalingClient.builder(), "eu-west-1")) {
      String base =
          ec2.describeImages(images -> images.owners("amazon")).images().get(0).imageId();
      autoScaling.createLaunchConfiguration(launch ->
          launch.launchConfigurationName("orders-web").imageId(base).instanceType("t3.micro"));
      autoScaling.createAutoScalingGroup(group -> group
          .autoScalingGroupName("orders-web")
          .launchConfigurationName("orders-web")
          .availabilityZones("eu-west-1a")
          .minSize(1)
          .maxSize(2)
          .desiredCapacity(1));
      String builder = autoScaling
          .describeAutoScalingGroups()
          .autoScalingGroups()
          .get(0)
          .instances()
          .get(0)
          .instanceId();
      ec2.createImage(image -> image.instanceId(builder).name("orders-web"));
      ec2.describeImages(images -> images.owners("self"));
    }
  }

  private void makeRecords() {
    try (Route53Client dns = emulator.client(Route53Client.builder(), "us-east-1")) {
      OrdersRecords.make(dns, "ireland", "oregon");
    }
  }

  @AfterEach
  void closeClients() {
    clients.close();
  }

  private DrEngine engine() {
    return DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .build();
  }

  @Test
  void thePlanBringsTheServiceBackWithoutTheLostRegion() throws Exception {
    DrPlan plan = plan(IRELAND);
    try (DrEngine engine = engine()) {
      RunReport prepared = engine.prepare(plan, "nightly job").await();
      assertThat(prepared.outcome()).as(prepared.summary()).isEqualTo(Outcome.COMPLETED);
      Instant disruption = Instant.now();
      emulator.lose("eu-west-1");

      RunReport report = engine
          .failover(plan, Declaration.of("on-call").since(disruption).lost(IRELAND))
          .await();

      assertThat(report.outcome())
          .as(report.summary())
          .isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
      assertThat(report.step("no web server writes any more").status()).isEqualTo(StepStatus.OWED);
      assertThat(report.exposed()).isNotEmpty();
      assertThat(report.rtoMet()).isTrue();
      assertThat(report.rpo().orElseThrow()).isLessThan(ofMinutes(3));
      assertThat(report.step("promote receipts").evidence().facts()).containsEntry("objects", "1");
      assertThat(report.step("launch web tier").evidence().facts().get("instances"))
          .matches("i-\\w+, i-\\w+");
      assertThat(report.step("send users over").evidence().facts())
          .containsEntry("weights", "ireland=0, oregon=100");
      assertThat(report.step("backups are kept").status()).isEqualTo(StepStatus.REACHED);
    }
  }

  @Test
  void theLostRegionIsNotAskedForAnythingAndNobodyWaitsForIt() throws Exception {
    DrPlan plan = plan(IRELAND);
    try (DrEngine engine = engine()) {
      engine.prepare(plan, "nightly job").await();
      assertThat(network.asked(IRELAND)).isNotEmpty();
      Instant disruption = Instant.now();
      network.strike(Disaster.loss(IRELAND));
      network.forget();

      RunReport report = engine
          .failover(plan, Declaration.of("on-call").since(disruption).lost(IRELAND))
          .await();

      assertThat(report.outcome())
          .as(report.summary())
          .isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
      assertThat(network.asked(IRELAND)).isEmpty();
      assertThat(network.asked(OREGON))
          .extracting(AskedRequest::operation)
          .contains("PromoteReadReplica", "RunInstances");
    }
  }

  @Test
  void aPlanThatChangesRecordsDoesNotSurviveTheLossOfTheirControlPlane() {
    Site virginia = Site.region("us-east-1");
    try (DrEngine engine = engine()) {
      assertThat(engine.assess(plan(IRELAND), Disaster.loss(IRELAND)).sound()).isTrue();
      assertThat(engine.assess(plan(IRELAND), Disaster.loss(virginia)).findings())
          .anySatisfy(finding -> {
            assertThat(finding.subject()).isEqualTo("send users over");
            assertThat(finding.sentence()).contains("route53 control plane in us-east-1");
          });
    }
  }
}
