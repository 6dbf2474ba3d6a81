package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
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

@WithAwsEmulator
class Ec2CorrectionsTest {
  private final Ec2Client east;
  private final Ec2Client west;

  Ec2CorrectionsTest(AwsEmulator emulator) {
    east = Clients.once(emulator, Ec2Client.builder(), "us-east-1");
    west = Clients.once(emulator, Ec2Client.builder(), "us-west-2");
  }

  @Test
  void aRepeatedLaunchAnswersWithTheSameInstances() {
    Consumer<RunInstancesRequest.Builder> launch = launch(east, "repeated");

    RunInstancesResponse first = east.runInstances(launch);
    RunInstancesResponse second = east.runInstances(launch);

    assertThat(second.reservationId()).isEqualTo(first.reservationId());
    assertThat(ids(second)).hasSize(2).isEqualTo(ids(first));
    assertThat(withTag(east, "repeated")).hasSize(2);
  }

  @Test
  void launchesAtTheSameTimeWithOneTokenAreOne() throws Exception {
    Consumer<RunInstancesRequest.Builder> launch =
        launch(east, "together").andThen(request -> request.minCount(30).maxCount(30));
    int callers = 4;
    CyclicBarrier start = new CyclicBarrier(callers);
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    List<Future<RunInstancesResponse>> launches = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      launches.add(threads.submit(() -> {
        start.await();
        return east.runInstances(launch);
      }));
    }
    List<List<String>> launched = new ArrayList<>();
    for (Future<RunInstancesResponse> each : launches) {
      launched.add(ids(each.get()));
    }
    threads.shutdown();

    assertThat(launched).hasSize(callers).containsOnly(launched.get(0));
    assertThat(withTag(east, "together")).hasSize(30);
  }

  @Test
  void aTokenIsRefusedWithOtherParameters() {
    Consumer<RunInstancesRequest.Builder> launch = launch(east, "changed");
    east.runInstances(launch);

    assertThatThrownBy(() -> east.runInstances(launch.andThen(request -> request.maxCount(3))))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("IdempotentParameterMismatch"));
  }

  @Test
  void aTokenIsAnotherOneInAnotherRegionAndInAnotherZone() {
    RunInstancesResponse inEast = east.runInstances(launch(east, "elsewhere"));
    RunInstancesResponse inWest = west.runInstances(launch(west, "elsewhere"));
    RunInstancesResponse inZone = east.runInstances(
        launch(east, "elsewhere").andThen(r -> r.placement(p -> p.availabilityZone("us-east-1b"))));

    assertThat(ids(inWest)).doesNotContainAnyElementsOf(ids(inEast));
    assertThat(ids(inZone)).hasSize(2).doesNotContainAnyElementsOf(ids(inEast));
  }

  @Test
  void aTokenWhoseInstancesAreTerminatedIsRefused() {
    Consumer<RunInstancesRequest.Builder> launch = launch(east, "terminated");
    List<String> launched = ids(east.runInstances(launch));
    east.terminateInstances(request -> request.instanceIds(launched));

    assertThatThrownBy(() -> east.runInstances(launch))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("IdempotentInstanceTerminated"));
  }

  @Test
  void asManyAreLaunchedAsTheMaximumSays() {
    RunInstancesResponse launched = east.runInstances(
        launch(east, "maximum").andThen(request -> request.minCount(1).maxCount(3)));

    assertThat(launched.instances()).hasSize(3);
  }

  @Test
  void anImageOfAnotherRegionIsNotLaunched() {
    String ofTheEast = image(east);

    assertThatThrownBy(
            () -> west.runInstances(launch(west, "foreign").andThen(r -> r.imageId(ofTheEast))))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("InvalidAMIID.NotFound"));
  }

  @Test
  void anUnknownImageOrTypeIsNotLaunched() {
    assertThatThrownBy(() ->
            east.runInstances(launch(east, "image").andThen(r -> r.imageId("ami-0123456789"))))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("InvalidAMIID.NotFound"));
    assertThatThrownBy(
            () -> east.runInstances(launch(east, "type").andThen(r -> r.instanceType("z9.huge"))))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("InvalidParameterValue"))
        .hasMessageContaining("z9.huge");
  }

  @Test
  void aTerminatedInstanceIsNeitherStartedNorStoppedNorRebooted() {
    List<String> gone = ids(east.runInstances(launch(east, "gone")));
    east.terminateInstances(request -> request.instanceIds(gone));

    assertThatThrownBy(() -> east.startInstances(request -> request.instanceIds(gone)))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("IncorrectInstanceState"));
    assertThatThrownBy(() -> east.stopInstances(request -> request.instanceIds(gone)))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("IncorrectInstanceState"));
    assertThatThrownBy(() -> east.rebootInstances(request -> request.instanceIds(gone)))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("IncorrectInstanceState"));
    assertThat(withTag(east, "gone"))
        .allSatisfy(instance ->
            assertThat(instance.state().name()).isEqualTo(InstanceStateName.TERMINATED));
  }

  @Test
  void aVolumeIsNotMadeInAZoneOfAnotherRegion() {
    assertThatThrownBy(() ->
            east.createVolume(request -> request.availabilityZone("us-west-2a").size(1)))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("InvalidZone.NotFound"));
  }

  @Test
  void aVolumeIsMadeOnceForAToken() {
    String first = volume("disk");

    assertThat(volume("disk")).isEqualTo(first);
    assertThat(volume("other-disk")).isNotEqualTo(first);
  }

  @Test
  void aCopiedImageIsPendingBeforeItIsAvailableAndKnowsItsSource() {
    String source = east.registerImage(request -> request.name("copied")).imageId();

    String copy = copy(source, "copied");

    assertThatThrownBy(() -> west.runInstances(launch(west, "early").andThen(r -> r.imageId(copy))))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("InvalidAMIID.Unavailable"));
    assertThat(describe(copy).state()).isEqualTo(ImageState.PENDING);
    Image available = describe(copy);
    assertThat(available.state()).isEqualTo(ImageState.AVAILABLE);
    assertThat(available.sourceImageId()).isEqualTo(source);
    assertThat(available.sourceImageRegion()).isEqualTo("us-east-1");
    assertThat(available.tags()).containsExactly(tag("copy", "copied"));
    assertThat(ids(west.runInstances(launch(west, "late").andThen(r -> r.imageId(copy)))))
        .hasSize(2);
  }

  @Test
  void anImageIsCopiedOnceForAToken() {
    String source = east.registerImage(request -> request.name("copied-once")).imageId();

    assertThat(copy(source, "copied-once")).isEqualTo(copy(source, "copied-once"));
  }

  @Test
  void anImageThatIsNotThereIsNotCopied() {
    assertThatThrownBy(() -> copy("ami-0123456789", "nothing"))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("InvalidAMIID.NotFound"));
  }

  @Test
  void aNameIsGivenToOneImageOnly() {
    String first = west.registerImage(request -> request.name("taken")).imageId();

    assertThatThrownBy(() -> west.registerImage(request -> request.name("taken")))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("InvalidAMIName.Duplicate"))
        .hasMessageContaining(first);
    assertThat(east.registerImage(request -> request.name("taken")).imageId()).isNotEqualTo(first);
  }

  @Test
  void aDeregisteredImageIsNotLaunched() {
    String image = west.registerImage(request -> request.name("deregistered")).imageId();
    west.deregisterImage(request -> request.imageId(image));

    assertThatThrownBy(
            () -> west.runInstances(launch(west, "deregistered").andThen(r -> r.imageId(image))))
        .isInstanceOfSatisfying(Ec2Exception.class, Clients.codeIs("InvalidAMIID.Unavailable"));
  }

  @Test
  void aRegisteredImageIsWhatTheRequestSays() {
    String registered = west.registerImage(request -> request
            .name("described")
            .architecture("arm64")
            .rootDeviceName("/dev/xvda")
            .tagSpecifications(tagged(ResourceType.IMAGE, "kind", "described")))
        .imageId();

    Image image = describe(registered);
    assertThat(image.architectureAsString()).isEqualTo("arm64");
    assertThat(image.rootDeviceName()).isEqualTo("/dev/xvda");
    assertThat(image.tags()).containsExactly(tag("kind", "described"));
  }

  @Test
  void anImageOfAnInstanceIsPendingBeforeItIsAvailable() {
    String instance = ids(west.runInstances(launch(west, "imaged"))).get(0);

    String image = west.createImage(request -> request
            .instanceId(instance)
            .name("imaged")
            .tagSpecifications(
                tagged(ResourceType.IMAGE, "of", "image"),
                tagged(ResourceType.SNAPSHOT, "of", "snapshot")))
        .imageId();

    assertThat(describe(image).state()).isEqualTo(ImageState.PENDING);
    assertThat(describe(image).state()).isEqualTo(ImageState.AVAILABLE);
    assertThat(describe(image).tags()).containsExactly(tag("of", "image"));
    String snapshot = describe(image).blockDeviceMappings().get(0).ebs().snapshotId();
    assertThat(west.describeSnapshots(request -> request.snapshotIds(snapshot))
            .snapshots()
            .get(0)
            .tags())
        .containsExactly(tag("of", "snapshot"));
  }

  private String volume(String token) {
    return east.createVolume(
            request -> request.availabilityZone("us-east-1a").size(1).clientToken(token))
        .volumeId();
  }

  private String copy(String source, String name) {
    return west.copyImage(request -> request
            .sourceImageId(source)
            .sourceRegion("us-east-1")
            .name(name)
            .clientToken(name)
            .tagSpecifications(tagged(ResourceType.IMAGE, "copy", name)))
        .imageId();
  }

  private Image describe(String image) {
    return west.describeImages(request -> request.imageIds(image)).images().get(0);
  }

  private static TagSpecification tagged(ResourceType type, String key, String value) {
    return TagSpecification.builder().resourceType(type).tags(tag(key, value)).build();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static List<Instance> withTag(Ec2Client region, String value) {
    return region
        .describeInstances(request ->
            request.filters(Filter.builder().name("tag:launch").values(value).build()))
        .reservations()
        .stream()
        .flatMap(reservation -> reservation.instances().stream())
        .toList();
  }

  private static Consumer<RunInstancesRequest.Builder> launch(Ec2Client region, String token) {
    return request -> request
        .imageId(image(region))
        .instanceType(InstanceType.T3_MICRO)
        .minCount(2)
        .maxCount(2)
        .clientToken(token)
        .tagSpecifications(tagged(ResourceType.INSTANCE, "launch", token));
  }

  private static String image(Ec2Client region) {
    return region.describeImages(request -> request.owners("amazon")).images().stream()
        .map(Image::imageId)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> ids(RunInstancesResponse launched) {
    return launched.instances().stream().map(Instance::instanceId).toList();
  }
}
