package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ChangeInfo;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.HealthCheckAlreadyExistsException;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.HostedZoneAlreadyExistsException;
import software.amazon.awssdk.services.route53.model.InvalidChangeBatchException;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.NoSuchChangeException;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

@WithAwsEmulator
class Route53CorrectionsTest {
  private static final String WWW = "www.example.com.";

  private final Route53Client dns;
  private String zone = "";

  Route53CorrectionsTest(AwsEmulator emulator) {
    dns = Clients.once(emulator, Route53Client.builder(), "us-west-2");
  }

  @BeforeEach
  void createAZone(TestInfo test) {
    zone = create(test.getDisplayName()).id();
  }

  @Test
  void aCallerReferenceCreatesOneZone() {
    create("the same");

    assertThatThrownBy(() -> create("the same"))
        .isInstanceOf(HostedZoneAlreadyExistsException.class)
        .hasMessageContaining("the same");
  }

  @Test
  void aCallerReferenceCreatesOneHealthCheck() {
    String first = healthCheck(80);

    assertThat(healthCheck(80)).isEqualTo(first);
    assertThatThrownBy(() -> healthCheck(81)).isInstanceOf(HealthCheckAlreadyExistsException.class);
  }

  @Test
  void aRecordThatExistsIsNotCreatedAgain() {
    change(create(weighted("east", 100)));

    assertThatThrownBy(() -> change(create(weighted("east", 50))))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("set identifier='east'] but it already exists");
    assertThat(weights()).containsExactly("east=100");
  }

  @Test
  void anUpsertReplacesInPlace() {
    change(create(weighted("east", 100)), create(weighted("west", 0)));

    change(upsert(weighted("east", 0)), upsert(weighted("west", 255)));

    assertThat(weights()).containsExactly("east=0", "west=255");
  }

  @Test
  void aWeightAbove255IsRefused() {
    assertThatThrownBy(() -> change(create(weighted("east", 256))))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("256");
    assertThat(weights()).isEmpty();
  }

  @Test
  void aBatchIsMadeWholeOrNotAtAll() {
    change(create(weighted("east", 100)), create(weighted("west", 0)));

    assertThatThrownBy(() -> change(
            upsert(weighted("east", 0)),
            upsert(weighted("west", 100)),
            create(weighted("west", 7))))
        .isInstanceOf(InvalidChangeBatchException.class);

    assertThat(weights()).containsExactly("east=100", "west=0");
  }

  @Test
  void aRecordIsDeletedAsItIsOrNotAtAll() {
    change(create(weighted("east", 100)));

    assertThatThrownBy(() -> change(delete(weighted("east", 99))))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("the values provided do not match the current values");
    assertThatThrownBy(() -> change(delete(weighted("west", 100))))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("it was not found");

    change(delete(weighted("east", 100)), create(weighted("east", 1)));

    assertThat(weights()).containsExactly("east=1");
  }

  @Test
  void oneNameHasOneWayOfRouting() {
    change(create(weighted("east", 100)));

    assertThatThrownBy(() -> change(create(plain(WWW))))
        .isInstanceOf(InvalidChangeBatchException.class);
  }

  @Test
  void aNameThatOnlyEndsLikeTheZoneIsOutsideOfIt() {
    assertThatThrownBy(() -> change(create(plain("www.notexample.com"))))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("not permitted in zone example.com.");
  }

  @Test
  void aChangeIsPendingBeforeItIsInSync() {
    ChangeInfo first = change(create(weighted("east", 100)));
    ChangeInfo second = change(upsert(weighted("east", 0)));

    assertThat(first.status()).isEqualTo(ChangeStatus.PENDING);
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(status(first.id())).isEqualTo(ChangeStatus.PENDING);
    assertThat(status(first.id())).isEqualTo(ChangeStatus.INSYNC);
    assertThat(status(second.id())).isEqualTo(ChangeStatus.PENDING);
    assertThatThrownBy(() -> status("C2682N5HXP0BZ4")).isInstanceOf(NoSuchChangeException.class);
  }

  @Test
  void aPageGoesOnWithinTheRecordsOfOneName() {
    change(create(weighted("east", 1)), create(weighted("north", 2)), create(weighted("west", 3)));

    ListResourceRecordSetsResponse first =
        dns.listResourceRecordSets(request -> request.hostedZoneId(zone).maxItems("4"));
    ListResourceRecordSetsResponse second = dns.listResourceRecordSets(request -> request
        .hostedZoneId(zone)
        .startRecordName(first.nextRecordName())
        .startRecordType(first.nextRecordType())
        .startRecordIdentifier(first.nextRecordIdentifier()));

    assertThat(first.isTruncated()).isTrue();
    assertThat(first.nextRecordIdentifier()).isEqualTo("west");
    assertThat(second.resourceRecordSets())
        .extracting(ResourceRecordSet::setIdentifier)
        .containsExactly("west");
  }

  private HostedZone create(String reference) {
    return dns.createHostedZone(request -> request.name("example.com").callerReference(reference))
        .hostedZone();
  }

  private String healthCheck(int port) {
    HealthCheckConfig config = HealthCheckConfig.builder()
        .type("HTTP")
        .ipAddress("192.0.2.1")
        .port(port)
        .resourcePath("/")
        .build();
    return dns.createHealthCheck(
            request -> request.callerReference("health").healthCheckConfig(config))
        .healthCheck()
        .id();
  }

  private ChangeInfo change(Change... changes) {
    return dns.changeResourceRecordSets(
            request -> request.hostedZoneId(zone).changeBatch(batch -> batch.changes(changes)))
        .changeInfo();
  }

  private ChangeStatus status(String change) {
    return dns.getChange(request -> request.id(change)).changeInfo().status();
  }

  private List<String> weights() {
    return dns
        .listResourceRecordSets(request -> request.hostedZoneId(zone))
        .resourceRecordSets()
        .stream()
        .filter(record -> record.weight() != null)
        .map(record -> record.setIdentifier() + "=" + record.weight())
        .toList();
  }

  private static Change create(ResourceRecordSet record) {
    return change(ChangeAction.CREATE, record);
  }

  private static Change upsert(ResourceRecordSet record) {
    return change(ChangeAction.UPSERT, record);
  }

  private static Change delete(ResourceRecordSet record) {
    return change(ChangeAction.DELETE, record);
  }

  private static Change change(ChangeAction action, ResourceRecordSet record) {
    return Change.builder().action(action).resourceRecordSet(record).build();
  }

  private static ResourceRecordSet weighted(String identifier, long weight) {
    return plain(WWW).toBuilder().setIdentifier(identifier).weight(weight).build();
  }

  private static ResourceRecordSet plain(String name) {
    return ResourceRecordSet.builder()
        .name(name)
        .type(RRType.A)
        .ttl(60L)
        .resourceRecords(ResourceRecord.builder().value("192.0.2.1").build())
        .build();
  }
}
