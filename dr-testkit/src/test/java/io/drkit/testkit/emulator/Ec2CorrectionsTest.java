package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.Instance;
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
    assertThat(running("repeated")).hasSize(2);
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

  private List<Instance> running(String token) {
    return east
        .describeInstances(request ->
            request.filters(Filter.builder().name("tag:launch").values(token).build()))
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
        .tagSpecifications(TagSpecification.builder()
            .resourceType(ResourceType.INSTANCE)
            .tags(Tag.builder().key("launch").value(token).build())
            .build());
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
