package io.drkit.testkit.aws;

import io.drkit.testkit.aws.DnsRecords.RecordKey;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** A batch of changes to a zone's records, which Route 53 makes whole or not at all. */
final class DnsBatch {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

  private static final int LONGEST_LABEL = 63;

  private final String zone;
  private final NavigableMap<RecordKey, ResourceRecordSet> records;
  private final List<String> refusals = new ArrayList<>();

  DnsBatch(DnsRecords of) {
    zone = of.zone();
    records = new TreeMap<>(of.all());
  }

  /** The records as they would be after the changes so far. */
  NavigableMap<RecordKey, ResourceRecordSet> records() {
    return records;
  }

  /** What Route 53 has against the batch, one sentence for each change that it refuses. */
  List<String> refusals() {
    return refusals;
  }

  void add(Change change) {
    ResourceRecordSet record = change.resourceRecordSet();
    record = record.toBuilder().name(DnsRecords.canonical(record.name())).build();
    RecordKey key = RecordKey.of(record);
    Optional<String> refusal = refusal(change.action(), record);
    if (refusal.isPresent()) {
      refusals.add(refusal.get());
    } else if (change.action() == ChangeAction.DELETE) {
      records.remove(key);
    } else {
      records.put(key, record);
    }
  }

  private Optional<String> refusal(ChangeAction action, ResourceRecordSet record) {
    String name = record.name();
    if (name.length() > DnsRecords.LONGEST_NAME) {
      return Optional.of("Invalid Resource Record Set: its DNS name has " + name.length()
          + " characters, and not " + DnsRecords.LONGEST_NAME + " at most");
    }
    for (String label : name.substring(0, name.length() - 1).split("\\.", -1)) {
      if (label.isEmpty() || label.length() > LONGEST_LABEL) {
        return Optional.of("Invalid Resource Record Set: FATAL problem: "
            + (label.isEmpty()
                ? "DomainLabelEmpty (Domain label is empty)"
                : "DomainLabelTooLong (Domain label is too long)")
            + " encountered with '" + name + "'");
      }
    }
    if (!record.name().equals(zone) && !record.name().endsWith("." + zone)) {
      return Optional.of(
          "RRSet with DNS name " + record.name() + " is not permitted in zone " + zone);
    }
    ResourceRecordSet there = records.get(RecordKey.of(record));
    if (action == ChangeAction.DELETE) {
      return refusalOfDelete(record, there == null ? Optional.empty() : Optional.of(there));
    }
    if (action == ChangeAction.CREATE && there != null) {
      return Optional.of(
          "Tried to create resource record set " + called(record) + " but it already exists");
    }
    return refusalOfValues(record).or(() -> refusalBesideOthers(record));
  }

  private Optional<String> refusalOfDelete(
      ResourceRecordSet record, Optional<ResourceRecordSet> there) {
    String tried = "Tried to delete resource record set " + called(record) + " but ";
    if (there.isEmpty()) {
      return Optional.of(tried + "it was not found");
    }
    if (!there.get().equals(record)) {
      return Optional.of(tried + "the values provided do not match the current values");
    }
    boolean apex = record.name().equals(zone);
    if (apex && record.type() == RRType.SOA) {
      return Optional.of("A HostedZone must contain exactly one SOA record.");
    }
    return apex && record.type() == RRType.NS
        ? Optional.of("A HostedZone must contain at least one NS record for the zone itself.")
        : Optional.empty();
  }

  private static Optional<String> refusalOfValues(ResourceRecordSet record) {
    if (record.type() == RRType.CNAME && record.resourceRecords().size() > 1) {
      return Optional.of(
          "Invalid Resource Record: the CNAME " + record.name() + " has more than one value");
    }
    if (record.type() == RRType.A) {
      for (ResourceRecord each : record.resourceRecords()) {
        if (!IPV4.matcher(each.value()).matches()) {
          return Optional.of("Invalid Resource Record: FATAL problem: ARRDATAIllegalIPv4Address"
              + " (Value is not a valid IPv4 address) encountered with '" + each.value() + "'");
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> refusalBesideOthers(ResourceRecordSet record) {
    String named = "RRSet with DNS name " + record.name();
    if (record.type() == RRType.CNAME && record.name().equals(zone)) {
      return Optional.of("RRSet of type CNAME with DNS name " + record.name()
          + " is not permitted at apex in zone " + zone);
    }
    for (ResourceRecordSet other : records.values()) {
      if (!other.name().equals(record.name()) || RecordKey.of(other).equals(RecordKey.of(record))) {
        continue;
      }
      boolean sameType = other.type() == record.type();
      if (sameType && (other.weight() == null) != (record.weight() == null)) {
        return Optional.of(named + ", type " + record.typeAsString() + ", SetIdentifier "
            + record.setIdentifier() + " cannot be created as other RRSets exist with the same name"
            + " and type but another routing policy.");
      }
      if (!sameType && (other.type() == RRType.CNAME || record.type() == RRType.CNAME)) {
        return Optional.of("RRSet of type " + record.typeAsString() + " with DNS name "
            + record.name() + " is not permitted because a conflicting RRSet of type "
            + other.typeAsString() + " with the same DNS name already exists in zone " + zone);
      }
    }
    return Optional.empty();
  }

  private static String called(ResourceRecordSet record) {
    return "[name='" + record.name() + "', type='" + record.typeAsString() + "'"
        + (record.setIdentifier() == null
            ? ""
            : ", set identifier='" + record.setIdentifier() + "'")
        + "]";
  }
}
