package io.drkit.aws.route53;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

@WithAwsEmulator
class WeightedRecordsTest {
  private static final PerSite<String> SETS = PerSite.at(EAST, "east").and(WEST, "west");

  private final AwsEmulator emulator;
  private final Route53Client dns;
  private final AwsClients clients;
  private final FailoverAction users;
  private String zone = "";

  WeightedRecordsTest(AwsEmulator emulator) {
    this.emulator = emulator;
    dns = emulator.client(Route53Client.builder(), "us-east-1");
    clients = Emulated.clients(emulator, new FaultyHttp());
    users =
        WeightedRecords.of(clients).allTraffic("example.com", "Orders.example.com", RRType.A, SETS);
  }

  @BeforeEach
  void makeTheZone() {
    emulator.reset();
    zone = dns.createHostedZone(z -> z.name("example.com").callerReference("1"))
        .hostedZone()
        .id();
    put(record("orders.example.com", "east").weight(100L).build());
    put(record("orders.example.com", "west").weight(0L).ttl(30L).build());
  }

  @AfterEach
  void closeClients() {
    clients.close();
    dns.close();
  }

  private static ResourceRecordSet.Builder record(String name, String set) {
    return ResourceRecordSet.builder()
        .name(name)
        .type(RRType.A)
        .setIdentifier(set)
        .ttl(60L)
        .resourceRecords(ResourceRecord.builder()
            .value(set.equals("east") ? "192.0.2.1" : "192.0.2.2")
            .build());
  }

  private void put(ResourceRecordSet record) {
    dns.changeResourceRecordSets(change -> change
        .hostedZoneId(zone)
        .changeBatch(batch -> batch.changes(Change.builder()
            .action(ChangeAction.CREATE)
            .resourceRecordSet(record)
            .build())));
  }

  private List<ResourceRecordSet> records() {
    return dns.listResourceRecordSets(list -> list.hostedZoneId(zone)).resourceRecordSets();
  }

  private Map<String, Long> weights() {
    return records().stream()
        .filter(record -> record.weight() != null)
        .collect(Collectors.toMap(ResourceRecordSet::setIdentifier, ResourceRecordSet::weight));
  }

  @Test
  void allUsersAreSentToTheOtherSiteAndBack() throws Exception {
    FakeContext there = Crossing.westward("run-1");
    Progress before = users.observe(there);
    Evidence evidence = there.bringAbout(users);
    assertThat(weights()).containsOnly(Map.entry("east", 0L), Map.entry("west", 100L));

    Crossing.eastward("run-2").bringAbout(users);
    assertThat(weights()).containsOnly(Map.entry("east", 100L), Map.entry("west", 0L));

    assertThat(((Progress.Pending) before).before().facts())
        .containsEntry("weights", "east=100, west=0");
    assertThat(evidence.facts())
        .containsEntry("record", "orders.example.com.")
        .containsEntry("weights", "east=0, west=100");
    assertThat(there.called()).containsOnly(Need.globalControl("route53", EAST));
  }

  @Test
  void theWeightsFromBeforeArePutBack() throws Exception {
    FakeContext context = Crossing.westward("run-1");
    dns.changeResourceRecordSets(change -> change
        .hostedZoneId(zone)
        .changeBatch(batch -> batch.changes(Change.builder()
            .action(ChangeAction.UPSERT)
            .resourceRecordSet(record("orders.example.com", "west").weight(30L).build())
            .build())));
    Evidence before = ((Progress.Pending) users.observe(context)).before();
    context.bringAbout(users);

    FailoverAction back = users.undo(before).orElseThrow();
    context.bringAbout(back);

    assertThat(weights()).containsOnly(Map.entry("east", 100L), Map.entry("west", 30L));
    assertThat(back.describe()).contains("are those from before: {east=100, west=30}");
    assertThat(users.undo(Evidence.none())).isEmpty();
  }

  @Test
  void whatElseTheRecordsHoldIsKept() throws Exception {
    List<ResourceRecordSet> before = records();

    Crossing.westward("run-1").bringAbout(users);
    Crossing.eastward("run-2").bringAbout(users);

    assertThat(records()).isEqualTo(before);
  }

  @Test
  void aThirdRecordOfTheNameGetsNothingAndOtherNamesAreLeftAlone() throws Exception {
    put(record("orders.example.com", "canary").weight(5L).build());
    put(record("shop.example.com", "east").weight(7L).build());

    Crossing.westward("run-1").bringAbout(users);

    assertThat(records())
        .filteredOn(record -> record.weight() != null)
        .extracting(r -> r.name() + " " + r.setIdentifier() + " " + r.weight())
        .containsExactlyInAnyOrder(
            "orders.example.com. canary 0",
            "orders.example.com. east 0",
            "orders.example.com. west 100",
            "shop.example.com. east 7");
  }

  @Test
  void itIsReachedAtOnceInAnyProcess() throws Exception {
    Crossing.westward("run-1").bringAbout(users);
    FailoverAction byId =
        WeightedRecords.of(clients).allTraffic(zone, "orders.example.com.", RRType.A, SETS);

    assertThat(byId.observe(Crossing.westward("run-1")).kind()).isEqualTo(Progress.Kind.REACHED);
  }

  @Test
  void aMissingRecordIsNamed() throws Exception {
    FailoverAction north = WeightedRecords.of(clients)
        .allTraffic(
            "example.com",
            "orders.example.com",
            RRType.A,
            PerSite.at(EAST, "east").and(WEST, "north"));

    assertThat(north.observe(Crossing.westward("run-1")))
        .isEqualTo(Progress.blocked("zone example.com has no A record orders.example.com. with the"
            + " set identifier 'north', only [east, west]; create it, with the weight 0, before"
            + " the disaster"));
  }

  @Test
  void theLossOfTheControlPlanesHomeIsNotHiddenAndNotRefused() {
    emulator.lose("us-east-1");
    FakeContext failover = Crossing.westward("run-1").lost(EAST);

    assertThatThrownBy(() -> users.observe(failover))
        .isInstanceOfSatisfying(EndpointUnavailableException.class, failure -> {
          assertThat(failure.siteDeclaredLost()).isFalse();
          assertThat(failure.endpoint()).isEqualTo(Need.globalControl("route53", EAST));
        });
    assertThat(users.needs(failover.direction()))
        .containsExactly(Need.globalControl("route53", EAST));
    assertThat(users.estimate()).contains(Duration.ofSeconds(60));
  }

  @Test
  void anAmbiguousZoneIsRefused() {
    dns.createHostedZone(z -> z.name("example.com").callerReference("2"));

    assertThatThrownBy(() -> users.observe(Crossing.westward("run-1")))
        .hasMessageStartingWith("look for zone example.com failed: there are 2 public hosted zones")
        .hasMessageEndingWith("; give the plan a zone's id");
  }

  @Test
  void recordsThatSendNobodyAreRefusedWhenThePlanIsWritten() {
    assertThatThrownBy(() -> WeightedRecords.of(clients)
            .allTraffic("example.com", "orders.example.com", RRType.TXT, SETS))
        .hasMessage("users are sent by records of type A, AAAA or CNAME, not TXT");
  }

  @Test
  void aChangeIsReachedOnlyWhenItHasArrivedEverywhere() throws Exception {
    AtomicBoolean changed = new AtomicBoolean();
    AtomicBoolean arrived = new AtomicBoolean();
    RecordedHttp http = new RecordedHttp(request -> {
      if (request.target().contains("/change/")) {
        return Answer.of(200, change("GetChangeResponse", arrived.get() ? "INSYNC" : "PENDING"));
      }
      if (request.method().equals("POST")) {
        changed.set(true);
        return Answer.of(200, change("ChangeResourceRecordSetsResponse", "PENDING"));
      }
      return Answer.of(200, listing(changed.get()));
    });
    try (AwsClients recorded = Emulated.clients(http)) {
      FailoverAction action =
          WeightedRecords.of(recorded).allTraffic("Z1", "orders.example.com", RRType.A, SETS);
      FakeContext context = Crossing.westward("run-1");
      context.apply(action);

      assertThat(action.observe(context))
          .isEqualTo(Progress.underway("Route 53 is spreading the change"));
      arrived.set(true);
      assertThat(action.observe(context).kind()).isEqualTo(Progress.Kind.REACHED);
    }
    String batch = http.requests().stream()
        .filter(request -> request.method().equals("POST"))
        .findFirst()
        .orElseThrow()
        .body();
    assertThat(batch.indexOf("<Weight>100</Weight>"))
        .as("the recovery site's record comes first")
        .isBetween(0, batch.indexOf("<Weight>0</Weight>"));
    assertThat(batch).contains("<EvaluateTargetHealth>true</EvaluateTargetHealth>");
  }

  private static String change(String answer, String status) {
    return "<" + answer + "><ChangeInfo><Id>/change/C1</Id><Status>" + status
        + "</Status><SubmittedAt>2026-11-23T00:00:00Z</SubmittedAt></ChangeInfo></" + answer + ">";
  }

  private static String listing(boolean changed) {
    return "<ListResourceRecordSetsResponse><ResourceRecordSets>"
        + aliasRecord("east", changed ? 0 : 100) + aliasRecord("west", changed ? 100 : 0)
        + "</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>"
        + "</ListResourceRecordSetsResponse>";
  }

  private static String aliasRecord(String set, int weight) {
    return "<ResourceRecordSet><Name>orders.example.com.</Name><Type>A</Type><SetIdentifier>" + set
        + "</SetIdentifier><Weight>" + weight
        + "</Weight><AliasTarget><HostedZoneId>Z2</HostedZoneId>"
        + "<DNSName>" + set + ".elb.amazonaws.com.</DNSName><EvaluateTargetHealth>true"
        + "</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>";
  }
}
