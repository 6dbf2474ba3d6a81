package io.drkit.aws;

import java.util.List;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** The weighted records of {@code orders.example.com}, as they are before any disaster: all users are sent to one of two sites. */
public final class OrdersRecords {
  private OrdersRecords() {}

  /** Makes the zone and its records, and returns the zone's id. */
  public static String make(Route53Client dns, String active, String other) {
    String zone = dns.createHostedZone(asked -> asked.name("example.com").callerReference("1"))
        .hostedZone()
        .id();
    List<Change> records = List.of(record(active, 100, "192.0.2.1"), record(other, 0, "192.0.2.2"));
    dns.changeResourceRecordSets(
        asked -> asked.hostedZoneId(zone).changeBatch(batch -> batch.changes(records)));
    return zone;
  }

  /** The address that users are sent to. */
  public static String answer(Route53Client dns) {
    String zone = dns.listHostedZonesByName(list -> list.dnsName("example.com"))
        .hostedZones()
        .get(0)
        .id();
    return dns.testDNSAnswer(
            asked -> asked.hostedZoneId(zone).recordName("orders.example.com").recordType(RRType.A))
        .recordData()
        .get(0);
  }

  private static Change record(String set, long weight, String address) {
    return Change.builder()
        .action(ChangeAction.CREATE)
        .resourceRecordSet(ResourceRecordSet.builder()
            .name("orders.example.com")
            .type(RRType.A)
            .setIdentifier(set)
            .weight(weight)
            .ttl(60L)
            .resourceRecords(ResourceRecord.builder().value(address).build())
            .build())
        .build();
  }
}
