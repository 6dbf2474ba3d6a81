package io.drkit.aws.autoscaling;

import static io.drkit.aws.Crossing.EAST;
import static io.drkit.aws.Crossing.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.aws.AwsClients;
import io.drkit.aws.Crossing;
import io.drkit.aws.Emulated;
import io.drkit.aws.FaultyHttp;
import io.drkit.aws.RecordedHttp;
import io.drkit.aws.RecordedHttp.Answer;
import io.drkit.testkit.FakeContext;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.ec2.Ec2Client;

@WithAwsEmulator
class AutoScalingGroupsTest {
  private static final PerSite<String> WEB =
      PerSite.at(EAST, "orders-web-east").and(WEST, "orders-web-west");

  private final AwsEmulator emulator;
  private final AutoScalingClient east;
  private final AutoScalingClient west;
  private final AwsClients clients;
  private final FailoverAction six;
  private final FailoverAction stopped;

  AutoScalingGroupsTest(AwsEmulator emulator) {
    this.emulator = emulator;
    east = emulator.client(AutoScalingClient.builder(), "us-east-1");
    west = emulator.client(AutoScalingClient.builder(), "us-west-2");
    clients = Emulated.clients(emulator, new FaultyHttp());
    six = AutoScalingGroups.of(clients).capacity(WEB, 6);
    stopped = AutoScalingGroups.of(clients).stopped(WEB);
  }

  @BeforeEach
  void makeTheGroups() {
    emulator.reset();
    makeGroup(east, "us-east-1", "orders-web-east", 1, 4, 2);
    makeGroup(west, "us-west-2", "orders-web-west", 1, 4, 1);
  }

  private void makeGroup(
      AutoScalingClient autoScaling, String region, String name, int min, int max, int desired) {
    try (Ec2Client ec2 = emulator.client(Ec2Client.builder(), region)) {
      String image =
          ec2.describeImages(images -> images.owners("amazon")).images().get(0).imageId();
      autoScaling.createLaunchConfiguration(
          launch -> launch.launchConfigurationName(name).imageId(image).instanceType("t3.micro"));
    }
    autoScaling.createAutoScalingGroup(group -> group
        .autoScalingGroupName(name)
        .launchConfigurationName(name)
        .availabilityZones(region + "a", region + "b")
        .minSize(min)
        .maxSize(max)
        .desiredCapacity(desired));
  }

  @AfterEach
  void closeClients() {
    clients.close();
    east.close();
    west.close();
  }

  private static AutoScalingGroup group(AutoScalingClient autoScaling) {
    return autoScaling.describeAutoScalingGroups().autoScalingGroups().get(0);
  }

  @Test
  void aGroupIsScaledUpAndItsLimitsWithIt() throws Exception {
    emulator.lose("us-east-1");
    FakeContext failover = Crossing.westward("run-1").lost(EAST);

    Progress before = six.observe(failover);
    Evidence evidence = failover.bringAbout(six);

    assertThat(((Progress.Pending) before).before().facts())
        .containsEntry("minimum", "1")
        .containsEntry("maximum", "4")
        .containsEntry("desired", "1");
    assertThat(group(west).minSize()).isEqualTo(6);
    assertThat(group(west).maxSize()).isEqualTo(6);
    assertThat(evidence.facts().get("inService").split(", ", -1)).hasSize(6);
    assertThat(failover.called()).containsOnly(Need.control("autoscaling", WEST));
    assertThat(six.needs(failover.direction())).containsExactly(Need.control("autoscaling", WEST));
  }

  @Test
  void theSizesFromBeforeArePutBackInEitherSite() throws Exception {
    FakeContext context = Crossing.westward("run-1");
    for (FailoverAction action : List.of(six, stopped)) {
      Evidence before = ((Progress.Pending) action.observe(context)).before();
      context.bringAbout(action);

      FailoverAction back = action.undo(before).orElseThrow();
      assertThat(back.observe(context)).isInstanceOf(Progress.Pending.class);
      context.bringAbout(back);
    }

    assertThat(group(west)).satisfies(group -> {
      assertThat(group.minSize()).isEqualTo(1);
      assertThat(group.maxSize()).isEqualTo(4);
      assertThat(group.desiredCapacity()).isEqualTo(1);
    });
    assertThat(group(east)).satisfies(group -> {
      assertThat(group.minSize()).isEqualTo(1);
      assertThat(group.maxSize()).isEqualTo(4);
      assertThat(group.desiredCapacity()).isEqualTo(2);
    });
  }

  @Test
  void sizesThatNobodyWroteDownAreNotPutBack() {
    assertThat(six.undo(Evidence.none())).isEmpty();
    assertThat(six.undo(Evidence.of("minimum", "1").and("maximum", "2"))).isEmpty();
    assertThat(six.undo(Evidence.of("minimum", "1"))).isEmpty();
  }

  @Test
  void aGroupThatIsLargerStaysAsItIs() throws Exception {
    FakeContext context = Crossing.westward("run-1");
    context.bringAbout(six);

    context.bringAbout(AutoScalingGroups.of(clients).capacity(WEB, 2));

    assertThat(group(west).desiredCapacity()).isEqualTo(6);
    assertThat(group(west).minSize()).isEqualTo(6);
  }

  @Test
  void aGroupThatMayNotLaunchIsBlocked() throws Exception {
    west.suspendProcesses(
        suspend -> suspend.autoScalingGroupName("orders-web-west").scalingProcesses("Launch"));
    FakeContext context = Crossing.westward("run-1");
    context.apply(six);

    assertThat(six.observe(context))
        .isEqualTo(Progress.blocked("group orders-web-west in us-west-2 launches nothing: its"
            + " process Launch is suspended; resume it"));
  }

  @Test
  void aStoppedGroupHasNoInstanceAndNoRoomForOne() throws Exception {
    FakeContext context = Crossing.westward("run-1");

    Progress before = stopped.observe(context);
    Evidence evidence = context.bringAbout(stopped);

    assertThat(((Progress.Pending) before).before().facts()).containsEntry("maximum", "4");
    assertThat(group(east).instances()).isEmpty();
    assertThat(group(east).maxSize()).isZero();
    assertThat(evidence.facts()).containsEntry("instances", "none");
    assertThat(group(west).desiredCapacity()).isEqualTo(1);
    assertThat(context.called()).containsOnly(Need.control("autoscaling", EAST));
    assertThat(stopped.needs(context.direction()))
        .containsExactly(Need.control("autoscaling", EAST));
  }

  private static Progress stopSeenIn(String instances, String suspended) throws Exception {
    RecordedHttp http = new RecordedHttp(request -> Answer.of(
        200,
        "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups>"
            + "<member><AutoScalingGroupName>orders-web-east</AutoScalingGroupName>"
            + "<MinSize>0</MinSize><MaxSize>0</MaxSize><DesiredCapacity>0</DesiredCapacity>"
            + "<Instances>" + instances + "</Instances><SuspendedProcesses>" + suspended
            + "</SuspendedProcesses></member></AutoScalingGroups>"
            + "</DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>"));
    try (AwsClients recorded = Emulated.clients(http)) {
      return AutoScalingGroups.of(recorded).stopped(WEB).observe(Crossing.westward("run-1"));
    }
  }

  private static String instance(String id, String state, boolean isProtected) {
    return "<member><InstanceId>" + id + "</InstanceId><LifecycleState>" + state
        + "</LifecycleState><HealthStatus>Healthy</HealthStatus><ProtectedFromScaleIn>"
        + isProtected + "</ProtectedFromScaleIn></member>";
  }

  @Test
  void anInstanceThatIsStillThereProvesNothing() throws Exception {
    assertThat(stopSeenIn(
            instance("i-2", "Terminating:Wait", false) + instance("i-1", "InService", true), ""))
        .isEqualTo(Progress.underway("2 instances are being terminated: i-1, i-2"));
    assertThat(stopSeenIn("", "").kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void whatKeepsInstancesFromBeingTerminatedIsNamed() throws Exception {
    assertThat(stopSeenIn(instance("i-1", "InService", true), ""))
        .isEqualTo(Progress.blocked("group orders-web-east in us-east-1 keeps i-1: they are"
            + " protected from scale-in; remove the protection"));
    assertThat(stopSeenIn(
            instance("i-1", "InService", false),
            "<member><ProcessName>Terminate</ProcessName></member>"))
        .isEqualTo(Progress.blocked("group orders-web-east in us-east-1 keeps i-1: its process"
            + " Terminate is suspended; resume it"));
  }

  @Test
  void aGroupThatIsNotThereProvesNothing() throws Exception {
    FailoverAction misspelt =
        AutoScalingGroups.of(clients).stopped(PerSite.everywhere("orders-wob"));

    assertThat(misspelt.observe(Crossing.westward("run-1")))
        .isEqualTo(Progress.blocked("there is no Auto Scaling group orders-wob in us-east-1, so"
            + " nothing proves that its writers are gone; check the name"));
  }

  @Test
  void theFenceOfALostSiteIsRefusedByName() {
    assertThatThrownBy(() -> stopped.observe(Crossing.westward("run-1").lost(EAST)))
        .isInstanceOfSatisfying(
            EndpointUnavailableException.class,
            refusal -> assertThat(refusal.siteDeclaredLost()).isTrue());
  }

  @Test
  void aCapacityOfNoneIsRefusedWhenThePlanIsWritten() {
    assertThatThrownBy(() -> AutoScalingGroups.of(clients).capacity(WEB, 0))
        .hasMessage("a group's capacity must be 1 or more: 0; use stopped(...) for none");
  }
}
