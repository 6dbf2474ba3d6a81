package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CopyImageRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** What EC2 does with instances and images, as far as a recovery launches the ones and copies the others. */
public abstract class Ec2Contract extends AwsContract {
  private static final String NO_IMAGE = "ami-0123456789abcdef0";
  private static final String NO_INSTANCE = "i-0123456789abcdef0";

  private final Ec2Client east;
  private final Ec2Client west;

  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected Ec2Contract(AwsUnderTest aws) {
    super(aws);
    east = aws.client(Ec2Client.class, "us-east-1");
    west = aws.client(Ec2Client.class, "us-west-2");
  }

  /** What is launched is pending before it runs, in the zone and with the tags that the request names. */
  @Test
  public void anInstanceIsPendingBeforeItRuns() {
    RunInstancesRequest launch = launch(west, "begun").toBuilder()
        .placement(placement -> placement.availabilityZone("us-west-2b"))
        .build();

    Instance begun = west.runInstances(launch).instances().get(0);

    assertThat(begun.state().name()).isEqualTo(InstanceStateName.PENDING);
    assertThat(begun.state().code()).isZero();
    Instance runs = soon(() -> instance(west, begun.instanceId()), Ec2Contract::runs);
    assertThat(runs.state().code()).isEqualTo(16);
    assertThat(runs.placement().availabilityZone()).isEqualTo("us-west-2b");
    assertThat(runs.imageId()).isEqualTo(launch.imageId());
    assertThat(runs.instanceType()).isEqualTo(InstanceType.T3_MICRO);
    assertThat(runs.tags()).containsExactly(tag("launch", "begun"));
  }

  /** As many instances are launched as the maximum says where there is room, and all of them in one zone. */
  @Test
  public void asManyAreLaunchedAsTheMaximumSays() {
    RunInstancesResponse launched =
        west.runInstances(launch(west, "maximum").toBuilder().maxCount(3).build());

    assertThat(launched.instances()).hasSize(3);
    assertThat(launched.instances())
        .extracting(instance -> instance.placement().availabilityZone())
        .containsOnly(launched.instances().get(0).placement().availabilityZone());
  }

  /** A maximum below the minimum is refused. */
  @Test
  public void aMaximumBelowTheMinimumIsRefused() {
    assertRefused(
        "InvalidParameterValue",
        () -> west.runInstances(
            launch(west, "none").toBuilder().minCount(3).maxCount(2).build()));
  }

  /** A launch that is repeated with its token answers with the same instances, and launches nothing. */
  @Test
  public void aRepeatedLaunchAnswersWithTheSameInstances() {
    RunInstancesRequest launch = tokened(west, "repeated");

    RunInstancesResponse first = west.runInstances(launch);
    RunInstancesResponse second = west.runInstances(launch);

    assertThat(second.reservationId()).isEqualTo(first.reservationId());
    assertThat(ids(second)).isEqualTo(ids(first));
    assertThat(all(west, filtered("tag:launch", "repeated"))).hasSize(1);
  }

  /** A token that was used for another launch is refused. */
  @Test
  public void aTokenOfAnotherLaunchIsRefused() {
    west.runInstances(tokened(west, "changed"));

    assertRefused(
        "IdempotentParameterMismatch",
        () -> west.runInstances(tokened(west, "changed").toBuilder().maxCount(2).build()));
  }

  /** The same token is another one in another region, and in a zone that the request names. */
  @Test
  public void aTokenIsAnotherOneInAnotherRegionAndInAnotherZone() {
    List<String> inWest = ids(west.runInstances(tokened(west, "elsewhere")));
    List<String> inEast = ids(east.runInstances(tokened(east, "elsewhere")));
    List<String> inZone = ids(west.runInstances(tokened(west, "elsewhere").toBuilder()
        .placement(placement -> placement.availabilityZone("us-west-2c"))
        .build()));

    assertThat(inEast).doesNotContainAnyElementsOf(inWest);
    assertThat(inZone).doesNotContainAnyElementsOf(inWest);
  }

  /** A token is of no more use once its instances are terminated: it neither launches nor answers. */
  @Test
  public void aTokenWhoseInstancesAreTerminatedIsRefused() {
    RunInstancesRequest launch = tokened(west, "terminated");
    String launched = ids(west.runInstances(launch)).get(0);
    west.terminateInstances(request -> request.instanceIds(launched));
    soon(() -> instance(west, launched), is(InstanceStateName.TERMINATED));

    assertRefused("IdempotentInstanceTerminated", () -> west.runInstances(launch));
  }

  /** An image of another region, one that is not there and one that is misspelled are not launched. */
  @Test
  public void whatIsNoImageOfTheRegionIsNotLaunched() {
    RunInstancesRequest launch = launch(west, "imageless");

    assertRefused(
        "InvalidAMIID.NotFound",
        () -> west.runInstances(launch.toBuilder().imageId(publicImage(east)).build()));
    assertRefused(
        "InvalidAMIID.NotFound",
        () -> west.runInstances(launch.toBuilder().imageId(NO_IMAGE).build()));
    assertRefused(
        "InvalidAMIID.Malformed",
        () -> west.runInstances(launch.toBuilder().imageId("orders-web").build()));
    assertRefused(
        "MissingParameter",
        () -> west.runInstances(launch.toBuilder().imageId(null).build()));
  }

  /** A type that EC2 does not have and a zone of another region are refused. */
  @Test
  public void anUnknownTypeOrZoneIsRefused() {
    RunInstancesRequest launch = launch(west, "unknown");

    assertRefused(
        "InvalidParameterValue",
        () -> west.runInstances(launch.toBuilder().instanceType("z9.huge").build()));
    assertRefused(
        "InvalidParameterValue",
        () -> west.runInstances(launch.toBuilder()
            .placement(placement -> placement.availabilityZone("us-east-1a"))
            .build()));
  }

  /** Instances are found by tags and states together, and a value of a filter may hold a star. */
  @Test
  public void instancesAreFoundByTagsAndStates() {
    String kept = ids(west.runInstances(launch(west, "found-1"))).get(0);
    String gone = ids(west.runInstances(launch(west, "found-2"))).get(0);
    west.runInstances(launch(west, "other"));
    west.terminateInstances(request -> request.instanceIds(gone));
    soon(() -> instance(west, gone), is(InstanceStateName.TERMINATED));

    assertThat(all(west, filtered("tag:launch", "found-*")))
        .extracting(Instance::instanceId)
        .containsExactlyInAnyOrder(kept, gone);
    assertThat(all(
            west,
            request -> request.filters(
                filter("tag:launch", "found-*"),
                filter("instance-state-name", "pending", "running"))))
        .extracting(Instance::instanceId)
        .containsExactly(kept);
    assertThat(all(east, filtered("tag:launch", "found-*"))).isEmpty();
  }

  /** A page holds no more than was asked for, and all pages together hold each instance once. */
  @Test
  public void instancesComeInPages() {
    List<String> launched = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      launched.addAll(ids(west.runInstances(launch(west, "paged"))));
    }
    DescribeInstancesRequest request = DescribeInstancesRequest.builder()
        .filters(filter("tag:launch", "paged"))
        .maxResults(5)
        .build();

    DescribeInstancesResponse first = west.describeInstances(request);
    DescribeInstancesResponse second =
        west.describeInstances(request.toBuilder().nextToken(first.nextToken()).build());

    assertThat(instances(first)).hasSize(5);
    assertThat(second.nextToken()).isNullOrEmpty();
    List<Instance> both = new ArrayList<>(instances(first));
    both.addAll(instances(second));
    assertThat(both).extracting(Instance::instanceId).containsExactlyInAnyOrderElementsOf(launched);
  }

  /** Ids and pages do not go together. */
  @Test
  public void idsAndPagesDoNotGoTogether() {
    String launched = ids(west.runInstances(launch(west, "both"))).get(0);

    assertRefused(
        "InvalidParameterCombination",
        () -> west.describeInstances(request -> request.instanceIds(launched).maxResults(5)));
  }

  /** An instance that is not there is neither described nor ended, and nothing else of the request is. */
  @Test
  public void anInstanceThatIsNotThereIsSaidNotToBe() {
    String launched = ids(west.runInstances(launch(west, "there"))).get(0);

    assertRefused("InvalidInstanceID.NotFound", () -> instance(west, NO_INSTANCE));
    assertRefused(
        "InvalidInstanceID.NotFound",
        () -> west.terminateInstances(request -> request.instanceIds(launched, NO_INSTANCE)));
    assertThat(soon(() -> instance(west, launched), Ec2Contract::runs)).isNotNull();
  }

  /** What is terminated is told the states on the way, still shows when it is gone, and may be terminated again. */
  @Test
  public void aTerminatedInstanceStillShows() {
    String launched = ids(west.runInstances(launch(west, "ended"))).get(0);
    soon(() -> instance(west, launched), Ec2Contract::runs);

    var change =
        west.terminateInstances(request -> request.instanceIds(launched)).terminatingInstances();

    assertThat(change).singleElement().satisfies(each -> {
      assertThat(each.previousState().name()).isEqualTo(InstanceStateName.RUNNING);
      assertThat(each.currentState().name()).isEqualTo(InstanceStateName.SHUTTING_DOWN);
    });
    soon(() -> instance(west, launched), is(InstanceStateName.TERMINATED));
    west.terminateInstances(request -> request.instanceIds(launched));
    assertThat(instance(west, launched).state().name()).isEqualTo(InstanceStateName.TERMINATED);
  }

  /** An instance is stopped and started again, and is on the way in between. */
  @Test
  public void anInstanceIsStoppedAndStartedAgain() {
    String launched = ids(west.runInstances(launch(west, "rested"))).get(0);
    soon(() -> instance(west, launched), Ec2Contract::runs);

    var stopping = west.stopInstances(request -> request.instanceIds(launched)).stoppingInstances();
    soon(() -> instance(west, launched), is(InstanceStateName.STOPPED));
    var starting =
        west.startInstances(request -> request.instanceIds(launched)).startingInstances();

    assertThat(stopping.get(0).currentState().name()).isEqualTo(InstanceStateName.STOPPING);
    assertThat(starting.get(0).previousState().name()).isEqualTo(InstanceStateName.STOPPED);
    assertThat(starting.get(0).currentState().name()).isEqualTo(InstanceStateName.PENDING);
    soon(() -> instance(west, launched), Ec2Contract::runs);
  }

  /** What is terminated is never started or stopped again. */
  @Test
  public void aTerminatedInstanceIsNeitherStartedNorStopped() {
    String gone = ids(west.runInstances(launch(west, "gone"))).get(0);
    west.terminateInstances(request -> request.instanceIds(gone));
    soon(() -> instance(west, gone), is(InstanceStateName.TERMINATED));

    assertRefused(
        "IncorrectInstanceState", () -> west.startInstances(request -> request.instanceIds(gone)));
    assertRefused(
        "IncorrectInstanceState", () -> west.stopInstances(request -> request.instanceIds(gone)));
  }

  /** A tag that is given later is found, and takes the place of one with the same key. */
  @Test
  public void tagsAreGivenLater() {
    String launched = ids(west.runInstances(launch(west, "tagged"))).get(0);

    west.createTags(request ->
        request.resources(launched).tags(tag("launch", "tagged-anew"), tag("owner", "orders")));

    assertThat(all(west, filtered("tag:owner", "orders")))
        .singleElement()
        .satisfies(instance -> assertThat(instance.tags())
            .containsExactlyInAnyOrder(tag("launch", "tagged-anew"), tag("owner", "orders")));
    assertThat(all(west, filtered("tag:launch", "tagged"))).isEmpty();
  }

  /** What is not there is not tagged. */
  @Test
  public void whatIsNotThereIsNotTagged() {
    assertRefused(
        "InvalidInstanceID.NotFound",
        () -> west.createTags(request -> request.resources(NO_INSTANCE).tags(tag("a", "b"))));
  }

  /** An image of an instance is pending before it is available, and is the account's own. */
  @Test
  public void anImageOfAnInstanceIsPendingBeforeItIsAvailable() {
    String instance = ids(west.runInstances(launch(west, "imaged"))).get(0);
    soon(() -> instance(west, instance), Ec2Contract::runs);

    String image = west.createImage(request -> request
            .instanceId(instance)
            .name("imaged")
            .tagSpecifications(tagged(ResourceType.IMAGE, "of", "imaged")))
        .imageId();

    assertThat(image(west, image).state()).isEqualTo(ImageState.PENDING);
    Image available = soon(() -> image(west, image), Ec2Contract::available);
    assertThat(available.tags()).containsExactly(tag("of", "imaged"));
    assertThat(own(west, "imaged")).extracting(Image::imageId).containsExactly(image);
    assertThat(own(east, "imaged")).isEmpty();
  }

  /** A copy in another region is pending before it is available, cannot be launched before, and knows its source. */
  @Test
  public void aCopiedImageIsPendingBeforeItIsAvailableAndKnowsItsSource() {
    String source = ownImage("copied");

    String copy = west.copyImage(copy(source, "copied", "copied")).imageId();

    RunInstancesRequest launch =
        launch(west, "of-the-copy").toBuilder().imageId(copy).build();
    assertThat(copy).isNotEqualTo(source);
    assertRefused("InvalidAMIID.Unavailable", () -> west.runInstances(launch));
    assertThat(image(west, copy).state()).isEqualTo(ImageState.PENDING);
    Image available = soon(() -> image(west, copy), Ec2Contract::available);
    assertThat(available.name()).isEqualTo("copied");
    assertThat(available.sourceImageId()).isEqualTo(source);
    assertThat(available.sourceImageRegion()).isEqualTo("us-east-1");
    assertThat(available.tags()).containsExactly(tag("of", "copied"));
    assertThat(west.runInstances(launch).instances()).hasSize(1);
  }

  /** A copy that is asked for again with its token is the same one; with another token its name is taken. */
  @Test
  public void anImageIsCopiedOnceForAToken() {
    String source = ownImage("once");
    String first = west.copyImage(copy(source, "once", "token-1")).imageId();

    assertThat(west.copyImage(copy(source, "once", "token-1")).imageId()).isEqualTo(first);
    assertThatThrownBy(() -> west.copyImage(copy(source, "once", "token-2")))
        .isInstanceOfSatisfying(Ec2Exception.class, codeIs("InvalidAMIName.Duplicate"))
        .hasMessageContaining(first);
    assertRefused(
        "IdempotentParameterMismatch", () -> west.copyImage(copy(source, "another", "token-1")));
  }

  /** An image that is not there is not copied, nor one that is not available yet. */
  @Test
  public void anImageThatIsNotThereIsNotCopied() {
    String instance = ids(east.runInstances(launch(east, "early"))).get(0);
    soon(() -> instance(east, instance), Ec2Contract::runs);
    String early =
        east.createImage(request -> request.instanceId(instance).name("early")).imageId();

    assertRefused(
        "InvalidAMIID.NotFound", () -> west.copyImage(copy(NO_IMAGE, "nothing", "nothing")));
    assertRefused("InvalidAMIID.Unavailable", () -> west.copyImage(copy(early, "early", "early")));
  }

  /** A deregistered image is not found any more, is not launched, and leaves its name free. */
  @Test
  public void aDeregisteredImageIsGone() {
    String source = ownImage("replaced");
    String first = west.copyImage(copy(source, "replaced", "first")).imageId();
    soon(() -> image(west, first), Ec2Contract::available);

    west.deregisterImage(request -> request.imageId(first));

    assertThat(own(west, "replaced")).isEmpty();
    assertRefused(
        "InvalidAMIID.Unavailable",
        () -> west.runInstances(
            launch(west, "deregistered").toBuilder().imageId(first).build()));
    assertThat(west.copyImage(copy(source, "replaced", "second")).imageId()).isNotEqualTo(first);
  }

  /** A region tells its zones. */
  @Test
  public void aRegionTellsItsZones() {
    assertThat(west.describeAvailabilityZones().availabilityZones())
        .extracting(zone -> zone.zoneName())
        .contains("us-west-2a", "us-west-2b", "us-west-2c")
        .allMatch(name -> name.startsWith("us-west-2"));
  }

  private String ownImage(String name) {
    String builder = ids(east.runInstances(launch(east, "builder"))).get(0);
    soon(() -> instance(east, builder), Ec2Contract::runs);
    String image = east.createImage(request -> request
            .instanceId(builder)
            .name(name)
            .tagSpecifications(tagged(ResourceType.IMAGE, "of", name)))
        .imageId();
    soon(() -> image(east, image), Ec2Contract::available);
    return image;
  }

  private static CopyImageRequest copy(String source, String name, String token) {
    return CopyImageRequest.builder()
        .sourceImageId(source)
        .sourceRegion("us-east-1")
        .name(name)
        .copyImageTags(true)
        .clientToken(token)
        .build();
  }

  private static RunInstancesRequest launch(Ec2Client region, String name) {
    return RunInstancesRequest.builder()
        .imageId(publicImage(region))
        .instanceType(InstanceType.T3_MICRO)
        .minCount(1)
        .maxCount(1)
        .tagSpecifications(tagged(ResourceType.INSTANCE, "launch", name))
        .build();
  }

  private static RunInstancesRequest tokened(Ec2Client region, String token) {
    return launch(region, token).toBuilder().clientToken(token).build();
  }

  private static String publicImage(Ec2Client region) {
    return region
        .describeImages(request -> request.owners("amazon"))
        .images()
        .get(0)
        .imageId();
  }

  private static List<Image> own(Ec2Client region, String name) {
    return region
        .describeImages(request -> request.owners("self").filters(filter("name", name)))
        .images();
  }

  private static Image image(Ec2Client region, String id) {
    return region.describeImages(request -> request.imageIds(id)).images().get(0);
  }

  private static boolean available(Image image) {
    return image.state() == ImageState.AVAILABLE;
  }

  private static Instance instance(Ec2Client region, String id) {
    return all(region, request -> request.instanceIds(id)).get(0);
  }

  private static boolean runs(Instance instance) {
    return instance.state().name() == InstanceStateName.RUNNING;
  }

  private static Predicate<Instance> is(InstanceStateName state) {
    return instance -> instance.state().name() == state;
  }

  private static List<Instance> all(
      Ec2Client region, Consumer<DescribeInstancesRequest.Builder> asked) {
    return instances(region.describeInstances(asked));
  }

  private static List<Instance> instances(DescribeInstancesResponse response) {
    return response.reservations().stream()
        .flatMap(reservation -> reservation.instances().stream())
        .toList();
  }

  private static List<String> ids(RunInstancesResponse launched) {
    return launched.instances().stream().map(Instance::instanceId).toList();
  }

  private static Consumer<DescribeInstancesRequest.Builder> filtered(String name, String value) {
    return request -> request.filters(filter(name, value));
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  private static TagSpecification tagged(ResourceType type, String key, String value) {
    return TagSpecification.builder().resourceType(type).tags(tag(key, value)).build();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static void assertRefused(String code, ThrowingCallable request) {
    assertThatThrownBy(request).isInstanceOfSatisfying(Ec2Exception.class, codeIs(code));
  }

  private static Consumer<Ec2Exception> codeIs(String code) {
    return refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
  }
}
