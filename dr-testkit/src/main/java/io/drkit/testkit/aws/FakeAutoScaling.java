package io.drkit.testkit.aws;

import io.drkit.Site;
import io.drkit.testkit.aws.ScalingGroup.Member;
import io.drkit.testkit.aws.ScalingGroup.Sizes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AlreadyExistsException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.CreateAutoScalingGroupRequest;
import software.amazon.awssdk.services.autoscaling.model.CreateAutoScalingGroupResponse;
import software.amazon.awssdk.services.autoscaling.model.CreateLaunchConfigurationRequest;
import software.amazon.awssdk.services.autoscaling.model.CreateLaunchConfigurationResponse;
import software.amazon.awssdk.services.autoscaling.model.DeleteAutoScalingGroupRequest;
import software.amazon.awssdk.services.autoscaling.model.DeleteAutoScalingGroupResponse;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsRequest;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsResponse;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.InvalidNextTokenException;
import software.amazon.awssdk.services.autoscaling.model.ResourceInUseException;
import software.amazon.awssdk.services.autoscaling.model.ResumeProcessesRequest;
import software.amazon.awssdk.services.autoscaling.model.ResumeProcessesResponse;
import software.amazon.awssdk.services.autoscaling.model.SetDesiredCapacityRequest;
import software.amazon.awssdk.services.autoscaling.model.SetDesiredCapacityResponse;
import software.amazon.awssdk.services.autoscaling.model.SetInstanceProtectionRequest;
import software.amazon.awssdk.services.autoscaling.model.SetInstanceProtectionResponse;
import software.amazon.awssdk.services.autoscaling.model.SuspendProcessesRequest;
import software.amazon.awssdk.services.autoscaling.model.SuspendProcessesResponse;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;
import software.amazon.awssdk.services.autoscaling.model.Tag;
import software.amazon.awssdk.services.autoscaling.model.TagDescription;
import software.amazon.awssdk.services.autoscaling.model.UpdateAutoScalingGroupRequest;
import software.amazon.awssdk.services.autoscaling.model.UpdateAutoScalingGroupResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** EC2 Auto Scaling: groups whose instances are those of {@link FakeEc2}. No policies, no hooks, no load balancers. */
final class FakeAutoScaling extends AwsFake implements AutoScalingClient {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 100;
  private static final Set<String> PROCESSES = Set.of("Launch", "Terminate");

  private final FakeEc2 ec2;
  private final Map<String, ScalingGroup> groups = new LinkedHashMap<>();
  private final LaunchSources sources;
  private final Map<String, LaunchSources.From> from = new LinkedHashMap<>();
  private final NumberedPages<ScalingGroup> pages =
      new NumberedPages<>(this, group -> group.made().number(), "InvalidNextToken");
  private long made;

  FakeAutoScaling(FakeAws aws, Site region) {
    super(aws, region);
    ec2 = FakeEc2.in(aws, region);
    sources = new LaunchSources(this, ec2);
  }

  @Override
  String service() {
    return "autoscaling";
  }

  @Override
  AwsServiceException.Builder exception(String code) {
    return switch (code) {
      case "AlreadyExists" -> AlreadyExistsException.builder();
      case "ResourceInUse" -> ResourceInUseException.builder();
      case "InvalidNextToken" -> InvalidNextTokenException.builder();
      default -> AutoScalingException.builder();
    };
  }

  AwsServiceException invalid(String message) {
    return refused(400, "ValidationError", message);
  }

  @Override
  public CreateLaunchConfigurationResponse createLaunchConfiguration(
      CreateLaunchConfigurationRequest request) {
    RequestFields.only(
        this,
        request,
        "LaunchConfigurationName",
        "ImageId",
        "InstanceType",
        "KeyName",
        "SecurityGroups",
        "UserData",
        "IamInstanceProfile");
    sources.configure(request);
    return CreateLaunchConfigurationResponse.builder().build();
  }

  @Override
  public CreateAutoScalingGroupResponse createAutoScalingGroup(
      CreateAutoScalingGroupRequest request) {
    RequestFields.only(
        this,
        request,
        "AutoScalingGroupName",
        "LaunchConfigurationName",
        "LaunchTemplate",
        "MinSize",
        "MaxSize",
        "DesiredCapacity",
        "AvailabilityZones",
        "VPCZoneIdentifier",
        "Tags");
    String name = request.autoScalingGroupName();
    if (present(name)) {
      throw refused(
          400,
          "AlreadyExists",
          "AutoScalingGroup by this name already exists - A group with the name " + name
              + " already exists");
    }
    if (request.minSize() == null || request.maxSize() == null) {
      throw invalid("Valid requests must contain the MinSize and the MaxSize parameters.");
    }
    int desired = request.desiredCapacity() == null ? request.minSize() : request.desiredCapacity();
    Sizes sizes = checked(new Sizes(request.minSize(), request.maxSize(), desired));
    LaunchSources.From source = sources.of(request);
    List<Site> zones = zones(request);
    Map<String, String> tags = new LinkedHashMap<>();
    request.tags().forEach(tag -> tags.put(tag.key(), tag.value() == null ? "" : tag.value()));
    ScalingGroup.Made group = new ScalingGroup.Made(
        made++,
        name,
        tagged(source.launch(), name, request.tags()),
        zones,
        request.vpcZoneIdentifier() == null ? "" : request.vpcZoneIdentifier(),
        tags,
        now());
    from.put(name, source);
    groups.put(name, new ScalingGroup(ec2, group, sizes));
    return CreateAutoScalingGroupResponse.builder().build();
  }

  private List<Site> zones(CreateAutoScalingGroupRequest request) {
    try {
      if (request.vpcZoneIdentifier() != null && !request.vpcZoneIdentifier().isBlank()) {
        return Arrays.stream(request.vpcZoneIdentifier().split(",", -1))
            .map(subnet -> ec2.subnets().zone(subnet.trim()))
            .toList();
      }
      if (request.availabilityZones().isEmpty()) {
        throw invalid("At least one Availability Zone or VPC Subnet is required.");
      }
      return request.availabilityZones().stream().map(ec2::zone).toList();
    } catch (Ec2Exception refused) {
      throw invalid(refused.awsErrorDetails().errorMessage());
    }
  }

  private static Machine.Launch tagged(Machine.Launch launch, String group, List<Tag> tags) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Tag tag : tags) {
      if (Boolean.TRUE.equals(tag.propagateAtLaunch())) {
        all.put(tag.key(), tag.value() == null ? "" : tag.value());
      }
    }
    all.put("aws:autoscaling:groupName", group);
    return new Machine.Launch(
        launch.image(),
        launch.type(),
        launch.key(),
        launch.securityGroups(),
        launch.profile(),
        all);
  }

  private Sizes checked(Sizes sizes) {
    if (sizes.least() < 0) {
      throw invalid("Min bound, " + sizes.least() + ", must not be negative");
    }
    if (sizes.least() > sizes.most()) {
      throw invalid("Max bound, " + sizes.most() + ", must be greater than or equal to min bound, "
          + sizes.least());
    }
    if (sizes.desired() < sizes.least() || sizes.desired() > sizes.most()) {
      throw invalid("Desired capacity:" + sizes.desired()
          + " must be between the specified min size:" + sizes.least() + " and max size:"
          + sizes.most());
    }
    return sizes;
  }

  private boolean present(String name) {
    ScalingGroup group = groups.get(name);
    if (group != null && group.deleting() && group.members().isEmpty()) {
      groups.remove(name);
      return false;
    }
    return group != null;
  }

  private ScalingGroup known(String name) {
    ScalingGroup group = groups.get(name);
    if (!present(name) || group == null) {
      throw invalid("AutoScalingGroup name not found - null");
    }
    return group;
  }

  /** A group that is not being deleted. */
  private ScalingGroup changeable(String name) {
    ScalingGroup group = known(name);
    if (group.deleting()) {
      throw invalid(
          "You cannot perform this operation: the AutoScalingGroup " + name + " is pending delete");
    }
    return group;
  }

  @Override
  public UpdateAutoScalingGroupResponse updateAutoScalingGroup(
      UpdateAutoScalingGroupRequest request) {
    RequestFields.only(
        this, request, "AutoScalingGroupName", "MinSize", "MaxSize", "DesiredCapacity");
    ScalingGroup group = changeable(request.autoScalingGroupName());
    Sizes before = group.sizes();
    int least = request.minSize() == null ? before.least() : request.minSize();
    int most = request.maxSize() == null ? before.most() : request.maxSize();
    // New bounds pull the desired capacity along, unless the request says what it is.
    int desired = request.desiredCapacity() == null
        ? Math.max(least, Math.min(most, before.desired()))
        : request.desiredCapacity();
    group.resize(checked(new Sizes(least, most, desired)));
    return UpdateAutoScalingGroupResponse.builder().build();
  }

  @Override
  public SetDesiredCapacityResponse setDesiredCapacity(SetDesiredCapacityRequest request) {
    RequestFields.only(this, request, "AutoScalingGroupName", "DesiredCapacity", "HonorCooldown");
    if (Boolean.TRUE.equals(request.honorCooldown())) {
      throw notModelled("SetDesiredCapacity with HonorCooldown");
    }
    ScalingGroup group = changeable(request.autoScalingGroupName());
    Sizes sizes = group.sizes();
    int desired = request.desiredCapacity();
    if (desired > sizes.most()) {
      throw invalid("New SetDesiredCapacity value " + desired + " is above max value "
          + sizes.most() + " for the AutoScalingGroup.");
    }
    if (desired < sizes.least()) {
      throw invalid("New SetDesiredCapacity value " + desired + " is below min value "
          + sizes.least() + " for the AutoScalingGroup.");
    }
    group.resize(new Sizes(sizes.least(), sizes.most(), desired));
    return SetDesiredCapacityResponse.builder().build();
  }

  @Override
  public DeleteAutoScalingGroupResponse deleteAutoScalingGroup(
      DeleteAutoScalingGroupRequest request) {
    RequestFields.only(this, request, "AutoScalingGroupName", "ForceDelete");
    ScalingGroup group = known(request.autoScalingGroupName());
    if (!group.members().isEmpty() && !Boolean.TRUE.equals(request.forceDelete())) {
      throw refused(
          400,
          "ResourceInUse",
          "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance"
              + " request(s) still in the group.");
    }
    group.delete();
    return DeleteAutoScalingGroupResponse.builder().build();
  }

  @Override
  public SuspendProcessesResponse suspendProcesses(SuspendProcessesRequest request) {
    changeable(request.autoScalingGroupName())
        .suspended()
        .addAll(processes(request.scalingProcesses()));
    return SuspendProcessesResponse.builder().build();
  }

  @Override
  public ResumeProcessesResponse resumeProcesses(ResumeProcessesRequest request) {
    ScalingGroup group = changeable(request.autoScalingGroupName());
    group.suspended().removeAll(processes(request.scalingProcesses()));
    group.resize(group.sizes());
    return ResumeProcessesResponse.builder().build();
  }

  private List<String> processes(List<String> named) {
    if (named.isEmpty() || !PROCESSES.containsAll(named)) {
      throw notModelled("processes other than Launch and Terminate: " + named);
    }
    return named;
  }

  @Override
  public SetInstanceProtectionResponse setInstanceProtection(SetInstanceProtectionRequest request) {
    ScalingGroup group = changeable(request.autoScalingGroupName());
    List<Member> members = request.instanceIds().stream()
        .map(id -> group.members().stream()
            .filter(member -> member.machine().id().equals(id))
            .findFirst()
            .orElseThrow(() -> invalid("The instance " + id + " is not part of Auto Scaling group "
                + request.autoScalingGroupName() + ".")))
        .toList();
    members.forEach(member -> member.guard(request.protectedFromScaleIn()));
    return SetInstanceProtectionResponse.builder().build();
  }

  @Override
  public DescribeAutoScalingGroupsResponse describeAutoScalingGroups(
      DescribeAutoScalingGroupsRequest request) {
    RequestFields.only(this, request, "AutoScalingGroupNames", "NextToken", "MaxRecords");
    int size = request.maxRecords() == null ? PAGE : request.maxRecords();
    if (size < 1 || size > LARGEST_PAGE) {
      throw invalid("1 validation error detected: Value '" + size + "' at 'maxRecords' failed to"
          + " satisfy constraint: Member must have value less than or equal to " + LARGEST_PAGE);
    }
    List<ScalingGroup> found = List.copyOf(groups.values()).stream()
        .filter(group -> request.autoScalingGroupNames().isEmpty()
            || request.autoScalingGroupNames().contains(group.made().name()))
        .filter(group -> present(group.made().name()))
        .toList();
    NumberedPages.Page<ScalingGroup> page = pages.page(found, request.nextToken(), size);
    return DescribeAutoScalingGroupsResponse.builder()
        .autoScalingGroups(page.items().stream().map(this::shown).toList())
        .nextToken(page.next())
        .build();
  }

  private AutoScalingGroup shown(ScalingGroup group) {
    ScalingGroup.Made made = group.made();
    LaunchSources.From source =
        from.getOrDefault(made.name(), new LaunchSources.From(null, null, made.launch()));
    return AutoScalingGroup.builder()
        .autoScalingGroupName(made.name())
        .autoScalingGroupARN("arn:aws:autoscaling:" + region + ":" + FakeAws.ACCOUNT
            + ":autoScalingGroup:" + made.number() + ":autoScalingGroupName/" + made.name())
        .launchConfigurationName(source.configuration())
        .launchTemplate(source.template())
        .minSize(group.sizes().least())
        .maxSize(group.sizes().most())
        .desiredCapacity(group.sizes().desired())
        .availabilityZones(made.zones().stream().map(Site::name).distinct().toList())
        .vpcZoneIdentifier(made.subnets())
        .healthCheckType("EC2")
        .createdTime(made.created())
        .status(group.deleting() ? "Delete in progress" : null)
        .suspendedProcesses(group.suspended().stream()
            .map(process -> SuspendedProcess.builder().processName(process).build())
            .toList())
        .tags(made.tags().entrySet().stream()
            .map(tag -> TagDescription.builder()
                .resourceId(made.name())
                .resourceType("auto-scaling-group")
                .key(tag.getKey())
                .value(tag.getValue())
                .build())
            .toList())
        .instances(group.members().stream().map(member -> shown(member, source)).toList())
        .build();
  }

  private static Instance shown(Member member, LaunchSources.From source) {
    Machine machine = member.machine();
    return Instance.builder()
        .instanceId(machine.id())
        .instanceType(machine.launch().type())
        .availabilityZone(machine.zone().name())
        .lifecycleState(member.lifecycle())
        .healthStatus(member.healthy() ? "Healthy" : "Unhealthy")
        .protectedFromScaleIn(member.guarded())
        .launchConfigurationName(source.configuration())
        .launchTemplate(source.template())
        .build();
  }
}
