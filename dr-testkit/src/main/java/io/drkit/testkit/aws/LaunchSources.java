package io.drkit.testkit.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.autoscaling.model.CreateAutoScalingGroupRequest;
import software.amazon.awssdk.services.autoscaling.model.CreateLaunchConfigurationRequest;
import software.amazon.awssdk.services.autoscaling.model.LaunchTemplateSpecification;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** What the instances of Auto Scaling groups are launched from: launch configurations, and launch templates of EC2. */
final class LaunchSources {
  private final FakeAutoScaling fake;
  private final FakeEc2 ec2;
  private final Map<String, Machine.Launch> configurations = new LinkedHashMap<>();

  /** What a group's launches come from. */
  record From(
      @Nullable String configuration,
      @Nullable LaunchTemplateSpecification template,
      Machine.Launch launch) {}

  LaunchSources(FakeAutoScaling fake, FakeEc2 ec2) {
    this.fake = fake;
    this.ec2 = ec2;
  }

  /** Adds a launch configuration. */
  void configure(CreateLaunchConfigurationRequest request) {
    String name = request.launchConfigurationName();
    if (configurations.containsKey(name)) {
      throw fake.refused(
          400,
          "AlreadyExists",
          "Launch Configuration by this name already exists - A launch configuration already exists"
              + " with the name " + name);
    }
    if (request.imageId() == null || request.instanceType() == null) {
      throw fake.invalid(
          "Valid requests must contain the ImageId and the InstanceType parameters.");
    }
    String profile = request.iamInstanceProfile();
    Machine.Launch launch = new Machine.Launch(
        request.imageId(),
        request.instanceType(),
        request.keyName(),
        request.securityGroups(),
        profile == null || profile.startsWith("arn:") ? profile : FakeEc2.profile(null, profile),
        Map.of());
    checkLaunches(launch);
    configurations.put(name, launch);
  }

  private void checkLaunches(Machine.Launch launch) {
    try {
      ec2.images().checkUsable(launch.image());
      ec2.checkType(launch.type());
    } catch (Ec2Exception refused) {
      throw fake.invalid("You must use a valid fully-formed launch template. "
          + refused.awsErrorDetails().errorMessage());
    }
  }

  /** What the launches of a new group come from; the image and the type are there. */
  From of(CreateAutoScalingGroupRequest request) {
    From source = named(request);
    checkLaunches(source.launch());
    return source;
  }

  private From named(CreateAutoScalingGroupRequest request) {
    String configuration = request.launchConfigurationName();
    LaunchTemplateSpecification asked = request.launchTemplate();
    if ((configuration == null) == (asked == null)) {
      throw fake.invalid(
          "Valid requests must contain either LaunchTemplate, LaunchConfigurationName,"
              + " InstanceId or MixedInstancesPolicy parameter.");
    }
    if (configuration != null) {
      Machine.Launch launch = configurations.get(configuration);
      if (launch == null) {
        throw fake.invalid("Launch configuration name not found - Launch configuration "
            + configuration + " not found");
      }
      return new From(configuration, null, launch);
    }
    LaunchTemplates.Known template =
        ec2.templates().find(asked.launchTemplateId(), asked.launchTemplateName());
    if (template == null) {
      throw fake.invalid("You must use a valid fully-formed launch template. The specified launch"
          + " template, with template name " + asked.launchTemplateName() + ", does not exist.");
    }
    String version = asked.version() == null ? "$Default" : asked.version();
    if (!List.of("$Default", "$Latest", "1").contains(version)) {
      throw fake.notModelled("launch templates with more than one version");
    }
    LaunchTemplateSpecification given = LaunchTemplateSpecification.builder()
        .launchTemplateId(template.id())
        .launchTemplateName(template.name())
        .version(asked.version())
        .build();
    return new From(null, given, template.launch());
  }
}
