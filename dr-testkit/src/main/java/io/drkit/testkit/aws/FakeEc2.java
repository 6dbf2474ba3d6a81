package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.CopyImageRequest;
import software.amazon.awssdk.services.ec2.model.CopyImageResponse;
import software.amazon.awssdk.services.ec2.model.CreateImageRequest;
import software.amazon.awssdk.services.ec2.model.CreateImageResponse;
import software.amazon.awssdk.services.ec2.model.CreateLaunchTemplateRequest;
import software.amazon.awssdk.services.ec2.model.CreateLaunchTemplateResponse;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.CreateTagsResponse;
import software.amazon.awssdk.services.ec2.model.DeregisterImageRequest;
import software.amazon.awssdk.services.ec2.model.DeregisterImageResponse;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceStatusRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceStatusResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Ec2Request;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.Placement;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.StartInstancesRequest;
import software.amazon.awssdk.services.ec2.model.StartInstancesResponse;
import software.amazon.awssdk.services.ec2.model.StopInstancesRequest;
import software.amazon.awssdk.services.ec2.model.StopInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;

/** EC2: images, instances, and what an Auto Scaling group launches from. No volumes, no addresses, no networks but the default one. */
final class FakeEc2 extends AwsFake implements Ec2Client {
  private static final int MOST_TAGS = 50;

  private final Subnets subnets;
  private final Machines machines;
  private final MachineImages images;
  private final LaunchTemplates templates;
  private final ClientTokens<List<Machine>> launched = new ClientTokens<>();

  FakeEc2(FakeAws aws, Site region) {
    super(aws, region);
    subnets = new Subnets(this);
    machines = new Machines(this);
    images = new MachineImages(this);
    templates = new LaunchTemplates(this);
  }

  /** EC2 in a region of the same cloud. */
  static FakeEc2 in(FakeAws aws, Site region) {
    return (FakeEc2) aws.fake(Modelled.of(Ec2Client.class).orElseThrow(), region);
  }

  @Override
  String service() {
    return "ec2";
  }

  @Override
  List<Need> alsoNeeds(String operation, Object request) {
    return request instanceof CopyImageRequest copy
        ? source(copy.sourceRegion())
            .map(from -> List.of(Need.control(service(), from)))
            .orElse(List.of())
        : List.of();
  }

  /** The region that is copied from; nothing if the cloud has none of that name. */
  Optional<Site> source(@Nullable String name) {
    return aws.cloud().sites().stream()
        .filter(site -> site.kind() == Site.Kind.REGION && site.name().equals(name))
        .findFirst();
  }

  /** Whoever makes something with tags needs the permission to tag as well. */
  @Override
  List<String> actions(String operation, Object request) {
    boolean tags = request instanceof Ec2Request of
        && Members.get(of, "TagSpecifications", Object.class) != null;
    return tags
        ? List.of(super.actions(operation, request).get(0), "ec2:CreateTags")
        : super.actions(operation, request);
  }

  @Override
  AwsServiceException.Builder exception(String code) {
    return Ec2Exception.builder();
  }

  @Override
  AwsServiceException denied(String action) {
    return refused(
        403,
        "UnauthorizedOperation",
        "You are not authorized to perform this operation. No identity-based policy allows the "
            + action + " action");
  }

  @Override
  AwsServiceException throttled() {
    return refused(503, "RequestLimitExceeded", "Request limit exceeded.");
  }

  @Override
  AwsServiceException expired() {
    return refused(400, "RequestExpired", "Request has expired.");
  }

  List<Site> zones() {
    return aws.cloud().zones(region);
  }

  Subnets subnets() {
    return subnets;
  }

  Machines machines() {
    return machines;
  }

  MachineImages images() {
    return images;
  }

  LaunchTemplates templates() {
    return templates;
  }

  int running(Site place) {
    return machines.running(place);
  }

  /** A zone of the region by its name. */
  Site zone(String name) {
    return zones().stream()
        .filter(zone -> zone.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            refused(400, "InvalidParameterValue", "Invalid availability zone: [" + name + "]"));
  }

  static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }

  /** The tags that a request gives to what it makes of one type. */
  Map<String, String> tags(List<TagSpecification> specifications, ResourceType type) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (TagSpecification specification : specifications) {
      if (specification.resourceType() == type) {
        put(specification.tags(), tags);
      }
    }
    return tags;
  }

  private void put(List<Tag> given, Map<String, String> tags) {
    Map<String, String> all = new LinkedHashMap<>(tags);
    for (Tag tag : given) {
      if (tag.key().startsWith("aws:")) {
        throw refused(
            400,
            "InvalidParameterValue",
            "Tag keys starting with 'aws:' are reserved for internal use");
      }
      all.put(tag.key(), tag.value() == null ? "" : tag.value());
    }
    if (all.keySet().stream().filter(key -> !key.startsWith("aws:")).count() > MOST_TAGS) {
      throw refused(
          400, "TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
    }
    tags.putAll(all);
  }

  static @Nullable String profile(@Nullable String arn, @Nullable String name) {
    return arn != null
        ? arn
        : name == null ? null : "arn:aws:iam::" + FakeAws.ACCOUNT + ":instance-profile/" + name;
  }

  @Override
  public RunInstancesResponse runInstances(RunInstancesRequest request) {
    RequestFields.only(
        this,
        request,
        "ImageId",
        "InstanceType",
        "MinCount",
        "MaxCount",
        "ClientToken",
        "KeyName",
        "Placement",
        "SubnetId",
        "SecurityGroupIds",
        "IamInstanceProfile",
        "UserData",
        "TagSpecifications");
    Optional<Site> zone = zone(request);
    List<Machine> instances = launched.once(
        this,
        request.clientToken(),
        zone.map(Site::name).orElse("any zone"),
        request,
        () -> launch(request, zone),
        this::checkNoneTerminated);
    return RunInstancesResponse.builder()
        .reservationId(instances.get(0).reservation())
        .ownerId(FakeAws.ACCOUNT)
        .instances(instances.stream().map(Machine::shown).toList())
        .build();
  }

  private Optional<Site> zone(RunInstancesRequest request) {
    Placement placement = request.placement();
    RequestFields.only(this, placement, "AvailabilityZone");
    Site named = placement == null || placement.availabilityZone() == null
        ? null
        : zone(placement.availabilityZone());
    if (request.subnetId() == null) {
      return Optional.ofNullable(named);
    }
    Site subnets = this.subnets.zone(request.subnetId());
    if (named != null && !named.equals(subnets)) {
      throw refused(
          400,
          "InvalidParameterValue",
          "The subnet '" + request.subnetId() + "' is not in the Availability Zone " + named);
    }
    return Optional.of(subnets);
  }

  private List<Machine> launch(RunInstancesRequest request, Optional<Site> zone) {
    if (request.minCount() == null || request.maxCount() == null) {
      throw refused(
          400, "MissingParameter", "The request must contain the parameters MinCount and MaxCount");
    }
    int least = request.minCount();
    int most = request.maxCount();
    if (least < 1 || least > most) {
      throw refused(
          400,
          "InvalidParameterValue",
          "Value (" + least + ") for parameter minCount is invalid: it is below 1 or above " + most
              + ".");
    }
    String type = request.instanceTypeAsString() == null
        ? InstanceType.M1_SMALL.toString()
        : request.instanceTypeAsString();
    Machine.Launch what = new Machine.Launch(
        String.valueOf(request.imageId()),
        type,
        request.keyName(),
        request.securityGroupIds(),
        request.iamInstanceProfile() == null
            ? null
            : profile(
                request.iamInstanceProfile().arn(), request.iamInstanceProfile().name()),
        tags(request.tagSpecifications(), ResourceType.INSTANCE));
    images.checkUsable(request.imageId());
    checkType(type);
    Instant now = now();
    return machines.launch(what, zone, least, most, request.clientToken(), now);
  }

  /** Refuses a type that EC2 does not have, as far as this version of the SDK knows. */
  void checkType(String type) {
    if (InstanceType.fromValue(type) == InstanceType.UNKNOWN_TO_SDK_VERSION) {
      throw refused(400, "InvalidParameterValue", "Invalid value '" + type + "' for InstanceType.");
    }
  }

  private void checkNoneTerminated(List<Machine> instances) {
    for (Machine machine : instances) {
      if (machine.state() == InstanceStateName.TERMINATED) {
        throw refused(
            400,
            "IdempotentInstanceTerminated",
            "The client token was used to launch instance " + machine.id()
                + ", which is terminated. Use a new one.");
      }
    }
  }

  @Override
  public DescribeInstancesResponse describeInstances(DescribeInstancesRequest request) {
    return machines.describe(request);
  }

  @Override
  public DescribeInstanceStatusResponse describeInstanceStatus(
      DescribeInstanceStatusRequest request) {
    return machines.describeStatus(request);
  }

  @Override
  public TerminateInstancesResponse terminateInstances(TerminateInstancesRequest request) {
    RequestFields.only(this, request, "InstanceIds");
    return TerminateInstancesResponse.builder()
        .terminatingInstances(machines.terminate(request.instanceIds()))
        .build();
  }

  @Override
  public StopInstancesResponse stopInstances(StopInstancesRequest request) {
    RequestFields.only(this, request, "InstanceIds");
    return StopInstancesResponse.builder()
        .stoppingInstances(machines.stop(request.instanceIds()))
        .build();
  }

  @Override
  public StartInstancesResponse startInstances(StartInstancesRequest request) {
    RequestFields.only(this, request, "InstanceIds");
    return StartInstancesResponse.builder()
        .startingInstances(machines.start(request.instanceIds()))
        .build();
  }

  @Override
  public DescribeImagesResponse describeImages(DescribeImagesRequest request) {
    return images.describe(request);
  }

  @Override
  public CopyImageResponse copyImage(CopyImageRequest request) {
    return CopyImageResponse.builder().imageId(images.copy(request)).build();
  }

  @Override
  public CreateImageResponse createImage(CreateImageRequest request) {
    return CreateImageResponse.builder().imageId(images.create(request)).build();
  }

  @Override
  public DeregisterImageResponse deregisterImage(DeregisterImageRequest request) {
    RequestFields.only(this, request, "ImageId");
    images.deregister(request.imageId());
    return DeregisterImageResponse.builder().build();
  }

  @Override
  public CreateTagsResponse createTags(CreateTagsRequest request) {
    RequestFields.only(this, request, "Resources", "Tags");
    List<Map<String, String>> tagged =
        request.resources().stream().map(this::tagsOf).toList();
    tagged.forEach(tags -> put(request.tags(), tags));
    return CreateTagsResponse.builder().build();
  }

  private Map<String, String> tagsOf(String resource) {
    if (resource.startsWith("i-")) {
      return machines.find(List.of(resource)).get(0).tags();
    } else if (resource.startsWith("ami-")) {
      return images.tagsOf(resource);
    }
    throw notModelled("CreateTags on " + resource);
  }

  @Override
  public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
    return subnets.describe(request);
  }

  @Override
  public CreateLaunchTemplateResponse createLaunchTemplate(CreateLaunchTemplateRequest request) {
    return CreateLaunchTemplateResponse.builder()
        .launchTemplate(templates.create(request))
        .build();
  }

  @Override
  public DescribeAvailabilityZonesResponse describeAvailabilityZones(
      DescribeAvailabilityZonesRequest request) {
    RequestFields.only(this, request, "ZoneNames", "Filters");
    Ec2Filters<Site> filters = new Ec2Filters<Site>(
            this, "DescribeAvailabilityZones", zone -> Map.of())
        .by("zone-name", Site::name)
        .by("region-name", zone -> region.name())
        .by("state", zone -> "available")
        .check(request.filters());
    List<Site> asked = request.zoneNames().isEmpty()
        ? zones()
        : request.zoneNames().stream().map(this::zone).toList();
    return DescribeAvailabilityZonesResponse.builder()
        .availabilityZones(asked.stream()
            .filter(zone -> filters.met(request.filters(), zone))
            .map(zone -> AvailabilityZone.builder()
                .zoneName(zone.name())
                .regionName(region.name())
                .state("available")
                .zoneType("availability-zone")
                .build())
            .toList())
        .build();
  }
}
