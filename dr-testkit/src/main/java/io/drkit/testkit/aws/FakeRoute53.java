package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import io.drkit.testkit.aws.DnsRecords.RecordKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ChangeInfo;
import software.amazon.awssdk.services.route53.model.ChangeResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ChangeResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.CreateHostedZoneRequest;
import software.amazon.awssdk.services.route53.model.CreateHostedZoneResponse;
import software.amazon.awssdk.services.route53.model.DelegationSet;
import software.amazon.awssdk.services.route53.model.GetChangeRequest;
import software.amazon.awssdk.services.route53.model.GetChangeResponse;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.HostedZoneAlreadyExistsException;
import software.amazon.awssdk.services.route53.model.HostedZoneConfig;
import software.amazon.awssdk.services.route53.model.InvalidChangeBatchException;
import software.amazon.awssdk.services.route53.model.InvalidDomainNameException;
import software.amazon.awssdk.services.route53.model.InvalidInputException;
import software.amazon.awssdk.services.route53.model.ListHostedZonesByNameRequest;
import software.amazon.awssdk.services.route53.model.ListHostedZonesByNameResponse;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.NoSuchChangeException;
import software.amazon.awssdk.services.route53.model.NoSuchHostedZoneException;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.route53.model.Route53Exception;
import software.amazon.awssdk.services.route53.model.TestDnsAnswerRequest;
import software.amazon.awssdk.services.route53.model.TestDnsAnswerResponse;

/** Route 53: public zones and their simple and weighted records, kept in one region for the whole world. */
final class FakeRoute53 extends AwsFake implements Route53Client {
  /** How long a change takes to reach all of Route 53's servers; AWS names 60 seconds as the usual upper bound. */
  private static final Duration SPREADS_WITHIN = Duration.ofSeconds(60);

  private static final int MOST_ZONES = 100;
  private static final int MOST_RECORDS = 300;
  private static final int MOST_VALUES = 1_000;

  private final Map<String, Zone> zones = new LinkedHashMap<>();
  private final Map<String, Spread> changes = new LinkedHashMap<>();
  private long questions;

  private record Zone(
      String id,
      String reference,
      HostedZoneConfig config,
      List<String> nameServers,
      DnsRecords records) {}

  /** A change on its way to all servers. */
  private record Spread(ChangeInfo submitted, Instant insync) {
    ChangeInfo at(Instant instant) {
      return submitted.toBuilder()
          .status(instant.isBefore(insync) ? ChangeStatus.PENDING : ChangeStatus.INSYNC)
          .build();
    }
  }

  FakeRoute53(FakeAws aws, Site home) {
    super(aws, home);
  }

  @Override
  Duration looksEvery() {
    return Duration.ofSeconds(30);
  }

  @Override
  String service() {
    return "route53";
  }

  @Override
  Need need(String operation, Object request) {
    return Need.globalControl(service(), region);
  }

  @Override
  AwsServiceException.Builder exception(String code) {
    return switch (code) {
      case "HostedZoneAlreadyExists" -> HostedZoneAlreadyExistsException.builder();
      case "InvalidChangeBatch" -> InvalidChangeBatchException.builder();
      case "InvalidDomainName" -> InvalidDomainNameException.builder();
      case "InvalidInput" -> InvalidInputException.builder();
      case "NoSuchChange" -> NoSuchChangeException.builder();
      case "NoSuchHostedZone" -> NoSuchHostedZoneException.builder();
      default -> Route53Exception.builder();
    };
  }

  @Override
  public CreateHostedZoneResponse createHostedZone(CreateHostedZoneRequest request) {
    if (request.vpc() != null
        || request.delegationSetId() != null
        || (request.hostedZoneConfig() != null
            && Boolean.TRUE.equals(request.hostedZoneConfig().privateZone()))) {
      throw notModelled("createHostedZone of a private zone or with a delegation set");
    }
    String reference = request.callerReference();
    if (reference == null || reference.isEmpty()) {
      throw invalid("The request must contain the parameter CallerReference.");
    }
    if (zones.values().stream().anyMatch(zone -> zone.reference().equals(reference))) {
      throw refused(
          409,
          "HostedZoneAlreadyExists",
          "A hosted zone has already been created with the specified caller reference: "
              + reference);
    }
    String name = request.name() == null ? "" : DnsRecords.canonical(request.name());
    if (name.length() > DnsRecords.LONGEST_NAME || !name.matches("([a-z0-9_/-]{1,63}\\.)+")) {
      throw refused(
          400, "InvalidDomainName", "The domain name '" + request.name() + "' is not valid.");
    }
    String id = id("Z");
    List<String> servers = Stream.of("com", "net", "org", "co.uk")
        .map(top -> "ns-" + (zones.size() + 1) + ".awsdns-00." + top)
        .toList();
    HostedZoneConfig config = request.hostedZoneConfig() == null
        ? HostedZoneConfig.builder().privateZone(false).build()
        : request.hostedZoneConfig().toBuilder().privateZone(false).build();
    Spread change = spread(config.comment());
    Zone zone =
        new Zone(id, reference, config, servers, new DnsRecords(name, servers, change.insync()));
    zones.put(id, zone);
    return CreateHostedZoneResponse.builder()
        .hostedZone(shown(zone))
        .changeInfo(change.at(now()))
        .delegationSet(DelegationSet.builder().nameServers(servers).build())
        .location("https://route53.amazonaws.com/2013-04-01/hostedzone/" + id)
        .build();
  }

  /** An identifier as Route 53 makes them, in capital letters. */
  private String id(String prefix) {
    return aws.newId(prefix, 20).toUpperCase(Locale.ROOT);
  }

  private static HostedZone shown(Zone zone) {
    return HostedZone.builder()
        .id("/hostedzone/" + zone.id())
        .name(zone.records().zone())
        .callerReference(zone.reference())
        .config(zone.config())
        .resourceRecordSetCount((long) zone.records().all().size())
        .build();
  }

  private Spread spread(@Nullable String comment) {
    String id = id("C");
    ChangeInfo submitted = ChangeInfo.builder()
        .id("/change/" + id)
        .status(ChangeStatus.PENDING)
        .submittedAt(now())
        .comment(comment)
        .build();
    double share = 0.25 + 0.75 * aws.cloud().chance("spread of " + id);
    Spread change = new Spread(
        submitted, now().plus(Duration.ofNanos((long) (SPREADS_WITHIN.toNanos() * share))));
    changes.put(id, change);
    return change;
  }

  @Override
  public GetChangeResponse getChange(GetChangeRequest request) {
    String id = withoutPath(request.id());
    Spread change = changes.get(id);
    if (change == null) {
      throw refused(404, "NoSuchChange", "Could not find resource with ID: " + id);
    }
    return GetChangeResponse.builder().changeInfo(change.at(now())).build();
  }

  @Override
  public ListHostedZonesByNameResponse listHostedZonesByName(ListHostedZonesByNameRequest request) {
    if (request.hostedZoneId() != null && request.dnsName() == null) {
      throw invalid("The hosted zone ID is specified without the DNS name.");
    }
    int most = most(request.maxItems(), MOST_ZONES);
    String from = request.dnsName() == null
        ? ""
        : DnsRecords.reversed(DnsRecords.canonical(request.dnsName()));
    String fromId = request.hostedZoneId() == null ? "" : withoutPath(request.hostedZoneId());
    List<Zone> found = zones.values().stream()
        .sorted(Comparator.comparing(
                (Zone zone) -> DnsRecords.reversed(zone.records().zone()))
            .thenComparing(Zone::id))
        .filter(zone -> {
          int order = DnsRecords.reversed(zone.records().zone()).compareTo(from);
          return order > 0 || (order == 0 && zone.id().compareTo(fromId) >= 0);
        })
        .toList();
    ListHostedZonesByNameResponse.Builder page = ListHostedZonesByNameResponse.builder()
        .dnsName(request.dnsName())
        .hostedZoneId(request.hostedZoneId())
        .maxItems(Integer.toString(most))
        .hostedZones(found.stream().limit(most).map(FakeRoute53::shown).toList())
        .isTruncated(found.size() > most);
    if (found.size() > most) {
      Zone next = found.get(most);
      page.nextDNSName(next.records().zone()).nextHostedZoneId(next.id());
    }
    return page.build();
  }

  @Override
  public ListResourceRecordSetsResponse listResourceRecordSets(
      ListResourceRecordSetsRequest request) {
    String type = request.startRecordTypeAsString();
    if ((type != null && request.startRecordName() == null)
        || (request.startRecordIdentifier() != null && type == null)) {
      throw invalid("The input is not valid: a start needs a name before a type, and a type before"
          + " an identifier.");
    }
    DnsRecords records = zone(request.hostedZoneId()).records();
    int most = most(request.maxItems(), MOST_RECORDS);
    List<ResourceRecordSet> found = new ArrayList<>(
        request.startRecordName() == null
            ? records.all().values()
            : records
                .all()
                .tailMap(
                    new RecordKey(
                        DnsRecords.reversed(DnsRecords.canonical(request.startRecordName())),
                        type == null ? "" : type,
                        Objects.requireNonNullElse(request.startRecordIdentifier(), "")),
                    true)
                .values());
    ListResourceRecordSetsResponse.Builder page = ListResourceRecordSetsResponse.builder()
        .maxItems(Integer.toString(most))
        .resourceRecordSets(found.stream().limit(most).toList())
        .isTruncated(found.size() > most);
    if (found.size() > most) {
      ResourceRecordSet next = found.get(most);
      page.nextRecordName(next.name())
          .nextRecordType(next.type())
          .nextRecordIdentifier(next.setIdentifier());
    }
    return page.build();
  }

  @Override
  public ChangeResourceRecordSetsResponse changeResourceRecordSets(
      ChangeResourceRecordSetsRequest request) {
    Zone zone = zone(request.hostedZoneId());
    if (request.changeBatch() == null || request.changeBatch().changes().isEmpty()) {
      throw invalid("The change batch contains no changes.");
    }
    List<Change> asked = request.changeBatch().changes();
    asked.forEach(this::check);
    long values = asked.stream()
        .mapToLong(change -> (change.action() == ChangeAction.UPSERT ? 2L : 1L)
            * change.resourceRecordSet().resourceRecords().size())
        .sum();
    if (values > MOST_VALUES) {
      throw refusedBatch(List.of("Number of records limit of " + MOST_VALUES + " exceeded."));
    }
    DnsBatch batch = new DnsBatch(zone.records());
    asked.forEach(batch::add);
    if (!batch.refusals().isEmpty()) {
      throw refusedBatch(batch.refusals());
    }
    Spread change = spread(request.changeBatch().comment());
    zone.records().replace(batch.records(), change.insync());
    return ChangeResourceRecordSetsResponse.builder()
        .changeInfo(change.at(now()))
        .build();
  }

  private AwsServiceException refusedBatch(List<String> messages) {
    AwsServiceException refused =
        refused(400, "InvalidChangeBatch", "[" + String.join(", ", messages) + "]");
    return ((InvalidChangeBatchException) refused)
        .toBuilder().messages(messages).build();
  }

  /** Refuses what does not depend on what the zone holds. */
  private void check(Change change) {
    ResourceRecordSet record = change.resourceRecordSet();
    if (change.action() == null || record == null || record.name() == null) {
      throw invalid("A change needs an action and a record set with a name and a type.");
    }
    if (record.type() == null
        || record.type() == RRType.UNKNOWN_TO_SDK_VERSION
        || change.action() == ChangeAction.UNKNOWN_TO_SDK_VERSION) {
      throw invalid("Invalid action or type in Change with " + called(change));
    }
    if (record.failover() != null
        || record.geoLocation() != null
        || record.geoProximityLocation() != null
        || record.cidrRoutingConfig() != null
        || record.region() != null
        || record.multiValueAnswer() != null) {
      throw notModelled("records that are routed otherwise than by weight");
    }
    if (record.healthCheckId() != null || record.trafficPolicyInstanceId() != null) {
      throw notModelled("records with health checks or traffic policies");
    }
    if (record.weight() != null && (record.weight() < 0 || record.weight() > 255)) {
      throw invalid("Value '" + record.weight() + "' at 'resourceRecordSet.weight' failed to"
          + " satisfy constraint: Member must have value between 0 and 255");
    }
    if ((record.weight() == null) != (record.setIdentifier() == null)) {
      throw invalid(
          record.weight() == null
              ? "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation,"
                  + " MultiValueAnswer] beside SetIdentifier in Change with " + called(change)
              : "Invalid request: Missing field 'SetIdentifier' in Change with " + called(change));
    }
    boolean alias = record.aliasTarget() != null;
    boolean values = record.ttl() != null && !record.resourceRecords().isEmpty();
    if (alias == values || (alias && record.ttl() != null)) {
      throw invalid("Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and"
          + " ResourceRecords], or TrafficPolicyInstanceId], but found "
          + (alias ? "more than one" : "none") + " in Change with " + called(change));
    }
  }

  private static String called(Change change) {
    ResourceRecordSet record = change.resourceRecordSet();
    return "[Action=" + change.actionAsString() + ", Name=" + record.name() + ", Type="
        + record.typeAsString() + ", SetIdentifier=" + record.setIdentifier() + "]";
  }

  @Override
  public TestDnsAnswerResponse testDNSAnswer(TestDnsAnswerRequest request) {
    Zone zone = zone(request.hostedZoneId());
    String name = DnsRecords.canonical(request.recordName());
    if (name.length() > DnsRecords.LONGEST_NAME) {
      throw invalid("The record name is longer than " + DnsRecords.LONGEST_NAME + " characters.");
    }
    List<ResourceRecordSet> named = zone.records().servedAt(now(), name);
    String parent = name;
    while (named.isEmpty() && parent.indexOf('.') < parent.length() - 1) {
      parent = parent.substring(parent.indexOf('.') + 1);
      named = zone.records().servedAt(now(), "\\052." + parent);
    }
    if (named.stream()
        .anyMatch(
            record -> record.type() == RRType.CNAME && request.recordType() != RRType.CNAME)) {
      throw notModelled("testDNSAnswer of another type through a CNAME record");
    }
    List<ResourceRecordSet> fitting =
        named.stream().filter(record -> record.type() == request.recordType()).toList();
    return TestDnsAnswerResponse.builder()
        .nameserver(zone.nameServers().get(0))
        .recordName(name)
        .recordType(request.recordType())
        .protocol("UDP")
        .responseCode(named.isEmpty() ? "NXDOMAIN" : "NOERROR")
        .recordData(fitting.isEmpty() ? List.of() : data(chosen(fitting)))
        .build();
  }

  private List<String> data(ResourceRecordSet record) {
    if (record.aliasTarget() != null) {
      throw notModelled("testDNSAnswer of an alias");
    }
    return record.resourceRecords().stream().map(ResourceRecord::value).toList();
  }

  /** One of the records of a name and type, by weight; each one as often as another if all weights are 0. */
  private ResourceRecordSet chosen(List<ResourceRecordSet> records) {
    double share = aws.cloud().chance("dns question " + questions++);
    long all = records.stream().mapToLong(FakeRoute53::weight).sum();
    double left = share * (all == 0 ? records.size() : all);
    for (ResourceRecordSet record : records) {
      left -= all == 0 ? 1 : weight(record);
      if (left < 0) {
        return record;
      }
    }
    return records.get(records.size() - 1);
  }

  private static long weight(ResourceRecordSet record) {
    return record.weight() == null ? 1 : record.weight();
  }

  private Zone zone(String id) {
    Zone zone = id == null ? null : zones.get(withoutPath(id));
    if (zone == null) {
      throw refused(404, "NoSuchHostedZone", "No hosted zone found with ID: " + id);
    }
    return zone;
  }

  private static String withoutPath(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  private int most(@Nullable String asked, int limit) {
    if (asked == null) {
      return limit;
    }
    if (!asked.matches("[0-9]{1,9}") || Integer.parseInt(asked) < 1) {
      throw invalid("The max items '" + asked + "' is not a positive number.");
    }
    return Math.min(Integer.parseInt(asked), limit);
  }

  private AwsServiceException invalid(String message) {
    return refused(400, "InvalidInput", message);
  }
}
