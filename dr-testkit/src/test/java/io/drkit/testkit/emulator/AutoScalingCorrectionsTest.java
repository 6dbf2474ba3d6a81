package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AlreadyExistsException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;
import software.amazon.awssdk.services.autoscaling.model.ResourceInUseException;
import software.amazon.awssdk.services.ec2.Ec2Client;

@WithAwsEmulator
class AutoScalingCorrectionsTest {
  private final AutoScalingClient groups;
  private final Ec2Client ec2;

  AutoScalingCorrectionsTest(AwsEmulator emulator) {
    groups = Clients.once(emulator, AutoScalingClient.builder(), "us-west-2");
    ec2 = Clients.once(emulator, Ec2Client.builder(), "us-west-2");
  }

  @Test
  void aDesiredCapacityBeyondTheBoundsIsRefused() {
    create("bounded", 2);

    assertThatThrownBy(() -> setDesired("bounded", 5))
        .isInstanceOfSatisfying(AutoScalingException.class, Clients.codeIs("ValidationError"))
        .hasMessageContaining(
            "New SetDesiredCapacity value 5 is above max value 4 for the AutoScalingGroup.");
    assertThatThrownBy(() -> setDesired("bounded", 0))
        .isInstanceOfSatisfying(AutoScalingException.class, Clients.codeIs("ValidationError"))
        .hasMessageContaining("New SetDesiredCapacity value 0 is below min value 1");
    assertThatThrownBy(() -> groups.updateAutoScalingGroup(request ->
            request.autoScalingGroupName("bounded").minSize(2).maxSize(3).desiredCapacity(4)))
        .isInstanceOfSatisfying(AutoScalingException.class, Clients.codeIs("ValidationError"))
        .hasMessageContaining(
            "Desired capacity:4 must be between the specified min size:2 and max size:3");
    assertThatThrownBy(() -> create("never", 9))
        .isInstanceOfSatisfying(AutoScalingException.class, Clients.codeIs("ValidationError"));
    assertThat(describe("bounded").desiredCapacity()).isEqualTo(2);
    assertThat(describe("bounded").maxSize()).isEqualTo(4);
  }

  @Test
  void aGroupThatIsNotThereIsSaidNotToBe() {
    assertThatThrownBy(() -> setDesired("nobody", 1))
        .isInstanceOfSatisfying(AutoScalingException.class, Clients.codeIs("ValidationError"))
        .hasMessageContaining("name not found");
  }

  @Test
  void instancesArePendingBeforeTheyAreInService() {
    create("starting", 2);

    assertThat(states("starting")).containsExactly(LifecycleState.PENDING, LifecycleState.PENDING);
    assertThat(states("starting"))
        .containsExactly(LifecycleState.IN_SERVICE, LifecycleState.IN_SERVICE);

    setDesired("starting", 3);

    assertThat(states("starting"))
        .containsExactly(
            LifecycleState.IN_SERVICE, LifecycleState.IN_SERVICE, LifecycleState.PENDING);
    assertThat(states("starting")).containsOnly(LifecycleState.IN_SERVICE);
  }

  @Test
  void instancesAreSpreadOverTheZones() {
    create("spread", 4);

    assertThat(describe("spread").instances())
        .extracting(Instance::availabilityZone)
        .containsExactly("us-west-2a", "us-west-2b", "us-west-2a", "us-west-2b");
  }

  @Test
  void aGroupIsNotCreatedTwice() {
    create("twice", 1);

    assertThatThrownBy(() -> createFrom("twice", 1)).isInstanceOf(AlreadyExistsException.class);
  }

  @Test
  void aGroupThatHasInstancesIsDeletedByForceOnly() {
    create("kept", 1);

    assertThatThrownBy(
            () -> groups.deleteAutoScalingGroup(request -> request.autoScalingGroupName("kept")))
        .isInstanceOf(ResourceInUseException.class);
    groups.deleteAutoScalingGroup(
        request -> request.autoScalingGroupName("kept").forceDelete(true));

    assertThat(groups
            .describeAutoScalingGroups(request -> request.autoScalingGroupNames("kept"))
            .autoScalingGroups())
        .isEmpty();
  }

  @Test
  void aGroupOfAnUnknownImageIsNotCreated() {
    template("imageless", "ami-0123456789");

    assertThatThrownBy(() -> createFrom("imageless", 1))
        .isInstanceOfSatisfying(AutoScalingException.class, Clients.codeIs("ValidationError"))
        .hasMessageContaining("ami-0123456789");
  }

  private void create(String name, int desired) {
    template(name, ec2.registerImage(request -> request.name(name)).imageId());
    createFrom(name, desired);
  }

  private void template(String name, String image) {
    ec2.createLaunchTemplate(request -> request
        .launchTemplateName(name)
        .launchTemplateData(data -> data.imageId(image).instanceType("t3.micro")));
  }

  private void createFrom(String template, int desired) {
    groups.createAutoScalingGroup(request -> request
        .autoScalingGroupName(template)
        .launchTemplate(specification -> specification.launchTemplateName(template))
        .availabilityZones("us-west-2a", "us-west-2b")
        .minSize(1)
        .maxSize(4)
        .desiredCapacity(desired));
  }

  private void setDesired(String name, int desired) {
    groups.setDesiredCapacity(
        request -> request.autoScalingGroupName(name).desiredCapacity(desired));
  }

  private List<LifecycleState> states(String name) {
    return describe(name).instances().stream().map(Instance::lifecycleState).toList();
  }

  private AutoScalingGroup describe(String name) {
    return groups
        .describeAutoScalingGroups(request -> request.autoScalingGroupNames(name))
        .autoScalingGroups()
        .get(0);
  }
}
