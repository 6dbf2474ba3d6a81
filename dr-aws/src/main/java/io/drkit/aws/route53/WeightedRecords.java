package io.drkit.aws.route53;

import io.drkit.FailoverAction;
import io.drkit.PerSite;
import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsService;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.RRType;

/**
 * Weighted DNS records that part the users between sites (WP-20, WP-43 b), as wanted states. Immutable and thread-safe.
 *
 * <p><b>Route 53 is global</b>, and its control plane lives in one region, us-east-1: if that region is lost, records go on
 * being served and cannot be changed. A plan whose primary site is us-east-1 should not depend on this in its failover;
 * {@link FailoverAction#needs} says so to the assessment.
 */
public final class WeightedRecords {
  private static final List<RRType> TYPES = List.of(RRType.A, RRType.AAAA, RRType.CNAME);

  private final AwsClients clients;
  private final AwsService<Route53Client> route53;

  private WeightedRecords(AwsClients clients, AwsService<Route53Client> route53) {
    this.clients = clients;
    this.route53 = route53;
  }

  /**
   * Returns the records of the account that the clients ask for, in AWS's standard partition: the control plane in
   * us-east-1, signed for {@code aws-global}.
   *
   * @param clients never closed here; a Route 53 client of one's own is handed to them for {@code us-east-1}
   */
  public static WeightedRecords of(AwsClients clients) {
    return new WeightedRecords(
        Objects.requireNonNull(clients, "clients"),
        service(Site.region("us-east-1"), Region.AWS_GLOBAL));
  }

  /**
   * Returns the records of another partition.
   *
   * @param home the region that the partition's control plane of Route 53 lives in
   * @param signing the pseudo region that requests are signed for, for example {@code aws-cn-global}
   */
  public WeightedRecords controlPlane(Site home, String signing) {
    return new WeightedRecords(clients, service(home, Region.of(signing)));
  }

  private static AwsService<Route53Client> service(Site home, Region signing) {
    return AwsService.global("route53", Route53Client.class, Route53Client::builder, home, signing);
  }

  /**
   * Returns the state in which a name's weighted records send all new users to the site that takes over: its record has the
   * weight 100, every other one of that name and type 0.
   *
   * <p>The records must be there before the disaster. They are read first and changed in one atomic batch of UPSERTs that
   * keep what else they hold (values, alias targets, TTL, health checks), the recovery site's first. There is no instant at
   * which all weights are 0.
   *
   * <p>Calls ListHostedZonesByName (for a zone given by name), ListResourceRecordSets, ChangeResourceRecordSets and
   * GetChange, all on Route 53's control plane. Reached when the records say so and, if this process made the change, when
   * Route 53 calls it INSYNC; AWS names 60 seconds for that. Resolvers then keep old answers for the records' TTL.
   *
   * @param zone the hosted zone's id, or the name of the account's one public zone of that name
   * @param record the records' name, for example {@code orders.example.com}
   * @param type A, AAAA or CNAME
   * @param setIdentifier which record belongs to which site
   * @throws IllegalArgumentException if zone or name is blank, or the type is another one
   */
  public FailoverAction allTraffic(
      String zone, String record, RRType type, PerSite<String> setIdentifier) {
    if (zone.isBlank() || record.isBlank()) {
      throw new IllegalArgumentException(
          "zone and record must not be blank: '" + zone + "', '" + record + "'");
    }
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "users are sent by records of type A, AAAA or CNAME, not " + type);
    }
    return new AllTraffic(
        clients,
        route53,
        zone,
        canonical(record),
        type,
        Objects.requireNonNull(setIdentifier, "setIdentifier"));
  }

  /** Returns a name as Route 53 writes it: in small letters, a star as an escape, with the dot of the root at its end. */
  static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT).replace("*", "\\052");
    return lower.endsWith(".") ? lower : lower + ".";
  }
}
