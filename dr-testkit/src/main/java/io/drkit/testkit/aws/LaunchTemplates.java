package io.drkit.testkit.aws;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CreateLaunchTemplateRequest;
import software.amazon.awssdk.services.ec2.model.LaunchTemplate;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateIamInstanceProfileSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.RequestLaunchTemplateData;

/** The launch templates of one region, each of one version. */
final class LaunchTemplates {
  private final FakeEc2 ec2;
  private final ClientTokens<LaunchTemplate> created = new ClientTokens<>();
  private final Map<String, Known> byName = new LinkedHashMap<>();

  /** A template and what it launches. */
  record Known(String id, String name, Machine.Launch launch) {}

  LaunchTemplates(FakeEc2 ec2) {
    this.ec2 = ec2;
  }

  LaunchTemplate create(CreateLaunchTemplateRequest request) {
    return created.once(
        ec2, request.clientToken(), "", request, () -> createOnce(request), before -> {});
  }

  private LaunchTemplate createOnce(CreateLaunchTemplateRequest request) {
    RequestFields.only(ec2, request, "LaunchTemplateName", "LaunchTemplateData");
    RequestLaunchTemplateData data = request.launchTemplateData();
    RequestFields.only(
        ec2,
        data,
        "ImageId",
        "InstanceType",
        "KeyName",
        "SecurityGroupIds",
        "UserData",
        "IamInstanceProfile");
    String name = request.launchTemplateName();
    if (byName.containsKey(name)) {
      throw ec2.refused(
          400,
          "InvalidLaunchTemplateName.AlreadyExistsException",
          "Launch template name already in use.");
    }
    if (data.imageId() == null || data.instanceType() == null) {
      throw ec2.notModelled("CreateLaunchTemplate without an image and an instance type");
    }
    Known template = new Known(
        ec2.aws.newId("lt-", 17),
        name,
        new Machine.Launch(
            data.imageId(),
            data.instanceTypeAsString(),
            data.keyName(),
            data.securityGroupIds(),
            profile(data.iamInstanceProfile()),
            Map.of()));
    byName.put(name, template);
    return LaunchTemplate.builder()
        .launchTemplateId(template.id())
        .launchTemplateName(name)
        .createTime(ec2.now())
        .defaultVersionNumber(1L)
        .latestVersionNumber(1L)
        .build();
  }

  private static @Nullable String profile(
      @Nullable LaunchTemplateIamInstanceProfileSpecificationRequest asked) {
    return asked == null ? null : FakeEc2.profile(asked.arn(), asked.name());
  }

  /** A template by its id or its name; nothing if there is none. */
  @Nullable
  Known find(@Nullable String id, @Nullable String name) {
    if (id == null) {
      return name == null ? null : byName.get(name);
    }
    return byName.values().stream()
        .filter(template -> template.id().equals(id))
        .findFirst()
        .orElse(null);
  }
}
