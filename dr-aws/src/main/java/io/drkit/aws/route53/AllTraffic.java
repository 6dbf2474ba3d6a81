package io.drkit.aws.route53;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsEndpoint;
import io.drkit.aws.AwsService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ChangeBatch;
import software.amazon.awssdk.services.route53.model.ChangeResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.GetChangeRequest;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.ListHostedZonesByNameRequest;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsRequest;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** See {@link WeightedRecords#allTraffic}. */
final class AllTraffic implements FailoverAction {
  private static final long ALL = 100;

  private final AwsClients clients;
  private final AwsService<Route53Client> service;
  private final String zone;
  private final String name;
  private final RRType type;
  private final PerSite<String> setIdentifier;
  /** The weights to put back; empty to send all users to the run's target. */
  private final Optional<Map<String, Long>> back;

  /** The changes that this process made and that have not arrived everywhere, by run. Lost with it, which only costs rigour. */
  private final Map<String, String> changes = new ConcurrentHashMap<>();

  AllTraffic(
      AwsClients clients,
      AwsService<Route53Client> service,
      String zone,
      String name,
      RRType type,
      PerSite<String> setIdentifier) {
    this(clients, service, zone, name, type, setIdentifier, Optional.empty());
  }

  private AllTraffic(
      AwsClients clients,
      AwsService<Route53Client> service,
      String zone,
      String name,
      RRType type,
      PerSite<String> setIdentifier,
      Optional<Map<String, Long>> back) {
    this.clients = clients;
    this.back = back;
    this.service = service;
    this.zone = zone;
    this.name = name;
    this.type = type;
    this.setIdentifier = setIdentifier;
  }

  @Override
  public String describe() {
    if (back.isPresent()) {
      return "the weights of " + name + " (" + type + ") are those from before: " + back.get();
    }
    return "all users of " + name + " (" + type + ") are sent to the recovery site ("
        + setIdentifier + ")";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    AwsEndpoint<Route53Client> route53 = endpoint(context);
    List<ResourceRecordSet> records = records(route53, zoneId(route53));
    Optional<String> wrong = whatIsWrong(records, setIdentifier.get(context.to()));
    if (wrong.isPresent()) {
      return Progress.blocked(wrong.get());
    }
    Evidence evidence = Evidence.of("record", name).and("weights", weights(records));
    if (!changesNeeded(records, setIdentifier.get(context.to())).isEmpty()) {
      return Progress.pending("the weights of " + name + " are " + weights(records), evidence);
    }
    return isInSync(context, route53)
        ? Progress.reached(evidence)
        : Progress.underway("Route 53 is spreading the change");
  }

  private boolean isInSync(ActionContext context, AwsEndpoint<Route53Client> route53)
      throws Exception {
    String change = changes.get(context.run());
    if (change == null) {
      return true;
    }
    boolean arrived = route53
        .find(
            "look at change " + change,
            Route53Client::getChange,
            GetChangeRequest.builder().id(change).build(),
            "NoSuchChange")
        .map(answer -> answer.changeInfo().status() == ChangeStatus.INSYNC)
        .orElse(true);
    if (arrived) {
      changes.remove(context.run());
    }
    return arrived;
  }

  private Optional<String> whatIsWrong(List<ResourceRecordSet> records, String target) {
    if (records.stream().noneMatch(record -> target.equals(record.setIdentifier()))) {
      return Optional.of("zone " + zone + " has no " + type + " record " + name
          + " with the set identifier '" + target + "', only " + identifiers(records)
          + "; create it, with the weight 0, before the disaster");
    }
    return records.stream().anyMatch(record -> record.weight() == null)
        ? Optional.of("the " + type + " records " + name + " of zone " + zone
            + " are not weighted; their routing policy cannot be changed in place")
        : Optional.empty();
  }

  private static List<String> identifiers(List<ResourceRecordSet> records) {
    return records.stream()
        .map(record -> String.valueOf(record.setIdentifier()))
        .toList();
  }

  private static String weights(List<ResourceRecordSet> records) {
    return String.join(
        ", ",
        records.stream()
            .map(record -> record.setIdentifier() + "=" + record.weight())
            .toList());
  }

  /** Returns the target's record first, if it is to be raised. */
  private List<Change> changesNeeded(List<ResourceRecordSet> records, String target) {
    List<Change> changes = new ArrayList<>();
    for (ResourceRecordSet record : records) {
      boolean wanted = target.equals(record.setIdentifier());
      long weight = back.map(
              weights -> weights.getOrDefault(record.setIdentifier(), record.weight()))
          .orElse(wanted ? ALL : 0L);
      if (record.weight() != weight) {
        Change change = Change.builder()
            .action(ChangeAction.UPSERT)
            .resourceRecordSet(record.toBuilder().weight(weight).build())
            .build();
        changes.add(wanted ? 0 : changes.size(), change);
      }
    }
    return changes;
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    AwsEndpoint<Route53Client> route53 = endpoint(context);
    String id = zoneId(route53);
    List<ResourceRecordSet> records = records(route53, id);
    String target = setIdentifier.get(context.to());
    Optional<String> wrong = whatIsWrong(records, target);
    if (wrong.isPresent()) {
      throw new DrException(
          "send users of " + name + " to " + context.to() + " failed: " + wrong.get());
    }
    List<Change> needed = changesNeeded(records, target);
    if (needed.isEmpty()) {
      return;
    }
    String change = route53
        .call(
            "send users of " + name + " to " + context.to(),
            Route53Client::changeResourceRecordSets,
            ChangeResourceRecordSetsRequest.builder()
                .hostedZoneId(id)
                .changeBatch(ChangeBatch.builder()
                    .comment("drkit: plan " + context.plan() + ", run " + context.run())
                    .changes(needed)
                    .build())
                .build())
        .changeInfo()
        .id();
    changes.put(context.run(), change);
  }

  private AwsEndpoint<Route53Client> endpoint(ActionContext context) {
    return clients.endpoint(service, service.control(context.to()), context);
  }

  /** A zone's id has no dot; a zone's name that users are sent by has one. */
  private String zoneId(AwsEndpoint<Route53Client> route53) throws Exception {
    if (zone.indexOf('.') < 0) {
      return withoutPath(zone);
    }
    String wanted = WeightedRecords.canonical(zone);
    List<String> ids = route53
        .call(
            "look for zone " + zone,
            Route53Client::listHostedZonesByName,
            ListHostedZonesByNameRequest.builder().dnsName(wanted).build())
        .hostedZones()
        .stream()
        .filter(each -> each.name().equals(wanted) && !isPrivate(each))
        .map(each -> withoutPath(each.id()))
        .toList();
    if (ids.size() != 1) {
      throw new DrException("look for zone " + zone + " failed: there are " + ids.size()
          + " public hosted zones of that name " + ids + "; give the plan a zone's id");
    }
    return ids.get(0);
  }

  /** Route 53 itself writes an id as {@code /hostedzone/Z1}, and does not always read it so. */
  private static String withoutPath(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  private static boolean isPrivate(HostedZone zone) {
    return zone.config() != null && Boolean.TRUE.equals(zone.config().privateZone());
  }

  private List<ResourceRecordSet> records(AwsEndpoint<Route53Client> route53, String id)
      throws Exception {
    List<ResourceRecordSet> found = new ArrayList<>();
    ListResourceRecordSetsRequest request = ListResourceRecordSetsRequest.builder()
        .hostedZoneId(id)
        .startRecordName(name)
        .startRecordType(type)
        .build();
    while (true) {
      ListResourceRecordSetsResponse page =
          route53.call("read the records " + name, Route53Client::listResourceRecordSets, request);
      page.resourceRecordSets().stream().filter(this::isOurs).forEach(found::add);
      boolean more = Boolean.TRUE.equals(page.isTruncated())
          && name.equals(page.nextRecordName())
          && type == page.nextRecordType();
      if (!more) {
        return found;
      }
      request =
          request.toBuilder().startRecordIdentifier(page.nextRecordIdentifier()).build();
    }
  }

  private boolean isOurs(ResourceRecordSet record) {
    return name.equals(WeightedRecords.canonical(record.name())) && type == record.type();
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  @Override
  public Reversibility reversibility() {
    return Reversibility.REVERSIBLE;
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(service.control(direction.to()));
  }

  /** Route 53 names 60 seconds for a change to reach all of its servers (API reference, ChangeResourceRecordSets). */
  @Override
  public Optional<Duration> estimate() {
    return Optional.of(Duration.ofSeconds(60));
  }

  /** The weights from before, each record its own. */
  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return Optional.ofNullable(before.facts().get("weights"))
        .map(weights -> new AllTraffic(
            clients, service, zone, name, type, setIdentifier, Optional.of(asMap(weights))));
  }

  private static Map<String, Long> asMap(String weights) {
    Map<String, Long> byIdentifier = new LinkedHashMap<>();
    for (String part : weights.split(", ", -1)) {
      int sign = part.lastIndexOf('=');
      byIdentifier.put(part.substring(0, sign), Long.valueOf(part.substring(sign + 1)));
    }
    return byIdentifier;
  }
}
