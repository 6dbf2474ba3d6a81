package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceStatus;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SummaryStatus;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

class FakeEc2Test {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final Site WEST_A = WEST.zone("us-west-2a");
  private static final Site WEST_B = WEST.zone("us-west-2b");

  private final FakeCloud cloud = FakeCloud.builder().build();
  private final FakeAws aws = FakeAws.of(cloud);
  private final Ec2Client west;
  private final String image;

  FakeEc2Test() {
    this.west = cloud.client(Ec2Client.class, "us-west-2");
    this.image =
        west.describeImages(request -> request.owners("amazon")).images().get(0).imageId();
  }

  private static Consumer<Ec2Exception> refused(int status, String code) {
    return refused -> {
      assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
      assertThat(refused.statusCode()).isEqualTo(status);
    };
  }

  private List<Instance> launch(int least, int most, Site zone) {
    return west.runInstances(request(least, most)
            .placement(placement -> placement.availabilityZone(zone.name()))
            .build())
        .instances();
  }

  private RunInstancesRequest.Builder request(int least, int most) {
    return RunInstancesRequest.builder()
        .imageId(image)
        .instanceType("t3.micro")
        .minCount(least)
        .maxCount(most);
  }

  private InstanceStateName state(Instance instance) {
    return west.describeInstances(request -> request.instanceIds(instance.instanceId()))
        .reservations()
        .get(0)
        .instances()
        .get(0)
        .state()
        .name();
  }

  private void pass(Duration time) {
    cloud.time().advance(time);
  }

  @Test
  void aZoneGivesTheMachinesThatItHasAndThenNone() {
    aws.capacity(WEST_A, 2);

    List<Instance> launched = launch(1, 5, WEST_A);

    assertThat(launched).hasSize(2);
    assertThatThrownBy(() -> launch(1, 1, WEST_A))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(500, "InsufficientInstanceCapacity"))
        .hasMessageContaining("us-west-2a");
    assertThat(launch(1, 1, WEST_B)).hasSize(1);
    assertThat(west.runInstances(request(3, 3).build()).instances())
        .extracting(instance -> instance.placement().availabilityZone())
        .doesNotContain("us-west-2a");
  }

  @Test
  void aLaunchThatWasRefusedMayBeAskedForAgainWithItsToken() {
    aws.capacity(WEST_A, 0);
    RunInstancesRequest launch = request(1, 1)
        .placement(placement -> placement.availabilityZone("us-west-2a"))
        .clientToken("again")
        .build();
    assertThatThrownBy(() -> west.runInstances(launch)).isInstanceOf(Ec2Exception.class);

    aws.capacity(WEST_A, 1);

    assertThat(west.runInstances(launch).instances()).hasSize(1);
  }

  @Test
  void whatIsStoppedGivesItsRoomAwayAndMayNotGetItBack() {
    aws.capacity(WEST_A, 1);
    Instance first = launch(1, 1, WEST_A).get(0);
    pass(Duration.ofMinutes(1));
    west.stopInstances(request -> request.instanceIds(first.instanceId()));
    pass(Duration.ofMinutes(2));

    launch(1, 1, WEST_A);

    assertThatThrownBy(
            () -> west.startInstances(request -> request.instanceIds(first.instanceId())))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(500, "InsufficientInstanceCapacity"));
    assertThat(state(first)).isEqualTo(InstanceStateName.STOPPED);
  }

  @Test
  void theQuotaOfTheRegionIsNotExceeded() {
    aws.quota(WEST, 3);
    launch(1, 2, WEST_A);

    assertThat(launch(1, 2, WEST_B)).hasSize(1);
    assertThatThrownBy(() -> launch(1, 1, WEST_B))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(400, "InstanceLimitExceeded"))
        .hasMessageContaining("instance limit of 3");
  }

  @Test
  void aLostZonesInstancesAreSaidToRunAndDoNot() {
    Instance lost = launch(1, 1, WEST_A).get(0);
    launch(1, 1, WEST_B);
    pass(Duration.ofMinutes(10));
    assertThat(aws.running(WEST)).isEqualTo(2);

    cloud.strike(Disaster.loss(WEST_A));
    pass(Duration.ofMinutes(2));

    assertThat(aws.running(WEST)).isEqualTo(1);
    assertThat(aws.running(WEST_A)).isZero();
    assertThat(state(lost)).isEqualTo(InstanceStateName.RUNNING);
    assertThat(checks(lost)).isEqualTo(SummaryStatus.IMPAIRED);
    assertThatThrownBy(() -> launch(1, 1, WEST_A))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(500, "InsufficientInstanceCapacity"));

    cloud.heal(WEST_A);
    assertThat(aws.running(WEST_A)).isZero();
    assertThat(checks(lost)).isEqualTo(SummaryStatus.INITIALIZING);
    pass(Duration.ofMinutes(5));
    assertThat(aws.running(WEST_A)).isEqualTo(1);
    assertThat(checks(lost)).isEqualTo(SummaryStatus.OK);
  }

  private SummaryStatus checks(Instance instance) {
    InstanceStatus status = west.describeInstanceStatus(
            request -> request.instanceIds(instance.instanceId()))
        .instanceStatuses()
        .get(0);
    return status.instanceStatus().status();
  }

  @Test
  void whatIsTerminatedInALostZoneIsGoneWhenTheZoneIsBack() {
    Instance lost = launch(1, 1, WEST_A).get(0);
    pass(Duration.ofMinutes(1));
    cloud.strike(Disaster.loss(WEST_A));
    west.terminateInstances(request -> request.instanceIds(lost.instanceId()));
    pass(Duration.ofHours(2));
    assertThat(state(lost)).isEqualTo(InstanceStateName.SHUTTING_DOWN);

    cloud.heal(WEST_A);
    pass(Duration.ofMinutes(1));

    assertThat(state(lost)).isEqualTo(InstanceStateName.TERMINATED);
  }

  @Test
  void whatIsTerminatedShowsForAnHour() {
    Instance ended = launch(1, 1, WEST_A).get(0);
    west.terminateInstances(request -> request.instanceIds(ended.instanceId()));

    pass(Duration.ofMinutes(59));
    assertThat(state(ended)).isEqualTo(InstanceStateName.TERMINATED);
    pass(Duration.ofMinutes(2));
    assertThatThrownBy(() -> state(ended))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(400, "InvalidInstanceID.NotFound"));
  }

  @Test
  void aBootTakesAsLongAsTheTestSays() {
    aws.bootTime(Duration.ofMinutes(20));
    Instance slow = launch(1, 1, WEST_A).get(0);

    pass(Duration.ofMinutes(19));
    assertThat(state(slow)).isEqualTo(InstanceStateName.PENDING);
    pass(Duration.ofMinutes(1));
    assertThat(state(slow)).isEqualTo(InstanceStateName.RUNNING);
  }

  @Test
  void whatWasLaunchedMayNotBeSeenAtOnce() {
    aws.settlesIn(Duration.ofMinutes(1));
    Instance unseen = launch(1, 1, WEST_A).get(0);

    assertThat(west.describeInstances().reservations()).isEmpty();
    assertThatThrownBy(() -> state(unseen))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(400, "InvalidInstanceID.NotFound"));
    pass(Duration.ofMinutes(1));
    assertThat(state(unseen)).isEqualTo(InstanceStateName.RUNNING);
  }

  @Test
  void nothingIsCopiedFromALostRegion() {
    Ec2Client east = cloud.client(Ec2Client.class, "us-east-1");
    aws.imageTime(Duration.ofMinutes(30));
    String amazons =
        east.describeImages(request -> request.owners("amazon")).images().get(0).imageId();
    String early = copy(amazons, "early");
    pass(Duration.ofMinutes(10));

    cloud.strike(Disaster.loss(EAST));

    assertThatThrownBy(() -> copy(amazons, "late"))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(503, "ServiceUnavailable"));
    pass(Duration.ofHours(1));
    assertThat(west.describeImages(request -> request.imageIds(early))
            .images()
            .get(0)
            .state())
        .isEqualTo(ImageState.PENDING);
    cloud.heal(EAST);
    pass(Duration.ofMinutes(20));
    assertThat(west.describeImages(request -> request.imageIds(early))
            .images()
            .get(0)
            .state())
        .isEqualTo(ImageState.AVAILABLE);
  }

  private String copy(String source, String name) {
    return west.copyImage(
            request -> request.sourceImageId(source).sourceRegion("us-east-1").name(name))
        .imageId();
  }

  @Test
  void aLostRegionDoesNotAnswer() {
    cloud.strike(Disaster.loss(WEST));

    assertThatThrownBy(() -> launch(1, 1, WEST_A)).isInstanceOf(SdkClientException.class);
    assertThat(aws.running(WEST)).isZero();
  }

  @Test
  void whoMayNotLaunchIsToldSo() {
    aws.deny("ec2:RunInstances");

    assertThatThrownBy(() -> launch(1, 1, WEST_A))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(403, "UnauthorizedOperation"))
        .hasMessageContaining("ec2:RunInstances");
  }

  @Test
  void whoMayNotTagMakesNothingThatHasTags() {
    aws.deny("ec2:CreateTags");

    TagSpecification name = TagSpecification.builder()
        .resourceType(ResourceType.INSTANCE)
        .tags(Tag.builder().key("Name").value("web").build())
        .build();

    assertThatThrownBy(
            () -> west.runInstances(request(1, 1).tagSpecifications(name).build()))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(403, "UnauthorizedOperation"))
        .hasMessageContaining("ec2:CreateTags");
    assertThat(west.describeInstances().reservations()).isEmpty();
    west.runInstances(request(1, 1).build());
  }

  @Test
  void aStormOfRequestsIsToldAsEc2Does() {
    cloud.strike(Disaster.throttling(WEST, 1));

    assertThatThrownBy(() -> launch(1, 1, WEST_A))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(503, "RequestLimitExceeded"))
        .matches(refused -> ((Ec2Exception) refused).isThrottlingException());
    assertThat(aws.running(WEST)).isZero();
  }

  @Test
  void expiredCredentialsAreToldAsEc2Does() {
    cloud.strike(Disaster.expiredCredentials());

    assertThatThrownBy(() -> launch(1, 1, WEST_A))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(400, "RequestExpired"));
  }

  @Test
  void whereEverybodyLaunchesNothingIsLeft() {
    cloud.strike(Disaster.noCapacity(WEST));

    assertThatThrownBy(() -> west.runInstances(request(1, 1).build()))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(500, "InsufficientInstanceCapacity"));
  }

  @Test
  void whatIsNotModelledIsRefused() {
    assertThatThrownBy(() -> west.runInstances(request(1, 1)
            .launchTemplate(template -> template.launchTemplateName("web"))
            .build()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FakeEc2: RunInstances with LaunchTemplate");
    assertThatThrownBy(() -> west.describeVolumes())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("not modelled by FakeEc2: describeVolumes");
  }

  @Test
  void starsAndQuestionMarksOfAFilterStandForAnything() {
    assertThat(Ec2Filters.fits("o*d?r*", "orders")).isTrue();
    assertThat(Ec2Filters.fits("*", "")).isTrue();
    assertThat(Ec2Filters.fits("*ab", "aab")).as("a star gives back").isTrue();
    assertThat(Ec2Filters.fits("o?", "o")).isFalse();
    assertThat(Ec2Filters.fits("*d", "orders")).isFalse();
    assertThat(Ec2Filters.fits("", "orders")).isFalse();
    assertThat(Ec2Filters.fits("100\\*", "100*")).isTrue();
    assertThat(Ec2Filters.fits("100\\*", "1000")).isFalse();
    assertThat(Ec2Filters.fits("\\", "\\")).isTrue();
    assertThat(Ec2Filters.fits("*a".repeat(50) + "b", "a".repeat(500)))
        .as("many stars take no more time than few")
        .isFalse();
  }

  @Test
  void aPageOfImagesHasOneAtLeast() {
    assertThatThrownBy(() -> west.describeImages(request -> request.maxResults(0)))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(400, "InvalidParameterValue"));
  }

  @Test
  void anImageIsCopiedFromARegion() {
    for (String text : List.of("", "us/east", "us-east-1a", "mars-north-1")) {
      assertThatThrownBy(() -> west.copyImage(
              copy -> copy.sourceImageId(image).sourceRegion(text).name("copy")))
          .as("from '%s'", text)
          .isInstanceOfSatisfying(Ec2Exception.class, refused(400, "InvalidParameterValue"));
    }
  }

  @Test
  void aSubnetSaysWhichZoneIsMeant() {
    Subnet inB = west.describeSubnets().subnets().stream()
        .filter(subnet -> subnet.availabilityZone().equals("us-west-2b"))
        .findFirst()
        .orElseThrow();

    Instance launched = west.runInstances(request(1, 1).subnetId(inB.subnetId()).build())
        .instances()
        .get(0);

    assertThat(launched.placement().availabilityZone()).isEqualTo("us-west-2b");
    assertThat(launched.subnetId()).isEqualTo(inB.subnetId());
    assertThatThrownBy(() ->
            west.runInstances(request(1, 1).subnetId("subnet-0123456789abcdef0").build()))
        .isInstanceOfSatisfying(Ec2Exception.class, refused(400, "InvalidSubnetID.NotFound"));
  }

  @Test
  void whatTheCloudDoesNotHaveCannotBeSet() {
    assertThatThrownBy(() -> aws.capacity(WEST, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a zone of the cloud");
    assertThatThrownBy(() -> aws.capacity(WEST_A, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> aws.quota(Site.region("eu-west-1"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("eu-west-1");
  }
}
