package io.drkit.testkit.aws;

import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CopyImageRequest;
import software.amazon.awssdk.services.ec2.model.CreateImageRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** The images of one region: a public one of Amazon, and those that the account made. What is made or copied is pending at first. */
final class MachineImages {
  private static final String AMAZON = "137112412989";
  private static final int MOST_ON_A_PAGE = 1_000;

  private final FakeEc2 ec2;
  private final Map<String, MachineImage> images = new LinkedHashMap<>();
  private final ClientTokens<String> copied = new ClientTokens<>();
  private final NumberedPages<MachineImage> pages;
  private final Ec2Filters<MachineImage> filters;

  /** Where an image was copied from. */
  private record Source(String image, Site region) {}

  private static final class MachineImage {
    final String id;
    final long number;
    final String name;
    final @Nullable String description;
    final String owner;
    final Instant created;
    final Instant visibleAt;
    final Site madeFrom;
    final Duration takes;
    final @Nullable Source source;
    final Map<String, String> tags = new LinkedHashMap<>();
    boolean deregistered;

    MachineImage(
        FakeEc2 ec2,
        long number,
        String name,
        @Nullable String description,
        String owner,
        Site madeFrom,
        @Nullable Source source) {
      boolean own = !owner.equals(AMAZON);
      this.id = ec2.aws.newId("ami-", 17);
      this.number = number;
      this.name = name;
      this.description = description;
      this.owner = owner;
      this.created = ec2.now();
      this.visibleAt = own ? ec2.aws.visibleAt(id) : Instant.MIN;
      this.madeFrom = madeFrom;
      this.takes = own ? ec2.aws.machineRoom().imageTime() : Duration.ZERO;
      this.source = source;
    }
  }

  MachineImages(FakeEc2 ec2) {
    this.ec2 = ec2;
    this.pages = new NumberedPages<>(ec2, image -> image.number, "InvalidNextToken");
    this.filters = new Ec2Filters<MachineImage>(ec2, "DescribeImages", image -> image.tags)
        .by("name", image -> image.name)
        .by("image-id", image -> image.id)
        .by("state", image -> state(image).toString())
        .by("owner-id", image -> image.owner)
        .by("is-public", image -> String.valueOf(image.owner.equals(AMAZON)));
    MachineImage amazons = new MachineImage(
        ec2, 0, "al2023-ami-minimal-x86_64", "Amazon Linux 2023", AMAZON, ec2.region, null);
    images.put(amazons.id, amazons);
  }

  /** An image is done when what it is made from was there for long enough, and its own region, too. */
  private ImageState state(MachineImage image) {
    if (image.takes.isZero()) {
      return ImageState.AVAILABLE;
    }
    for (Site needed : List.of(image.madeFrom, ec2.region)) {
      boolean done = ec2.aws
          .cloud()
          .doneAt(needed, image.created, image.takes)
          .filter(at -> !at.isAfter(ec2.now()))
          .isPresent();
      if (!done) {
        return ImageState.PENDING;
      }
    }
    return ImageState.AVAILABLE;
  }

  /** Refuses what cannot be launched or copied. */
  void checkUsable(@Nullable String id) {
    usable(id);
  }

  private MachineImage usable(@Nullable String id) {
    if (id == null) {
      throw ec2.refused(400, "MissingParameter", "The request must contain the parameter ImageId");
    }
    MachineImage image = known(id);
    if (image.deregistered || state(image) != ImageState.AVAILABLE) {
      throw ec2.refused(
          400, "InvalidAMIID.Unavailable", "The image ID '" + id + "' is not available");
    }
    return image;
  }

  private MachineImage known(String id) {
    if (!id.startsWith("ami-")) {
      throw ec2.refused(
          400, "InvalidAMIID.Malformed", "Invalid id: \"" + id + "\" (expecting \"ami-...\")");
    }
    MachineImage image = images.get(id);
    if (image == null || image.visibleAt.isAfter(ec2.now())) {
      throw ec2.refused(400, "InvalidAMIID.NotFound", "The image id '[" + id + "]' does not exist");
    }
    return image;
  }

  Map<String, String> tagsOf(String id) {
    return known(id).tags;
  }

  String copy(CopyImageRequest request) {
    RequestFields.only(
        ec2,
        request,
        "ClientToken",
        "Description",
        "Name",
        "SourceImageId",
        "SourceRegion",
        "CopyImageTags",
        "TagSpecifications");
    return copied.once(
        ec2, request.clientToken(), "", request, () -> copyOnce(request), before -> {});
  }

  private String copyOnce(CopyImageRequest request) {
    checkName(request.name());
    if (request.sourceRegion() == null) {
      throw ec2.refused(
          400, "MissingParameter", "The request must contain the parameter SourceRegion");
    }
    Site from = ec2.source(request.sourceRegion())
        .orElseThrow(() -> ec2.refused(
            400, "InvalidParameterValue", "Invalid source region: " + request.sourceRegion()));
    MachineImage source = FakeEc2.in(ec2.aws, from).images().usable(request.sourceImageId());
    MachineImage image = new MachineImage(
        ec2,
        images.size(),
        request.name(),
        request.description(),
        FakeAws.ACCOUNT,
        from,
        new Source(source.id, from));
    if (Boolean.TRUE.equals(request.copyImageTags())) {
      source.tags.forEach((key, value) -> {
        if (!key.startsWith("aws:")) {
          image.tags.put(key, value);
        }
      });
    }
    image.tags.putAll(ec2.tags(request.tagSpecifications(), ResourceType.IMAGE));
    images.put(image.id, image);
    return image.id;
  }

  String create(CreateImageRequest request) {
    RequestFields.only(
        ec2, request, "InstanceId", "Name", "Description", "NoReboot", "TagSpecifications");
    checkName(request.name());
    Machine machine = ec2.machines().find(List.of(request.instanceId())).get(0);
    if (!machine.is(InstanceStateName.RUNNING, InstanceStateName.STOPPED)) {
      throw ec2.refused(
          400,
          "IncorrectState",
          "Instance '" + machine.id() + "' is not in a state from which an image can be made");
    }
    MachineImage image = new MachineImage(
        ec2,
        images.size(),
        request.name(),
        request.description(),
        FakeAws.ACCOUNT,
        machine.zone(),
        null);
    image.tags.putAll(ec2.tags(request.tagSpecifications(), ResourceType.IMAGE));
    images.put(image.id, image);
    return image.id;
  }

  private void checkName(@Nullable String name) {
    if (name == null) {
      throw ec2.refused(400, "MissingParameter", "The request must contain the parameter Name");
    }
    if (name.length() < 3 || name.length() > 128) {
      throw ec2.refused(
          400,
          "InvalidAMIName.Malformed",
          "AMI names must be between 3 and 128 characters long: " + name);
    }
    for (MachineImage image : images.values()) {
      if (image.name.equals(name) && !image.deregistered && !image.owner.equals(AMAZON)) {
        throw ec2.refused(
            400,
            "InvalidAMIName.Duplicate",
            "AMI name " + name + " is already in use by AMI " + image.id);
      }
    }
  }

  void deregister(String id) {
    MachineImage image = known(id);
    if (image.owner.equals(AMAZON)) {
      throw ec2.refused(
          400, "AuthFailure", "Not authorized for image '" + id + "'; it is Amazon's");
    }
    if (image.deregistered) {
      throw ec2.refused(
          400, "InvalidAMIID.Unavailable", "The image ID '" + id + "' is not available");
    }
    image.deregistered = true;
  }

  DescribeImagesResponse describe(DescribeImagesRequest request) {
    RequestFields.only(ec2, request, "ImageIds", "Owners", "Filters", "NextToken", "MaxResults");
    filters.check(request.filters());
    List<MachineImage> asked = new ArrayList<>(images.values());
    if (!request.imageIds().isEmpty()) {
      asked = request.imageIds().stream().map(this::known).toList();
    }
    List<MachineImage> found = asked.stream()
        .filter(image -> !image.deregistered && !image.visibleAt.isAfter(ec2.now()))
        .filter(image -> owned(image, request.owners()))
        .filter(image -> filters.met(request.filters(), image))
        .toList();
    int size = request.maxResults() == null ? MOST_ON_A_PAGE : request.maxResults();
    if (size < 1 || size > MOST_ON_A_PAGE) {
      throw ec2.refused(
          400,
          "InvalidParameterValue",
          "Value ( " + size + " ) for parameter maxResults is invalid. Expecting a value between 1"
              + " and " + MOST_ON_A_PAGE + ".");
    }
    NumberedPages.Page<MachineImage> page = pages.page(found, request.nextToken(), size);
    return DescribeImagesResponse.builder()
        .images(page.items().stream().map(this::shown).toList())
        .nextToken(page.next())
        .build();
  }

  private static boolean owned(MachineImage image, List<String> owners) {
    return owners.isEmpty()
        || owners.stream().anyMatch(owner -> switch (owner) {
          case "self" -> image.owner.equals(FakeAws.ACCOUNT);
          case "amazon" -> image.owner.equals(AMAZON);
          default -> image.owner.equals(owner);
        });
  }

  private Image shown(MachineImage image) {
    boolean amazons = image.owner.equals(AMAZON);
    Source source = image.source;
    Image.Builder shown = Image.builder()
        .imageId(image.id)
        .name(image.name)
        .description(image.description)
        .ownerId(image.owner)
        .imageOwnerAlias(amazons ? "amazon" : null)
        .publicLaunchPermissions(amazons)
        .state(state(image))
        .architecture("x86_64")
        .creationDate(image.created.truncatedTo(ChronoUnit.MILLIS).toString())
        .tags(FakeEc2.tags(image.tags));
    if (source != null) {
      shown.sourceImageId(source.image()).sourceImageRegion(source.region().name());
    }
    return shown.build();
  }
}
