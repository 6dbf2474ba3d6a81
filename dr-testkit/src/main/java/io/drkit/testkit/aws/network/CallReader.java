package io.drkit.testkit.aws.network;

import io.drkit.Need;
import io.drkit.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Reads what a request asks of AWS out of its host, its signature, its headers and its body. */
final class CallReader {
  // A resource is no source.
  private static final Pattern SOURCE = Pattern.compile("(?i)(?<!re)source");
  private static final Pattern DATABASE =
      Pattern.compile("CreateDBInstance(ReadReplica)?|RestoreDBInstance\\w+|StartDBInstance");
  private static final Pattern ZONE = Pattern.compile("[a-z0-9-]+");
  private static final Pattern RPC = Pattern.compile("/service/[^/]+/operation/([^/]+)");
  private static final int REGION_OF_ARN = 3;

  private final BucketRegions buckets;

  CallReader(BucketRegions buckets) {
    this.buckets = buckets;
  }

  /**
   * Reads a request.
   *
   * @throws IOException if its body cannot be read
   * @throws IllegalArgumentException if nothing tells which region it is for
   */
  AwsCall read(HttpExecuteRequest request) throws IOException {
    SdkHttpRequest http = request.httpRequest();
    Optional<AwsHost> host = AwsHost.of(http.host());
    Optional<SigningScope> scope = SigningScope.of(http);
    String service = scope
        .map(SigningScope::service)
        .or(() -> host.map(AwsHost::service))
        .filter(name -> !name.isBlank())
        .orElseThrow(() -> untold(http, "service"));
    Optional<String> signedFor = scope.flatMap(SigningScope::region);
    Optional<String> home = Planes.home(service, signedFor);
    Site site = Site.region(home.or(() -> host.flatMap(AwsHost::region))
        .or(() -> signedFor)
        .orElseThrow(() -> untold(http, "region")));
    Protocol protocol = Protocol.of(http, service, Body.isForm(http));
    if (protocol == Protocol.S3) {
      return ofS3(request, service, site);
    }
    Map<String, String> members = Body.members(request);
    String operation = operation(http, members);
    boolean data = Planes.isData(service, operation);
    Need need = data ? Need.data(service, site) : Need.control(service, site);
    return new AwsCall(
        home.isPresent() ? Need.globalControl(service, site) : need,
        // What a data plane is given is data, whatever it is called.
        data ? List.of() : others(service, operation, site, members),
        Optional.empty(),
        operation,
        protocol,
        launches(service, operation, site, members));
  }

  private static IllegalArgumentException untold(SdkHttpRequest http, String what) {
    return new IllegalArgumentException("nothing tells the " + what + " of the request to "
        + http.host() + ": its host is none of AWS's regional ones, and its signature does not say;"
        + " give the client credentials and a region of its own");
  }

  private static String operation(SdkHttpRequest http, Map<String, String> members) {
    Optional<String> target = http.firstMatchingHeader("X-Amz-Target");
    if (target.isPresent()) {
      return target.get().substring(target.get().lastIndexOf('.') + 1);
    }
    var rpc = RPC.matcher(http.encodedPath());
    if (rpc.matches()) {
      return rpc.group(1);
    }
    return Body.isForm(http) && members.containsKey("Action")
        ? members.get("Action")
        : methodAndPath(http);
  }

  private static String methodAndPath(SdkHttpRequest http) {
    return http.method() + " " + http.encodedPath();
  }

  private static List<Need> others(
      String service, String operation, Site site, Map<String, String> members) {
    List<Need> others = new ArrayList<>();
    members.forEach((name, value) -> {
      if (SOURCE.matcher(name).find()) {
        regionNamed(value)
            .filter(source -> !source.equals(site))
            .ifPresent(source -> others.add(Need.control(service, source)));
      }
    });
    // A load balancer gets its name from the control plane of Route 53.
    if (service.equals("elasticloadbalancing")
        && operation.matches("(Create|Delete)LoadBalancer")) {
      others.add(Need.globalControl("route53", Site.region(Planes.US_EAST_1)));
    }
    return others;
  }

  /** The region that a text is, or that the ARN lies in that it is. */
  private static Optional<Site> regionNamed(String text) {
    String[] arn = text.split(":", -1);
    String name = text.startsWith("arn:") && arn.length > REGION_OF_ARN ? arn[REGION_OF_ARN] : text;
    return AwsHost.REGION.matcher(name).matches()
        ? Optional.of(Site.region(name))
        : Optional.empty();
  }

  private static Optional<Site> launches(
      String service, String operation, Site site, Map<String, String> members) {
    String zone;
    if (service.equals("ec2") && operation.matches("(Run|Start)Instances")) {
      zone = members.getOrDefault("Placement.AvailabilityZone", "");
    } else if (service.equals("rds") && DATABASE.matcher(operation).matches()) {
      zone = members.getOrDefault("AvailabilityZone", "");
    } else {
      return Optional.empty();
    }
    return Optional.of(ZONE.matcher(zone).matches() ? site.zone(zone) : site);
  }

  private AwsCall ofS3(HttpExecuteRequest request, String service, Site site) throws IOException {
    SdkHttpRequest http = request.httpRequest();
    S3Target target = S3Target.of(http);
    List<Need> others = new ArrayList<>();
    if (target.needsUsEast1()) {
      others.add(Need.globalControl(service, Site.region(Planes.US_EAST_1)));
    }
    if (target.createsBucket()) {
      regionNamed(Body.location(request))
          .ifPresent(where -> others.add(Need.control(service, where)));
    }
    Optional<String> source = S3Target.copySource(http);
    source
        .flatMap(this::regionOfSource)
        .ifPresent(region -> others.add(Need.data(service, region)));
    return new AwsCall(
        target.isOfControlPlane() ? Need.control(service, site) : Need.data(service, site),
        others,
        source
            .flatMap(CallReader::bucketOfSource)
            .filter(bucket -> buckets.of(bucket).isEmpty()),
        target.methodAndPath(http)
            + http.encodedQueryParameters().map(query -> "?" + query).orElse(""),
        Protocol.S3,
        Optional.empty());
  }

  private Optional<Site> regionOfSource(String source) {
    return bucketOfSource(source).map(buckets::of).orElseGet(() -> regionNamed(source));
  }

  private static Optional<String> bucketOfSource(String source) {
    int slash = source.indexOf('/');
    return source.startsWith("arn:") || slash < 1
        ? Optional.empty()
        : Optional.of(source.substring(0, slash));
  }
}
