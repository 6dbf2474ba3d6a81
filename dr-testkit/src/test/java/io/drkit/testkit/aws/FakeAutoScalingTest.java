package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;
import software.amazon.awssdk.services.ec2.Ec2Client;

class FakeAutoScalingTest {
  private static final Site WEST = Site.region("us-west-2");
  private static final Site WEST_A = WEST.zone("us-west-2a");
  private static final Site WEST_B = WEST.zone("us-west-2b");

  private final FakeCloud cloud = FakeCloud.builder().build();
  private final FakeAws aws = FakeAws.of(cloud);
  private final Ec2Client ec2;
  private final AutoScalingClient groups;

  FakeAutoScalingTest() {
    this.ec2 = cloud.client(Ec2Client.class, "us-west-2");
    this.groups = cloud.client(AutoScalingClient.class, "us-west-2");
  }

  private void create(int desired) {
    String image =
        ec2.describeImages(request -> request.owners("amazon")).images().get(0).imageId();
    groups.createLaunchConfiguration(
        request -> request.launchConfigurationName("web").imageId(image).instanceType("t3.micro"));
    groups.createAutoScalingGroup(request -> request
        .autoScalingGroupName("web")
        .launchConfigurationName("web")
        .availabilityZones("us-west-2a", "us-west-2b")
        .minSize(0)
        .maxSize(10)
        .desiredCapacity(desired));
  }

  private AutoScalingGroup group() {
    return groups.describeAutoScalingGroups().autoScalingGroups().get(0);
  }

  private List<Instance> serving() {
    return group().instances().stream()
        .filter(instance -> instance.lifecycleState() == LifecycleState.IN_SERVICE)
        .toList();
  }

  private void pass(Duration time) {
    cloud.time().advance(time);
  }

  @Test
  void nothingIsLaunchedWithinTheRequest() {
    create(2);

    assertThat(group().instances()).isEmpty();
    pass(Duration.ofMinutes(1));
    assertThat(serving()).hasSize(2);
    assertThat(aws.running(WEST)).isEqualTo(2);
  }

  @Test
  void aGroupWithoutRoomStaysShortUntilThereIsSome() {
    aws.capacity(WEST_A, 1).capacity(WEST_B, 2);

    create(5);
    pass(Duration.ofMinutes(10));

    assertThat(serving())
        .extracting(Instance::availabilityZone)
        .containsExactlyInAnyOrder("us-west-2a", "us-west-2b", "us-west-2b");
    assertThat(group().desiredCapacity()).isEqualTo(5);
    aws.capacity(WEST_A, 5);
    assertThat(group().instances()).hasSize(5);
    pass(Duration.ofMinutes(1));
    assertThat(serving()).hasSize(5);
  }

  @Test
  void aGroupBeyondTheQuotaStaysShort() {
    aws.quota(WEST, 3);

    create(5);
    pass(Duration.ofMinutes(10));

    assertThat(serving()).hasSize(3);
  }

  @Test
  void whatALostZoneTookIsReplacedInTheOthers() {
    create(4);
    pass(Duration.ofMinutes(10));

    cloud.strike(Disaster.loss(WEST_A));
    pass(Duration.ofMinutes(1));

    assertThat(serving()).as("AWS does not know yet").hasSize(4);
    assertThat(aws.running(WEST)).isEqualTo(2);
    pass(Duration.ofMinutes(10));
    assertThat(serving())
        .hasSize(4)
        .extracting(Instance::availabilityZone)
        .containsOnly("us-west-2b");
    assertThat(aws.running(WEST)).isEqualTo(4);
    assertThat(group().instances())
        .filteredOn(instance -> instance.availabilityZone().equals("us-west-2a"))
        .as("nobody can end what is in a lost zone")
        .hasSize(2)
        .allSatisfy(instance -> {
          assertThat(instance.lifecycleState()).isEqualTo(LifecycleState.TERMINATING);
          assertThat(instance.healthStatus()).isEqualTo("Unhealthy");
        });

    cloud.heal(WEST_A);
    pass(Duration.ofMinutes(1));
    assertThat(group().instances()).hasSize(4);
  }

  @Test
  void whatStoppedIsReplaced() {
    create(1);
    pass(Duration.ofMinutes(1));
    String stopped = serving().get(0).instanceId();
    ec2.stopInstances(request -> request.instanceIds(stopped));

    pass(Duration.ofMinutes(10));

    assertThat(group().instances()).extracting(Instance::instanceId).contains(stopped);
    pass(Duration.ofMinutes(1));
    assertThat(serving()).hasSize(1).extracting(Instance::instanceId).doesNotContain(stopped);
  }

  @Test
  void nothingIsLaunchedWhileTheControlPlanesAreLost() {
    create(1);
    pass(Duration.ofMinutes(1));
    groups.setDesiredCapacity(request -> request.autoScalingGroupName("web").desiredCapacity(3));
    cloud.strike(Disaster.controlPlaneLoss(WEST));

    pass(Duration.ofHours(1));

    assertThat(aws.running(WEST)).isEqualTo(1);
    cloud.heal(WEST);
    group();
    pass(Duration.ofMinutes(1));
    assertThat(aws.running(WEST)).isEqualTo(3);
  }

  @Test
  void aGroupTagsItsInstances() {
    create(1);
    pass(Duration.ofMinutes(1));

    assertThat(ec2.describeInstances().reservations().get(0).instances().get(0).tags())
        .singleElement()
        .satisfies(tag -> {
          assertThat(tag.key()).isEqualTo("aws:autoscaling:groupName");
          assertThat(tag.value()).isEqualTo("web");
        });
  }

  @Test
  void whoMayNotScaleIsToldSo() {
    create(1);
    aws.deny("autoscaling:UpdateAutoScalingGroup");

    assertThatThrownBy(() -> groups.updateAutoScalingGroup(
            request -> request.autoScalingGroupName("web").minSize(1)))
        .isInstanceOfSatisfying(AutoScalingException.class, refused -> {
          assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
          assertThat(refused.statusCode()).isEqualTo(403);
        });
  }

  @Test
  void whatIsNotModelledIsRefused() {
    create(1);

    assertThatThrownBy(() -> groups.updateAutoScalingGroup(
            request -> request.autoScalingGroupName("web").healthCheckType("ELB")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FakeAutoScaling: UpdateAutoScalingGroup with HealthCheckType");
    assertThatThrownBy(() -> groups.describePolicies())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
