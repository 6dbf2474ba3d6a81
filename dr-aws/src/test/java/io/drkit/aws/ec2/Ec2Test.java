package io.drkit.aws.ec2;

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
import io.drkit.Rehearsal;
import io.drkit.Repeatability;
import io.drkit.aws.AwsClients;
import io.drkit.aws.Crossing;
import io.drkit.aws.Emulated;
import io.drkit.aws.FaultyHttp;
import io.drkit.testkit.FakeContext;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceAttributeName;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

@WithAwsEmulator
class Ec2Test {
  private final AwsEmulator emulator;
  private final Ec2Client east;
  private final Ec2Client west;
  private final FaultyHttp http = new FaultyHttp();
  private final AwsClients clients;

  Ec2Test(AwsEmulator emulator) {
    this.emulator = emulator;
    east = emulator.client(Ec2Client.builder(), "us-east-1");
    west = emulator.client(Ec2Client.builder(), "us-west-2");
    clients = Emulated.clients(emulator, http);
  }

  @BeforeEach
  void buildTheImage() {
    emulator.reset();
    String base =
        east.describeImages(images -> images.owners("amazon")).images().get(0).imageId();
    String builder = east.runInstances(
            run -> run.imageId(base).instanceType("t3.micro").minCount(1).maxCount(1))
        .instances()
        .get(0)
        .instanceId();
    String image = east.createImage(create -> create.instanceId(builder).name("orders-web"))
        .imageId();
    while (east.describeImages(images -> images.imageIds(image)).images().get(0).state()
        != ImageState.AVAILABLE) {
      // The emulator shows each state on the way to the next look.
    }
  }

  @AfterEach
  void closeClients() {
    clients.close();
    east.close();
    west.close();
  }

  private List<Instance> live() {
    return west.describeInstances().reservations().stream()
        .flatMap(each -> each.instances().stream())
        .filter(each -> each.state().name() == InstanceStateName.RUNNING
            || each.state().name() == InstanceStateName.PENDING)
        .toList();
  }

  private void copyTheImage() throws Exception {
    Crossing.westward("prepare").bringAbout(Ec2Images.of(clients).copied("orders-web"));
  }

  private Ec2Instances four() {
    return Ec2Instances.running(clients, "orders-web", "t3.micro", 4);
  }

  @Test
  void anImageIsCopiedOnce() throws Exception {
    FakeContext context = Crossing.westward("run-1");

    Evidence evidence = context.bringAbout(Ec2Images.of(clients).copied("orders-web"));
    Crossing.westward("run-2").bringAbout(Ec2Images.of(clients).copied("orders-web"));

    assertThat(west.describeImages(images -> images.owners("self")).images())
        .singleElement()
        .satisfies(image -> {
          assertThat(image.name()).isEqualTo("orders-web");
          assertThat(evidence.facts()).containsEntry("image", image.imageId());
        });
    assertThat(context.called()).contains(Need.control("ec2", EAST), Need.control("ec2", WEST));
  }

  @Test
  void anImageThatIsNowhereCannotBeCopied() {
    assertThatThrownBy(() ->
            Crossing.westward("run-1").bringAbout(Ec2Images.of(clients).copied("invoices-web")))
        .hasMessage("copy image invoices-web failed: there is no usable own image of that name in"
            + " us-east-1; build it there first");
  }

  @Test
  void instancesOfTheOwnImageAreLaunchedInTheRecoveryRegionAlone() throws Exception {
    copyTheImage();
    emulator.lose("us-east-1");
    FakeContext failover = Crossing.westward("run-1").lost(EAST);

    Evidence evidence = failover.bringAbout(four().userData("#!/bin/sh\necho \"I am the web\""));

    List<Instance> live = live();
    String image =
        west.describeImages(images -> images.owners("self")).images().get(0).imageId();
    assertThat(live).hasSize(4).allSatisfy(instance -> {
      assertThat(instance.imageId()).isEqualTo(image);
      assertThat(evidence.facts().get("instances")).contains(instance.instanceId());
    });
    String script = west.describeInstanceAttribute(attribute -> attribute
            .instanceId(live.get(0).instanceId())
            .attribute(InstanceAttributeName.USER_DATA))
        .userData()
        .value();
    assertThat(new String(Base64.getDecoder().decode(script), StandardCharsets.UTF_8))
        .isEqualTo("#!/bin/sh\necho \"I am the web\"");
    assertThat(failover.called()).containsOnly(Need.control("ec2", WEST));
    assertThat(four().needs(failover.direction())).containsExactly(Need.control("ec2", WEST));
  }

  @Test
  void aSecondRunFindsThemAgain() throws Exception {
    copyTheImage();
    Crossing.westward("run-1").bringAbout(four());

    assertThat(four().observe(Crossing.westward("run-2")).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void onlyThoseThatAreMissingAreLaunched() throws Exception {
    copyTheImage();
    FakeContext context = Crossing.westward("run-1");
    context.bringAbout(four());
    List<String> before = live().stream().map(Instance::instanceId).toList();
    west.terminateInstances(terminate -> terminate.instanceIds(before.get(0)));
    west.stopInstances(stop -> stop.instanceIds(before.get(1)));

    Progress seen = four().observe(context);
    context.nextGeneration();
    context.bringAbout(four());

    assertThat(seen.detail()).isEqualTo("2 of 4 instances run");
    assertThat(live()).hasSize(4).extracting(Instance::instanceId).contains(before.get(2));
  }

  @Test
  void anAnswerThatIsLostDoesNotMakeASecondSet() throws Exception {
    copyTheImage();
    AtomicInteger posts = new AtomicInteger();
    FakeContext context = Crossing.westward("run-1");
    // The launch is the third request: the instances and the image are looked at before it.
    http.loseAnswerOf(request -> isPost(request) && posts.incrementAndGet() == 3);
    context.apply(four());
    assertThat(posts).as("the SDK sent the launch again").hasValue(3);

    assertThat(live()).hasSize(4);
    context.apply(four());
    assertThat(context.bringAbout(four()).facts()).doesNotContainKey("moreThanWanted");
    assertThat(live()).hasSize(4);
  }

  @Test
  void instancesThatCannotBeSeenYetAreNotLaunchedAgain() throws Exception {
    copyTheImage();
    FakeContext context = Crossing.westward("run-1");
    context.apply(four());
    http.answerFromThePast(
        "DescribeInstances",
        "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>",
        2);

    assertThat(four().observe(context).detail()).isEqualTo("0 of 4 instances run");
    context.apply(four());

    assertThat(live()).hasSize(4);
  }

  private static boolean isPost(SdkHttpRequest request) {
    return request.method().name().equals("POST");
  }

  @Test
  void moreThanWantedIsReportedAndNotTerminated() throws Exception {
    copyTheImage();
    Crossing.westward("run-1").bringAbout(four());

    Evidence evidence = Crossing.westward("run-2")
        .bringAbout(Ec2Instances.running(clients, "orders-web", "t3.micro", 3));

    assertThat(evidence.facts()).containsEntry("moreThanWanted", "1");
    assertThat(live()).hasSize(4);
  }

  @Test
  void subnetAndSecurityGroupsAreThoseOfTheSite() throws Exception {
    copyTheImage();
    String subnet = west.describeSubnets().subnets().get(1).subnetId();
    String group = west.describeSecurityGroups().securityGroups().get(0).groupId();

    Crossing.westward("run-1")
        .bringAbout(Ec2Instances.running(clients, "orders-web", "t3.micro", 1)
            .subnet(PerSite.at(WEST, subnet))
            .securityGroups(PerSite.at(WEST, List.of(group))));

    assertThat(live()).singleElement().satisfies(instance -> {
      assertThat(instance.subnetId()).isEqualTo(subnet);
      assertThat(instance.securityGroups().get(0).groupId()).isEqualTo(group);
    });
  }

  @Test
  void withoutItsImageNothingIsLaunched() {
    assertThatThrownBy(() -> Crossing.westward("run-1").bringAbout(four()))
        .hasMessage("launch orders-web failed: there is no usable own image of that name in"
            + " us-west-2; copy it there before the disaster, with Ec2Images");
    assertThat(live()).isEmpty();
  }

  @Test
  void aLostRecoveryRegionDoesNotAnswer() {
    emulator.lose("us-west-2");

    assertThatThrownBy(() -> four().observe(Crossing.westward("run-1")))
        .isInstanceOf(EndpointUnavailableException.class);
  }

  @Test
  void whatIsWantedIsSaidInOneLine() {
    assertThat(four().describe()).isEqualTo("4 instances of orders-web (t3.micro) run");
    assertThat(Ec2Instances.running(clients, "orders-web", "t3.micro", 1).describe())
        .isEqualTo("1 instance of orders-web (t3.micro) runs");
    assertThat(four().repeatability()).isEqualTo(Repeatability.observed(Duration.ofSeconds(60)));
    assertThatThrownBy(() -> Ec2Instances.running(clients, "orders-web", "t3.micro", 0))
        .hasMessage("count must be 1 or more: 0");
  }

  private Rehearsal trial() {
    String isolated = west.describeSubnets().subnets().get(1).subnetId();
    return four().rehearsedIn(PerSite.at(WEST, isolated)).rehearsal().orElseThrow();
  }

  @Test
  void aRehearsalLaunchesOneInstanceApartAndLeavesProductionAlone() throws Exception {
    copyTheImage();
    Crossing.westward("run-1").step("launch").bringAbout(four());
    List<String> production = live().stream().map(Instance::instanceId).toList();

    Crossing.westward("run-2").step("rehearse launch").bringAbout(trial().action());

    assertThat(live()).hasSize(5);
    assertThat(live())
        .filteredOn(instance -> !production.contains(instance.instanceId()))
        .singleElement()
        .satisfies(instance -> {
          assertThat(instance.subnetId())
              .isEqualTo(west.describeSubnets().subnets().get(1).subnetId());
          assertThat(instance.iamInstanceProfile()).isNull();
        });
    FakeContext later = Crossing.westward("run-3").step("clean up launch");
    later.apply(trial().cleanUp());
    later.clockAhead(Duration.ofSeconds(61));
    later.bringAbout(trial().cleanUp());
    assertThat(live())
        .extracting(Instance::instanceId)
        .containsExactlyInAnyOrderElementsOf(production);
  }

  @Test
  void aCleanUpIsDoneOnlyWhenALaunchWhoseAnswerWasLostMustHaveShown() throws Exception {
    FakeContext context = Crossing.westward("run-1");
    FailoverAction cleanUp = trial().cleanUp();

    assertThat(cleanUp.observe(context).kind()).isEqualTo(Progress.Kind.PENDING);
    context.apply(cleanUp);
    assertThat(cleanUp.observe(context).kind()).isEqualTo(Progress.Kind.UNDERWAY);
    context.clockAhead(Duration.ofSeconds(61));
    assertThat(cleanUp.observe(context).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void withoutASubnetForItNothingIsRehearsed() {
    assertThat(four().rehearsal()).isEmpty();
  }
}
