package io.drkit.testkit.aws;

import io.drkit.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** The default subnets of one region, one in each zone; there are no others. */
final class Subnets {
  private final FakeEc2 ec2;
  private final Map<String, Site> zones = new LinkedHashMap<>();
  private final Map<Site, String> ids = new LinkedHashMap<>();
  private final String network;
  private final Ec2Filters<String> filters;

  Subnets(FakeEc2 ec2) {
    this.ec2 = ec2;
    this.network = ec2.aws.newId("vpc-", 17);
    for (Site zone : ec2.zones()) {
      String id = ec2.aws.newId("subnet-", 17);
      zones.put(id, zone);
      ids.put(zone, id);
    }
    this.filters = new Ec2Filters<String>(ec2, "DescribeSubnets", id -> Map.of())
        .by("subnet-id", id -> id)
        .by("availability-zone", id -> zone(id).name())
        .by("vpc-id", id -> network)
        .by("default-for-az", id -> "true");
  }

  /** The subnet of a zone. */
  String of(Site zone) {
    String id = ids.get(zone);
    if (id == null) {
      throw new IllegalArgumentException(ec2.region + " has no zone " + zone);
    }
    return id;
  }

  /** The zone of a subnet. */
  Site zone(String id) {
    Site zone = zones.get(id);
    if (zone == null) {
      throw ec2.refused(
          400, "InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
    }
    return zone;
  }

  DescribeSubnetsResponse describe(DescribeSubnetsRequest request) {
    RequestFields.only(ec2, request, "SubnetIds", "Filters");
    filters.check(request.filters());
    List<String> asked =
        request.subnetIds().isEmpty() ? List.copyOf(zones.keySet()) : request.subnetIds();
    return DescribeSubnetsResponse.builder()
        .subnets(asked.stream()
            .peek(this::zone)
            .filter(id -> filters.met(request.filters(), id))
            .map(this::shown)
            .toList())
        .build();
  }

  private Subnet shown(String id) {
    return Subnet.builder()
        .subnetId(id)
        .vpcId(network)
        .availabilityZone(zone(id).name())
        .defaultForAz(true)
        .state("available")
        .build();
  }
}
