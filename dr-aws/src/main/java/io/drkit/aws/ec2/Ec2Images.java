package io.drkit.aws.ec2;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.aws.AwsClients;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CopyImageRequest;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;

/**
 * Own machine images (AMIs) that are kept ready in the recovery region (WP-17, WP-41 c, WP-42 b). An image is known by its
 * name, because its id differs from region to region. Immutable and thread-safe.
 */
public final class Ec2Images {
  private final Machines machines;

  private Ec2Images(Machines machines) {
    this.machines = machines;
  }

  /**
   * Returns the images of the account that the clients ask for.
   *
   * @param clients never closed here
   */
  public static Ec2Images of(AwsClients clients) {
    return new Ec2Images(new Machines(Objects.requireNonNull(clients, "clients")));
  }

  /**
   * Returns the state in which an own image of this name is usable in the site that takes over. It is copied, with its tags,
   * from the site that is left: part of the preparation. An image that changes needs a new name, for example with its build
   * number: one that is there already is not compared with its source.
   *
   * <p>Calls DescribeImages and CopyImage, on EC2's control plane in both regions. CopyImage carries a client token, and the
   * copy is found again by its name. AWS publishes no figure for how long a copy takes.
   *
   * @param name the image's name in every region
   * @throws IllegalArgumentException if it is blank
   */
  public FailoverAction copied(String name) {
    return new Copied(machines, checked(name));
  }

  static String checked(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "an image's name must not be blank; use the name that it has in every region");
    }
    return name;
  }

  private record Copied(Machines machines, String name) implements FailoverAction {
    @Override
    public String describe() {
      return "image " + name + " is in the recovery region";
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      Optional<Image> found = Machines.image(machines.ec2(context, context.to()), name);
      if (found.isEmpty()) {
        return Progress.pending("there is no own image " + name + " in " + context.to());
      }
      Image image = found.get();
      return switch (image.state()) {
        case AVAILABLE -> Progress.reached(Evidence.of("image", image.imageId()));
        case PENDING, TRANSIENT -> Progress.underway("image " + image.imageId() + " is being made");
        default ->
          Progress.blocked("image " + image.imageId() + " (" + name + ") in " + context.to()
              + " is " + state(image) + "; deregister it, so that it is copied again");
      };
    }

    private static String state(Image image) {
      String reason = image.stateReason() == null ? null : image.stateReason().message();
      return image.stateAsString() + (reason == null ? "" : " (" + reason + ")");
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      var to = machines.ec2(context, context.to());
      Image source = Machines.image(machines.ec2(context, context.from()), name)
          .filter(image -> image.state() == ImageState.AVAILABLE)
          .orElseThrow(() -> new DrException("copy image " + name + " failed: there is no usable"
              + " own image of that name in " + context.from() + "; build it there first"));
      to.call(
          "copy image " + name,
          Ec2Client::copyImage,
          CopyImageRequest.builder()
              .name(name)
              .description(source.description())
              .sourceImageId(source.imageId())
              .sourceRegion(context.from().region().orElse(context.from()).name())
              .copyImageTags(true)
              .clientToken(context.token("image"))
              .build());
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.observed(Duration.ofSeconds(15));
    }

    @Override
    public List<Need> needs(Direction direction) {
      return List.of(Machines.EC2.control(direction.from()), Machines.EC2.control(direction.to()));
    }
  }
}
