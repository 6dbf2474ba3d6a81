package io.drkit.testkit.aws;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** The records of a hosted zone: as they were changed last, and as Route 53's servers give them out, which is a while later. */
final class DnsRecords {

  /**
   * What tells records of one zone apart, in the order in which Route 53 lists them: by the name with its labels reversed, by type, by
   * set identifier.
   */
  record RecordKey(String reversed, String type, String identifier)
      implements Comparable<RecordKey> {
    private static final Comparator<RecordKey> ORDER = Comparator.comparing(RecordKey::reversed)
        .thenComparing(RecordKey::type)
        .thenComparing(RecordKey::identifier);

    static RecordKey of(ResourceRecordSet record) {
      String identifier = record.setIdentifier();
      return new RecordKey(
          DnsRecords.reversed(record.name()),
          record.typeAsString(),
          identifier == null ? "" : identifier);
    }

    @Override
    public int compareTo(RecordKey other) {
      return ORDER.compare(this, other);
    }
  }

  static final int LONGEST_NAME = 255;

  private final String zone;
  private NavigableMap<RecordKey, ResourceRecordSet> records = new TreeMap<>();
  private final NavigableMap<Instant, Map<RecordKey, ResourceRecordSet>> served = new TreeMap<>();

  DnsRecords(String zone, List<String> nameServers, Instant servedFrom) {
    this.zone = zone;
    ResourceRecordSet servers = ResourceRecordSet.builder()
        .name(zone)
        .type(RRType.NS)
        .ttl(172_800L)
        .resourceRecords(nameServers.stream().map(server -> value(server + ".")).toList())
        .build();
    ResourceRecordSet authority = ResourceRecordSet.builder()
        .name(zone)
        .type(RRType.SOA)
        .ttl(900L)
        .resourceRecords(
            value(nameServers.get(0) + ". awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"))
        .build();
    records.put(RecordKey.of(servers), servers);
    records.put(RecordKey.of(authority), authority);
    serve(servedFrom);
  }

  private static ResourceRecord value(String value) {
    return ResourceRecord.builder().value(value).build();
  }

  String zone() {
    return zone;
  }

  NavigableMap<RecordKey, ResourceRecordSet> all() {
    return records;
  }

  void replace(NavigableMap<RecordKey, ResourceRecordSet> by, Instant servedFrom) {
    records = by;
    serve(servedFrom);
  }

  private void serve(Instant from) {
    // A change that arrives before an earlier one brings that along.
    served.tailMap(from, true).clear();
    served.put(from, Map.copyOf(records));
  }

  /** The records of a name that the servers give out at an instant, in the order of their keys. */
  List<ResourceRecordSet> servedAt(Instant instant, String name) {
    Map.Entry<Instant, Map<RecordKey, ResourceRecordSet>> then = served.floorEntry(instant);
    return then == null
        ? List.of()
        : then.getValue().values().stream()
            .filter(record -> record.name().equals(name))
            .sorted(Comparator.comparing(RecordKey::of))
            .toList();
  }

  /** A name as Route 53 writes it: in small letters, a star as an escape, with the dot of the root at its end. */
  static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT).replace("*", "\\052");
    return lower.endsWith(".") ? lower : lower + ".";
  }

  /** A name with its labels in reverse order, and a dot at its end: what names are sorted by. */
  static String reversed(String name) {
    String[] labels = name.split("\\.", -1);
    StringBuilder reversed = new StringBuilder();
    for (int i = labels.length - 1; i >= 0; i--) {
      if (!labels[i].isEmpty()) {
        reversed.append(labels[i]).append('.');
      }
    }
    return reversed.toString();
  }
}
