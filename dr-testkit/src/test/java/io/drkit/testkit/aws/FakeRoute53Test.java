package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.aws.contract.Route53Contract;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.InvalidChangeBatchException;
import software.amazon.awssdk.services.route53.model.InvalidDomainNameException;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.route53.model.Route53Exception;

class FakeRoute53Test extends Route53Contract {
  private final FakeCloud cloud = FakeCloud.builder().build();
  private final Route53Client dns = cloud.client(Route53Client.class, "us-west-2");

  FakeRoute53Test() {
    super(new OnFake());
  }

  @Test
  void everyRegionSeesTheSameZones() {
    String zone = zone();

    assertThat(cloud
            .client(Route53Client.class, "us-east-1")
            .listHostedZonesByName(list -> list.dnsName("example.com"))
            .hostedZones())
        .singleElement()
        .satisfies(found -> assertThat(found.id()).isEqualTo(zone));
  }

  @Test
  void withoutTheHomeOfItsControlPlaneNothingIsChangedOrRead() {
    String zone = zone();
    cloud.strike(Disaster.loss(Site.region("us-east-1")));

    assertThatThrownBy(() -> put(zone, "east", 100)).isInstanceOf(SdkClientException.class);
    assertThatThrownBy(() -> dns.listResourceRecordSets(list -> list.hostedZoneId(zone)))
        .isInstanceOf(SdkClientException.class);

    cloud.heal(Site.region("us-east-1"));

    assertThat(dns.listResourceRecordSets(list -> list.hostedZoneId(zone)).resourceRecordSets())
        .hasSize(2);
  }

  @Test
  void theLossOfAnotherRegionTakesNothingAway() {
    String zone = zone();
    cloud.strike(Disaster.loss(Site.region("us-west-2")));

    put(zone, "east", 100);

    assertThat(dns.listResourceRecordSets(list -> list.hostedZoneId(zone)).resourceRecordSets())
        .hasSize(3);
  }

  @Test
  void serversAnswerWithWhatWasThereUntilAChangeHasSpread() {
    String zone = zone();
    put(zone, "east", 100);
    cloud.time().advance(Duration.ofMinutes(1));
    put(zone, "east", 0);
    put(zone, "west", 100);

    assertThat(answer(zone)).containsExactly("192.0.2.101");
    cloud.time().advance(Duration.ofMinutes(1));
    assertThat(answer(zone)).containsExactly("192.0.2.119");
  }

  @Test
  void serversPartUsersByWeight() {
    String zone = zone();
    put(zone, "east", 75);
    put(zone, "west", 25);
    cloud.time().advance(Duration.ofMinutes(1));

    List<String> answers =
        IntStream.range(0, 400).mapToObj(unused -> answer(zone).get(0)).toList();

    assertThat(answers.stream().filter("192.0.2.101"::equals).count()).isBetween(260L, 340L);
    assertThat(answers).containsOnly("192.0.2.101", "192.0.2.119");
  }

  @Test
  void ifAllWeightsAreZeroEachRecordIsGivenOut() {
    String zone = zone();
    put(zone, "east", 0);
    put(zone, "west", 0);
    cloud.time().advance(Duration.ofMinutes(1));

    assertThat(IntStream.range(0, 40).mapToObj(unused -> answer(zone).get(0)))
        .contains("192.0.2.101", "192.0.2.119");
  }

  @Test
  void aStarAnswersForNamesThatHaveNoRecord() {
    String zone = zone();
    change(zone, record("*.example.com", "192.0.2.7"));
    cloud.time().advance(Duration.ofMinutes(1));

    assertThat(answer(zone)).containsExactly("192.0.2.7");
  }

  @Test
  void itsHomeNeedNotBeARegionOfTheCloud() {
    FakeCloud elsewhere =
        FakeCloud.builder().region("eu-west-1").region("us-west-2").build();
    elsewhere
        .client(Route53Client.class, "us-east-1")
        .createHostedZone(asked -> asked.name("example.com").callerReference("1"));

    assertThat(elsewhere
            .client(Route53Client.class, "eu-west-1")
            .listHostedZonesByName()
            .hostedZones())
        .hasSize(1);
    assertThatThrownBy(() -> elsewhere.client(Ec2Client.class, "us-east-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("this cloud has no site us-east-1, only [eu-west-1, us-west-2]");
    assertThatThrownBy(() -> elsewhere.client(Route53Client.class, "us-west-1"))
        .hasMessageStartingWith("this cloud has no site us-west-1");
  }

  @Test
  void aCnameHasOneValue() {
    String zone = zone();
    ResourceRecordSet two = ResourceRecordSet.builder()
        .name("www.example.com")
        .type(RRType.CNAME)
        .ttl(60L)
        .resourceRecords(
            ResourceRecord.builder().value("east.example.com").build(),
            ResourceRecord.builder().value("west.example.com").build())
        .build();

    assertThatThrownBy(() -> change(zone, two))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("www.example.com");
    change(zone, two.toBuilder().resourceRecords(two.resourceRecords().get(0)).build());
  }

  @Test
  void aNameHasLabelsThatAreNeitherEmptyNorTooLong() {
    String zone = zone();

    for (String name : List.of(
        "a..example.com", "a".repeat(64) + ".example.com", "a.".repeat(130) + "example.com")) {
      assertThatThrownBy(() -> change(zone, record(name, "192.0.2.7")))
          .isInstanceOf(InvalidChangeBatchException.class)
          .hasMessageContaining("Invalid Resource Record Set");
    }
    assertThatThrownBy(
            () -> dns.createHostedZone(asked -> asked.name("a.".repeat(130)).callerReference("2")))
        .isInstanceOf(InvalidDomainNameException.class);
    change(zone, record("a".repeat(63) + ".example.com", "192.0.2.7"));
  }

  @Test
  void withoutThePermissionNothingIsChanged() {
    String zone = zone();
    FakeAws.of(cloud).deny("route53:ChangeResourceRecordSets");

    assertThatThrownBy(() -> put(zone, "east", 100))
        .isInstanceOfSatisfying(
            Route53Exception.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("AccessDenied"));
  }

  @Test
  void otherWaysOfRoutingAreNotModelled() {
    String zone = zone();

    assertThatThrownBy(() -> change(
            zone,
            record("www.example.com", "192.0.2.7").toBuilder()
                .failover("PRIMARY")
                .setIdentifier("east")
                .build()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "not modelled by FakeRoute53: records that are routed otherwise than by weight");
    assertThatThrownBy(() -> dns.listHealthChecks())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not modelled by FakeRoute53: listHealthChecks");
  }

  private String zone() {
    return dns.createHostedZone(zone -> zone.name("example.com").callerReference("1"))
        .hostedZone()
        .id();
  }

  private void put(String zone, String identifier, long weight) {
    change(
        zone,
        record("www.example.com", "192.0.2." + (int) identifier.charAt(0)).toBuilder()
            .setIdentifier(identifier)
            .weight(weight)
            .build());
  }

  private void change(String zone, ResourceRecordSet record) {
    Change change =
        Change.builder().action(ChangeAction.UPSERT).resourceRecordSet(record).build();
    dns.changeResourceRecordSets(
        asked -> asked.hostedZoneId(zone).changeBatch(batch -> batch.changes(List.of(change))));
  }

  private static ResourceRecordSet record(String name, String value) {
    return ResourceRecordSet.builder()
        .name(name)
        .type(RRType.A)
        .ttl(60L)
        .resourceRecords(ResourceRecord.builder().value(value).build())
        .build();
  }

  private List<String> answer(String zone) {
    return dns.testDNSAnswer(
            asked -> asked.hostedZoneId(zone).recordName("www.example.com").recordType(RRType.A))
        .recordData();
  }
}
