package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.AliasTarget;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ChangeInfo;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.HostedZoneAlreadyExistsException;
import software.amazon.awssdk.services.route53.model.InvalidChangeBatchException;
import software.amazon.awssdk.services.route53.model.ListHostedZonesByNameResponse;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.NoSuchChangeException;
import software.amazon.awssdk.services.route53.model.NoSuchHostedZoneException;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.route53.model.Route53Exception;
import software.amazon.awssdk.services.route53.model.TestDnsAnswerResponse;

/** What Route 53 does with the records by which users are sent to a site. */
public abstract class Route53Contract extends AwsContract {
  private String domain = "";
  private String zone = "";

  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected Route53Contract(AwsUnderTest aws) {
    super(aws);
  }

  /** Makes a zone for one test alone. */
  @BeforeEach
  protected void createAZone(TestInfo test) {
    domain = test.getTestMethod()
            .orElseThrow()
            .getName()
            .toLowerCase(Locale.ROOT)
            .replaceAll("^(.{0,50}).*", "$1")
        + ".example";
    zone = create(domain, domain).id();
  }

  /** A new zone has its name servers and its authority, and is counted with both. */
  @Test
  public void aNewZoneHasItsServersAndItsAuthority() {
    HostedZone found = only(dns().listHostedZonesByName(list -> list.dnsName(domain)));

    assertThat(found.id()).startsWith("/hostedzone/");
    assertThat(found.resourceRecordSetCount()).isEqualTo(2);
    assertThat(found.config().privateZone()).isFalse();
    assertThat(names(dns().listResourceRecordSets(list -> list.hostedZoneId(zone))))
        .containsExactly(domain + ". NS", domain + ". SOA");
  }

  /** A caller reference makes one zone, whoever uses it again, and for whatever name. */
  @Test
  public void aCallerReferenceMakesOneZone() {
    assertThatThrownBy(() -> create("another.example", domain))
        .isInstanceOfSatisfying(
            HostedZoneAlreadyExistsException.class,
            refused -> assertThat(refused.statusCode()).isEqualTo(409));
  }

  /** Zones are listed by their names, labels reversed, from the name that was asked for; two zones may have the same name. */
  @Test
  public void zonesAreListedFromAName() {
    HostedZone twin = create(domain, domain + " again");
    create("a." + domain, domain + " below");

    ListHostedZonesByNameResponse first =
        dns().listHostedZonesByName(list -> list.dnsName(domain).maxItems("2"));
    ListHostedZonesByNameResponse second = dns()
        .listHostedZonesByName(list -> list.dnsName(first.nextDNSName())
            .hostedZoneId(first.nextHostedZoneId())
            .maxItems("1"));

    assertThat(first.hostedZones()).extracting(HostedZone::name).containsOnly(domain + ".");
    assertThat(first.hostedZones())
        .extracting(found -> withoutPath(found.id()))
        .containsExactlyInAnyOrder(withoutPath(zone), withoutPath(twin.id()));
    assertThat(first.isTruncated()).isTrue();
    assertThat(second.hostedZones())
        .extracting(HostedZone::name)
        .containsExactly("a." + domain + ".");
  }

  /** A question for a zone that is not there is told so. */
  @Test
  public void aZoneThatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> dns().listResourceRecordSets(list -> list.hostedZoneId("Z0NONE")))
        .isInstanceOfSatisfying(
            NoSuchHostedZoneException.class,
            refused -> assertThat(refused.statusCode()).isEqualTo(404));
  }

  /** A record that is there is not created again, and stays as it is. */
  @Test
  public void aRecordThatIsThereIsNotCreatedAgain() {
    change(create(weighted("east", 100)));

    assertThatThrownBy(() -> change(create(weighted("east", 50))))
        .isInstanceOfSatisfying(InvalidChangeBatchException.class, refused -> {
          assertThat(refused.statusCode()).isEqualTo(400);
          assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("InvalidChangeBatch");
        })
        .hasMessageContaining("[Tried to create resource record set [name='" + www()
            + "', type='A', set identifier='east'] but it already exists]");
    assertThat(weights()).containsExactly("east=100");
  }

  /** An upsert replaces what is there, and makes what is not. */
  @Test
  public void anUpsertReplacesOrMakes() {
    change(create(weighted("east", 100)));

    change(upsert(weighted("east", 0)), upsert(weighted("west", 255)));

    assertThat(weights()).containsExactly("east=0", "west=255");
  }

  /** A weight above 255 is refused. */
  @Test
  public void aWeightAbove255IsRefused() {
    assertThatThrownBy(() -> change(create(weighted("east", 256))))
        .isInstanceOfSatisfying(
            Route53Exception.class, refused -> assertThat(refused.statusCode()).isEqualTo(400))
        .hasMessageContaining("256");
    assertThat(weights()).isEmpty();
  }

  /** A batch is made whole or not at all. */
  @Test
  public void aBatchIsMadeWholeOrNotAtAll() {
    change(create(weighted("east", 100)), create(weighted("west", 0)));

    assertThatThrownBy(() -> change(
            upsert(weighted("east", 0)),
            upsert(weighted("west", 100)),
            create(weighted("west", 7))))
        .isInstanceOf(InvalidChangeBatchException.class);

    assertThat(weights()).containsExactly("east=100", "west=0");
  }

  /** A record is deleted as it is or not at all; what is deleted first in a batch makes room for what is created next. */
  @Test
  public void aRecordIsDeletedAsItIs() {
    change(create(weighted("east", 100)));

    assertThatThrownBy(() -> change(delete(weighted("east", 99))))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("but the values provided do not match the current values");
    assertThatThrownBy(() -> change(delete(weighted("west", 100))))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("but it was not found");

    change(delete(weighted("east", 100)), create(weighted("east", 1)));

    assertThat(weights()).containsExactly("east=1");
  }

  /** The records of one name and type are all weighted, or none of them is. */
  @Test
  public void oneNameHasOneWayOfRouting() {
    change(create(weighted("east", 100)));

    assertThatThrownBy(() -> change(create(plain(www()))))
        .isInstanceOf(InvalidChangeBatchException.class);
  }

  /** A name has a CNAME record or other ones, and never both. */
  @Test
  public void aCnameStandsAlone() {
    change(create(plain(www())));

    assertThatThrownBy(() -> change(create(plain(www()).toBuilder()
            .type(RRType.CNAME)
            .resourceRecords(ResourceRecord.builder().value("elsewhere.example").build())
            .build())))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("conflicting RRSet of type A");
  }

  /** A name that only ends like the zone is outside of it. */
  @Test
  public void aNameOutsideOfTheZoneIsRefused() {
    assertThatThrownBy(() -> change(create(plain("www.not" + domain))))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining(
            "RRSet with DNS name www.not" + domain + ". is not permitted in zone " + domain + ".");
  }

  /** A value that is no address is refused. */
  @Test
  public void aValueThatIsNoAddressIsRefused() {
    ResourceRecordSet wrong = plain(www()).toBuilder()
        .resourceRecords(ResourceRecord.builder().value("192.0.2.256").build())
        .build();

    assertThatThrownBy(() -> change(create(wrong)))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("is not a valid IPv4 address")
        .hasMessageContaining("'192.0.2.256'");
  }

  /** A zone keeps its own authority. */
  @Test
  public void aZoneKeepsItsAuthority() {
    ResourceRecordSet authority = dns()
        .listResourceRecordSets(list -> list.hostedZoneId(zone))
        .resourceRecordSets()
        .get(1);

    assertThatThrownBy(() -> change(delete(authority)))
        .isInstanceOf(InvalidChangeBatchException.class)
        .hasMessageContaining("must contain exactly one SOA record");
  }

  /** An alias is kept as it was given. */
  @Test
  public void anAliasIsKeptAsItWasGiven() {
    AliasTarget target = AliasTarget.builder()
        .hostedZoneId("Z35SXDOTRQ7X7K")
        .dnsName("web.us-east-1.elb.amazonaws.com.")
        .evaluateTargetHealth(false)
        .build();
    ResourceRecordSet alias = ResourceRecordSet.builder()
        .name(www())
        .type(RRType.A)
        .setIdentifier("east")
        .weight(100L)
        .aliasTarget(target)
        .build();

    change(create(alias));

    assertThat(dns()
            .listResourceRecordSets(list -> list.hostedZoneId(zone).startRecordName(www()))
            .resourceRecordSets())
        .containsExactly(alias);
  }

  /** A change has an id of its own, and is pending before it is in sync. */
  @Test
  public void aChangeIsPendingBeforeItIsInSync() {
    ChangeInfo first = change(create(weighted("east", 100)));
    ChangeInfo second = change(upsert(weighted("east", 0)));

    assertThat(first.status()).isEqualTo(ChangeStatus.PENDING);
    assertThat(first.comment()).isEqualTo("a test");
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(status(first.id())).isEqualTo(ChangeStatus.PENDING);
    assertThat(soon(() -> status(first.id()), ChangeStatus.INSYNC::equals))
        .isEqualTo(ChangeStatus.INSYNC);
    assertThat(soon(() -> status(second.id()), ChangeStatus.INSYNC::equals))
        .isEqualTo(ChangeStatus.INSYNC);
    assertThatThrownBy(() -> status("C2682N5HXP0BZ4"))
        .isInstanceOfSatisfying(
            NoSuchChangeException.class,
            refused -> assertThat(refused.statusCode()).isEqualTo(404));
  }

  /** Records are listed by their names with the labels reversed, then by type, then by set identifier, whatever the order of creation. */
  @Test
  public void recordsAreListedInTheOrderOfTheirReversedNames() {
    change(
        create(weighted("west", 1)),
        create(weighted("east", 1)),
        create(plain("a.b." + domain)),
        create(plain("z." + domain)),
        create(plain("b." + domain)));

    assertThat(names(dns().listResourceRecordSets(list -> list.hostedZoneId(zone))))
        .containsExactly(
            domain + ". NS",
            domain + ". SOA",
            "b." + domain + ". A",
            "a.b." + domain + ". A",
            www() + " A east",
            www() + " A west",
            "z." + domain + ". A");
    assertThat(names(dns()
            .listResourceRecordSets(list ->
                list.hostedZoneId(zone).startRecordName(www()).startRecordType(RRType.AAAA))))
        .containsExactly("z." + domain + ". A");
  }

  /** A page goes on within the records of one name. */
  @Test
  public void aPageGoesOnWithinTheRecordsOfOneName() {
    change(create(weighted("east", 1)), create(weighted("north", 2)), create(weighted("west", 3)));

    ListResourceRecordSetsResponse first =
        dns().listResourceRecordSets(list -> list.hostedZoneId(zone).maxItems("4"));
    ListResourceRecordSetsResponse second = dns()
        .listResourceRecordSets(list -> list.hostedZoneId(zone)
            .startRecordName(first.nextRecordName())
            .startRecordType(first.nextRecordType())
            .startRecordIdentifier(first.nextRecordIdentifier()));

    assertThat(first.isTruncated()).isTrue();
    assertThat(first.nextRecordIdentifier()).isEqualTo("west");
    assertThat(second.isTruncated()).isFalse();
    assertThat(names(second)).containsExactly(www() + " A west");
  }

  /** A star is written as an escape, and names in small letters. */
  @Test
  public void aStarIsWrittenAsAnEscape() {
    change(create(plain("*.Sub." + domain)));

    assertThat(names(dns().listResourceRecordSets(list -> list.hostedZoneId(zone))))
        .contains("\\052.sub." + domain + ". A");
  }

  /** Once a change is in sync, the servers answer with it, and with the records that have weight alone. */
  @Test
  public void serversAnswerWithWhatIsInSync() {
    ChangeInfo change = change(create(weighted("east", 0)), create(weighted("west", 100)));
    soon(() -> status(change.id()), ChangeStatus.INSYNC::equals);

    List<TestDnsAnswerResponse> answers =
        IntStream.range(0, 10).mapToObj(unused -> answer(www())).toList();

    assertThat(answers).allSatisfy(answer -> {
      assertThat(answer.responseCode()).isEqualTo("NOERROR");
      assertThat(answer.recordData()).containsExactly("192.0.2.100");
    });
    assertThat(answer("nobody." + domain).responseCode()).isEqualTo("NXDOMAIN");
  }

  private Route53Client dns() {
    return client(Route53Client.class, "us-west-2");
  }

  private HostedZone create(String name, String reference) {
    return dns()
        .createHostedZone(asked -> asked.name(name).callerReference(reference))
        .hostedZone();
  }

  private static String withoutPath(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  private static HostedZone only(ListHostedZonesByNameResponse response) {
    return response.hostedZones().get(0);
  }

  private static List<String> names(ListResourceRecordSetsResponse page) {
    return page.resourceRecordSets().stream()
        .map(record -> record.name() + " " + record.typeAsString()
            + (record.setIdentifier() == null ? "" : " " + record.setIdentifier()))
        .toList();
  }

  private ChangeInfo change(Change... changes) {
    return dns()
        .changeResourceRecordSets(request -> request
            .hostedZoneId(zone)
            .changeBatch(batch -> batch.changes(changes).comment("a test")))
        .changeInfo();
  }

  private ChangeStatus status(String change) {
    return dns().getChange(request -> request.id(change)).changeInfo().status();
  }

  private TestDnsAnswerResponse answer(String name) {
    return dns()
        .testDNSAnswer(request -> request.hostedZoneId(zone).recordName(name).recordType(RRType.A));
  }

  private List<String> weights() {
    return dns()
        .listResourceRecordSets(list -> list.hostedZoneId(zone))
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

  private String www() {
    return "www." + domain + ".";
  }

  private ResourceRecordSet weighted(String identifier, long weight) {
    return plain(www()).toBuilder()
        .setIdentifier(identifier)
        .weight(weight)
        .resourceRecords(
            ResourceRecord.builder().value("192.0.2." + Math.min(weight, 255)).build())
        .build();
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
