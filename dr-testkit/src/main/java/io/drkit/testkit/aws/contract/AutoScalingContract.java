package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AlreadyExistsException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsRequest;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsResponse;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;
import software.amazon.awssdk.services.autoscaling.model.ResourceInUseException;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** What Auto Scaling does with groups, as far as a recovery sizes them. */
public abstract class AutoScalingContract extends AwsContract {
  private final AutoScalingClient groups;
  private final Ec2Client ec2;

  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected AutoScalingContract(AwsUnderTest aws) {
    super(aws);
    groups = aws.client(AutoScalingClient.class, "us-west-2");
    ec2 = aws.client(Ec2Client.class, "us-west-2");
  }

  /** A group's instances are pending before they are in service, and are instances of EC2. */
  @Test
  public void instancesArePendingBeforeTheyAreInService() {
    create("starting", 2);

    AutoScalingGroup begun =
        soon(() -> group("starting"), group -> group.instances().size() == 2);
    assertThat(begun.instances())
        .extracting(Instance::lifecycleState)
        .containsOnly(LifecycleState.PENDING);
    AutoScalingGroup serving = soon(() -> group("starting"), serving(2));
    assertThat(serving.instances()).allSatisfy(instance -> {
      assertThat(instance.healthStatus()).isEqualToIgnoringCase("Healthy");
      assertThat(state(instance.instanceId())).isEqualTo(InstanceStateName.RUNNING);
    });
  }

  /** Instances are spread evenly over the group's zones. */
  @Test
  public void instancesAreSpreadOverTheZones() {
    create("spread", 4);

    assertThat(soon(() -> group("spread"), serving(4)).instances())
        .extracting(Instance::availabilityZone)
        .containsExactlyInAnyOrder("us-west-2a", "us-west-2a", "us-west-2b", "us-west-2b");
  }

  /** A group without a wanted number has its minimum, and is what the request said. */
  @Test
  public void aGroupIsWhatTheRequestSaid() {
    configure("said");
    groups.createAutoScalingGroup(request -> request
        .autoScalingGroupName("said")
        .launchConfigurationName("said")
        .availabilityZones("us-west-2c")
        .minSize(1)
        .maxSize(3));

    AutoScalingGroup said = group("said");
    assertThat(said.minSize()).isEqualTo(1);
    assertThat(said.maxSize()).isEqualTo(3);
    assertThat(said.desiredCapacity()).isEqualTo(1);
    assertThat(said.availabilityZones()).containsExactly("us-west-2c");
    assertThat(said.launchConfigurationName()).isEqualTo("said");
    assertThat(said.suspendedProcesses()).isEmpty();
  }

  /** A group launches from a launch template as well. */
  @Test
  public void aGroupLaunchesFromATemplate() {
    String image = publicImage();
    ec2.createLaunchTemplate(request -> request
        .launchTemplateName("template")
        .launchTemplateData(data -> data.imageId(image).instanceType("t3.micro")));
    groups.createAutoScalingGroup(request -> request
        .autoScalingGroupName("templated")
        .launchTemplate(template -> template.launchTemplateName("template"))
        .availabilityZones("us-west-2a")
        .minSize(1)
        .maxSize(1));

    AutoScalingGroup serving = soon(() -> group("templated"), serving(1));

    assertThat(serving.launchTemplate().launchTemplateName()).isEqualTo("template");
    assertThat(serving.instances().get(0).instanceType()).isEqualTo("t3.micro");
  }

  /** A capacity between the bounds is set, and the group goes there, up and down. */
  @Test
  public void aGroupGoesToItsDesiredCapacity() {
    create("sized", 2);
    soon(() -> group("sized"), serving(2));

    setDesired("sized", 4);
    AutoScalingGroup four = soon(() -> group("sized"), serving(4));
    setDesired("sized", 1);
    AutoScalingGroup one = soon(() -> group("sized"), serving(1));

    assertThat(ids(four)).containsAll(ids(one));
    assertThat(one.desiredCapacity()).isEqualTo(1);
  }

  /** A group with no room for instances terminates all that it has. */
  @Test
  public void aGroupOfNoneTerminatesWhatItHas() {
    create("stopped", 2);
    List<String> before = ids(soon(() -> group("stopped"), serving(2)));

    groups.updateAutoScalingGroup(request ->
        request.autoScalingGroupName("stopped").minSize(0).maxSize(0).desiredCapacity(0));

    soon(() -> group("stopped"), group -> group.instances().isEmpty());
    assertThat(before)
        .allSatisfy(id -> assertThat(soon(() -> state(id), InstanceStateName.TERMINATED::equals))
            .isNotNull());
  }

  /** A desired capacity beyond the bounds is refused, and nothing is changed. */
  @Test
  public void aDesiredCapacityBeyondTheBoundsIsRefused() {
    create("bounded", 2);

    assertInvalid(() -> setDesired("bounded", 5))
        .hasMessageContaining(
            "New SetDesiredCapacity value 5 is above max value 4 for the AutoScalingGroup.");
    assertInvalid(() -> setDesired("bounded", 0))
        .hasMessageContaining("New SetDesiredCapacity value 0 is below min value 1");
    assertInvalid(() -> groups.updateAutoScalingGroup(request ->
            request.autoScalingGroupName("bounded").minSize(2).maxSize(3).desiredCapacity(4)))
        .hasMessageContaining(
            "Desired capacity:4 must be between the specified min size:2 and max size:3");
    assertInvalid(() -> groups.updateAutoScalingGroup(
            request -> request.autoScalingGroupName("bounded").minSize(5)))
        .hasMessageContaining("Max bound, 4, must be greater than or equal to min bound, 5");
    assertInvalid(() -> create("never", 9));
    assertThat(group("bounded").desiredCapacity()).isEqualTo(2);
    assertThat(group("bounded").minSize()).isEqualTo(1);
    assertThat(group("bounded").maxSize()).isEqualTo(4);
  }

  /** New bounds pull the desired capacity along if the request does not name it. */
  @Test
  public void newBoundsPullTheDesiredCapacityAlong() {
    create("pulled", 2);

    groups.updateAutoScalingGroup(
        request -> request.autoScalingGroupName("pulled").minSize(3));
    assertThat(group("pulled").desiredCapacity()).isEqualTo(3);

    groups.updateAutoScalingGroup(
        request -> request.autoScalingGroupName("pulled").minSize(0).maxSize(1));
    assertThat(group("pulled").desiredCapacity()).isEqualTo(1);
  }

  /** A group that is not there is not described, which is no error, and cannot be changed, which is one. */
  @Test
  public void aGroupThatIsNotThereIsSaidNotToBe() {
    assertThat(groups
            .describeAutoScalingGroups(request -> request.autoScalingGroupNames("nobody"))
            .autoScalingGroups())
        .isEmpty();
    assertInvalid(() -> setDesired("nobody", 1)).hasMessageContaining("name not found");
    assertInvalid(() -> groups.updateAutoScalingGroup(
        request -> request.autoScalingGroupName("nobody").minSize(1)));
  }

  /** A name is taken once in a region. */
  @Test
  public void aGroupIsNotCreatedTwice() {
    create("twice", 1);

    assertThatThrownBy(() -> createFrom("twice", "twice", 1))
        .isInstanceOf(AlreadyExistsException.class);
    assertThat(client(AutoScalingClient.class, "us-east-1")
            .describeAutoScalingGroups(request -> request.autoScalingGroupNames("twice"))
            .autoScalingGroups())
        .isEmpty();
  }

  /** The launch configuration must be there. */
  @Test
  public void aGroupOfNoConfigurationIsNotCreated() {
    assertInvalid(() -> createFrom("nothing", "no-configuration", 1));
  }

  /** The image of the launch template must be there. */
  @Test
  public void aGroupOfNoImageIsNotCreated() {
    ec2.createLaunchTemplate(request -> request
        .launchTemplateName("imageless")
        .launchTemplateData(
            data -> data.imageId("ami-0123456789abcdef0").instanceType("t3.micro")));
    assertInvalid(() -> groups.createAutoScalingGroup(request -> request
            .autoScalingGroupName("imageless")
            .launchTemplate(template -> template.launchTemplateName("imageless"))
            .availabilityZones("us-west-2a")
            .minSize(1)
            .maxSize(1)))
        .hasMessageContaining("ami-0123456789abcdef0");
  }

  /** A group that has instances is deleted by force only, and takes them along. */
  @Test
  public void aGroupThatHasInstancesIsDeletedByForceOnly() {
    create("kept", 1);
    String instance = ids(soon(() -> group("kept"), serving(1))).get(0);

    assertThatThrownBy(
            () -> groups.deleteAutoScalingGroup(request -> request.autoScalingGroupName("kept")))
        .isInstanceOf(ResourceInUseException.class);
    groups.deleteAutoScalingGroup(
        request -> request.autoScalingGroupName("kept").forceDelete(true));

    soon(
        () -> groups
            .describeAutoScalingGroups(request -> request.autoScalingGroupNames("kept"))
            .autoScalingGroups(),
        List::isEmpty);
    soon(() -> state(instance), InstanceStateName.TERMINATED::equals);
  }

  /** A page holds no more than was asked for, and all pages together hold each group once. */
  @Test
  public void groupsComeInPages() {
    configure("paged");
    for (int i = 1; i <= 3; i++) {
      createFrom("paged-" + i, "paged", 1);
    }

    DescribeAutoScalingGroupsRequest request = DescribeAutoScalingGroupsRequest.builder()
        .autoScalingGroupNames("paged-1", "paged-2", "paged-3")
        .maxRecords(2)
        .build();

    DescribeAutoScalingGroupsResponse first = groups.describeAutoScalingGroups(request);
    DescribeAutoScalingGroupsResponse second = groups.describeAutoScalingGroups(
        request.toBuilder().nextToken(first.nextToken()).build());

    assertThat(first.autoScalingGroups()).hasSize(2);
    assertThat(second.nextToken()).isNullOrEmpty();
    List<AutoScalingGroup> both = new ArrayList<>(first.autoScalingGroups());
    both.addAll(second.autoScalingGroups());
    assertThat(both)
        .extracting(AutoScalingGroup::autoScalingGroupName)
        .containsExactlyInAnyOrder("paged-1", "paged-2", "paged-3");
  }

  /** A group whose launches are suspended says so and launches nothing until they are resumed. */
  @Test
  public void aSuspendedGroupLaunchesNothing() {
    create("suspended", 1);
    soon(() -> group("suspended"), serving(1));

    groups.suspendProcesses(
        request -> request.autoScalingGroupName("suspended").scalingProcesses("Launch"));
    setDesired("suspended", 2);
    AutoScalingGroup held = soon(() -> group("suspended"), group -> group.desiredCapacity() == 2);
    groups.resumeProcesses(
        request -> request.autoScalingGroupName("suspended").scalingProcesses("Launch"));

    assertThat(held.suspendedProcesses())
        .extracting(SuspendedProcess::processName)
        .containsExactly("Launch");
    assertThat(held.instances()).hasSize(1);
    soon(() -> group("suspended"), serving(2));
  }

  /** What is protected from scale-in stays when the group shrinks. */
  @Test
  public void whatIsProtectedStaysWhenTheGroupShrinks() {
    create("guarded", 2);
    String guarded = ids(soon(() -> group("guarded"), serving(2))).get(0);

    groups.setInstanceProtection(request ->
        request.autoScalingGroupName("guarded").instanceIds(guarded).protectedFromScaleIn(true));
    setDesired("guarded", 1);

    AutoScalingGroup left = soon(() -> group("guarded"), serving(1));
    assertThat(ids(left)).containsExactly(guarded);
    assertThat(left.instances().get(0).protectedFromScaleIn()).isTrue();
  }

  /** An instance that somebody terminates is replaced. */
  @Test
  public void whatIsTerminatedIsReplaced() {
    create("replaced", 2);
    String gone = ids(soon(() -> group("replaced"), serving(2))).get(0);

    ec2.terminateInstances(request -> request.instanceIds(gone));

    AutoScalingGroup whole =
        soon(() -> group("replaced"), serving(2).and(group -> !ids(group).contains(gone)));
    assertThat(whole.desiredCapacity()).isEqualTo(2);
  }

  private void create(String name, int desired) {
    configure(name);
    createFrom(name, name, desired);
  }

  private void configure(String name) {
    String image = publicImage();
    groups.createLaunchConfiguration(
        request -> request.launchConfigurationName(name).imageId(image).instanceType("t3.micro"));
  }

  private String publicImage() {
    return ec2.describeImages(request -> request.owners("amazon"))
        .images()
        .get(0)
        .imageId();
  }

  private void createFrom(String name, String configuration, int desired) {
    groups.createAutoScalingGroup(request -> request
        .autoScalingGroupName(name)
        .launchConfigurationName(configuration)
        .availabilityZones("us-west-2a", "us-west-2b")
        .minSize(1)
        .maxSize(4)
        .desiredCapacity(desired));
  }

  private void setDesired(String name, int desired) {
    groups.setDesiredCapacity(
        request -> request.autoScalingGroupName(name).desiredCapacity(desired));
  }

  private AutoScalingGroup group(String name) {
    return groups
        .describeAutoScalingGroups(request -> request.autoScalingGroupNames(name))
        .autoScalingGroups()
        .get(0);
  }

  private InstanceStateName state(String instance) {
    return ec2.describeInstances(request -> request.instanceIds(instance))
        .reservations()
        .get(0)
        .instances()
        .get(0)
        .state()
        .name();
  }

  private static Predicate<AutoScalingGroup> serving(int count) {
    return group -> group.instances().size() == count
        && group.instances().stream()
            .allMatch(instance -> instance.lifecycleState() == LifecycleState.IN_SERVICE);
  }

  private static List<String> ids(AutoScalingGroup group) {
    return group.instances().stream().map(Instance::instanceId).toList();
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertInvalid(
      ThrowingCallable request) {
    return assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            AutoScalingException.class,
            refused ->
                assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ValidationError"));
  }
}
