package io.drkit.aws;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
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
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeDataset;
import io.drkit.testkit.FakeTraffic;
import io.drkit.testkit.aws.FakeAws;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** The actions on images, instances and groups, unchanged, through the loss of a region in virtual time. */
class MachinesOnFakesTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud = FakeCloud.builder().seed(4).build();
  private final FakeAws aws = FakeAws.of(cloud);
  private final Ec2Client east = cloud.client(Ec2Client.class, "us-east-1");
  private final Ec2Client west = cloud.client(Ec2Client.class, "us-west-2");
  private final AutoScalingClient westGroups = cloud.client(AutoScalingClient.class, "us-west-2");
  private final AwsClients clients =
      AwsClients.builder().clientsFrom(cloud::client).build();
  private final FakeDataset db = cloud.addDataset("orders-db", EAST).asynchronous(ofSeconds(3));
  private final FakeTraffic users = cloud.addTraffic("orders.example.com", EAST);
  private final DrPlan plan = plan();
  private final DrEngine engine = DrEngine.builder()
      .journal(Journal.inMemory())
      .leases(LeaseStore.inMemory())
      .time(cloud.time())
      .build();

  private DrPlan plan() {
    return DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(EAST)
        .recovery(WEST)
        .objective(RecoveryObjective.rto(ofHours(1)).rpo(ofMinutes(5)))
        .replicator(db.replicator())
        .prepare("web image is in the recovery region", Ec2Images.of(clients).copied("orders-web"))
        .fence(
            "no worker writes any more",
            AutoScalingGroups.of(clients).stopped(PerSite.everywhere("orders-workers")))
        .fence("the database takes no writes", db.fenced())
        .promoteReplicas()
        .provision(
            "launch web tier",
            Ec2Instances.running(clients, "orders-web", "t3.micro", 4)
                .rehearsedIn(PerSite.at(WEST, apart())))
        .provision(
            "scale the workers",
            AutoScalingGroups.of(clients).capacity(PerSite.everywhere("orders-workers"), 3))
        .redirect("send users over", users.allTrafficSwitched())
        .verify(
            "an order can be placed",
            FailoverAction.check("an order is placed", context -> Progress.reached()))
        .build();
  }

  /** The subnet in which rehearsals are to stay. */
  private String apart() {
    return west.describeSubnets().subnets().get(2).subnetId();
  }

  @BeforeEach
  void makeProduction() {
    Production.makeWorkers(cloud, EAST, 2);
    Production.makeWorkers(cloud, WEST, 0);
    Production.makeImage(cloud, east);
  }

  @AfterEach
  void close() {
    engine.close();
    clients.close();
  }

  private RunReport failOver() throws InterruptedException {
    RunReport prepared = engine.prepare(plan, "nightly job").await();
    assertThat(prepared.outcome()).as(prepared.summary()).isEqualTo(Outcome.COMPLETED);
    cloud.time().advance(ofHours(1));
    Instant struck = cloud.time().now();
    cloud.strike(Disaster.loss(EAST));
    cloud.time().advance(ofMinutes(2));
    return engine
        .failover(plan, Declaration.of("on-call").since(struck).lost(EAST))
        .await();
  }

  private static List<Instance> launched(Ec2Client ec2) {
    return ec2.describeInstancesPaginator(request -> request.maxResults(5)).reservations().stream()
        .flatMap(reservation -> reservation.instances().stream())
        .filter(
            instance -> instance.tags().stream().anyMatch(tag -> tag.key().equals("drkit:step")))
        .toList();
  }

  @Test
  void machinesRunInTheRegionThatIsLeft() throws Exception {
    assertThat(aws.running(EAST)).isEqualTo(2);

    RunReport report = failOver();

    assertThat(report.outcome()).as(report.summary()).isEqualTo(Outcome.COMPLETED_WITH_EXCEPTIONS);
    assertThat(report.step("no worker writes any more").status()).isEqualTo(StepStatus.OWED);
    assertThat(aws.running(WEST)).isEqualTo(7);
    assertThat(aws.running(EAST)).isZero();
    AutoScalingGroup workers =
        westGroups.describeAutoScalingGroups().autoScalingGroups().get(0);
    assertThat(workers.minSize()).isEqualTo(3);
    assertThat(workers.maxSize()).isEqualTo(3);
    Image image =
        west.describeImages(request -> request.owners("self")).images().get(0);
    assertThat(image.state()).isEqualTo(ImageState.AVAILABLE);
    assertThat(launched(west))
        .hasSize(4)
        .allSatisfy(instance -> assertThat(instance.imageId()).isEqualTo(image.imageId()));
  }

  @Test
  void zonesThatRunOutOfRoomAreFilledOneAfterTheOther() throws Exception {
    aws.capacity(WEST.zone("us-west-2a"), 3)
        .capacity(WEST.zone("us-west-2b"), 2)
        .capacity(WEST.zone("us-west-2c"), 2);

    RunReport report = failOver();

    assertThat(report.step("launch web tier").status())
        .as(report.summary())
        .isEqualTo(StepStatus.REACHED);
    assertThat(launched(west)).hasSize(4);
    assertThat(launched(west).stream()
            .map(instance -> instance.placement().availabilityZone())
            .distinct())
        .as("they did not fit into one zone")
        .hasSizeGreaterThan(1);
    assertThat(aws.running(WEST)).isEqualTo(7);
  }

  @Test
  void whatIsNotSeenAtOnceIsNotLaunchedTwice() throws Exception {
    aws.settlesIn(ofSeconds(40));

    RunReport report = failOver();

    assertThat(report.step("launch web tier").status())
        .as(report.summary())
        .isEqualTo(StepStatus.REACHED);
    assertThat(launched(west)).hasSize(4);
  }

  @Test
  void aRegionWithoutRoomIsReportedAndNotFlattered() throws Exception {
    cloud.strike(Disaster.noCapacity(WEST));

    RunReport report = failOver();

    assertThat(report.outcome()).as(report.summary()).isNotEqualTo(Outcome.COMPLETED);
    assertThat(report.step("launch web tier").status()).isNotEqualTo(StepStatus.REACHED);
    assertThat(report.summary()).contains("InsufficientInstanceCapacity");
    assertThat(launched(west)).isEmpty();
  }

  @Test
  void aRehearsalLaunchesOneMachineApartAndLeavesNoneRunning() throws Exception {
    engine.prepare(plan, "nightly job").await();

    RunReport rehearsed = engine.rehearse(plan, "game day").await();
    cloud.time().advance(ofMinutes(5));

    assertThat(rehearsed.step("rehearse launch web tier").status())
        .as(rehearsed.summary())
        .isEqualTo(StepStatus.REACHED);
    assertThat(launched(west)).singleElement().satisfies(trial -> {
      assertThat(trial.subnetId()).isEqualTo(apart());
      assertThat(trial.tags())
          .anySatisfy(tag -> assertThat(tag.key()).isEqualTo("drkit:rehearsal"));
      assertThat(trial.state().name()).isEqualTo(InstanceStateName.TERMINATED);
    });
    assertThat(aws.running(WEST)).isZero();
    assertThat(aws.running(EAST)).as("production").isEqualTo(2);
  }
}
