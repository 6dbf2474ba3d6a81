package io.drkit.aws.ec2;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Rehearsal;
import io.drkit.Repeatability;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsEndpoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * The state in which a number of instances of an own image run in the site that takes over (WP-16, WP-41 f). Immutable; each
 * method that sets something returns a new state. Thread-safe.
 *
 * <p>Instances are found again by the tags {@code drkit:plan} and {@code drkit:step}, which the launching request sets
 * itself, so that a second run and another process find them, too. Only those that are missing are launched: what is
 * terminated or stopped does not count. More than wanted is reported, and never terminated.
 *
 * <p>A launch carries a client token that is made from what was seen to run: repeated after an answer that was lost, it has
 * no further effect. EC2 may show an instance some seconds after it was launched; the engine waits a minute for that. If it takes longer,
 * more than wanted may be launched.
 *
 * <p>Calls DescribeInstances, DescribeImages and RunInstances (with CreateTags in the same request), on EC2's control plane
 * in the recovery region. If a zone has fewer machines left than wanted, those that it has are launched.
 */
public final class Ec2Instances implements FailoverAction {
  static final String PLAN = "drkit:plan";
  private static final String STEP = "drkit:step";

  private final Machines machines;
  private final String image;
  private final int count;
  private final String type;
  private final Surroundings surroundings;
  private final @Nullable PerSite<String> rehearsalSubnet;
  private final boolean trial;

  /** What instances are launched into and with; EC2's defaults where something is not set. */
  private record Surroundings(
      @Nullable PerSite<String> subnet,
      @Nullable PerSite<List<String>> securityGroups,
      @Nullable PerSite<String> instanceProfile,
      @Nullable String userData) {}

  private Ec2Instances(
      Machines machines,
      String image,
      int count,
      String type,
      Surroundings surroundings,
      @Nullable PerSite<String> rehearsalSubnet,
      boolean trial) {
    this.machines = machines;
    this.image = image;
    this.count = count;
    this.type = type;
    this.surroundings = surroundings;
    this.rehearsalSubnet = rehearsalSubnet;
    this.trial = trial;
  }

  private Ec2Instances with(Surroundings other) {
    return new Ec2Instances(machines, image, count, type, other, rehearsalSubnet, trial);
  }

  /**
   * Returns the state in which instances run.
   *
   * @param clients never closed here
   * @param image the name of an own image, which must be in the recovery region before the disaster: see {@link Ec2Images}
   * @param type the instance type, for example {@code m7g.large}
   * @param count how many, 1 or more
   * @throws IllegalArgumentException if the image or the type is blank, or the count less than 1
   */
  public static Ec2Instances running(AwsClients clients, String image, String type, int count) {
    if (type.isBlank()) {
      throw new IllegalArgumentException(
          "an instance type must not be blank; use one such as m7g.large");
    }
    if (count < 1) {
      throw new IllegalArgumentException("count must be 1 or more: " + count);
    }
    return new Ec2Instances(
        new Machines(Objects.requireNonNull(clients, "clients")),
        Ec2Images.checked(image),
        count,
        type,
        new Surroundings(null, null, null, null),
        null,
        false);
  }

  /**
   * Launches into a subnet; into the default one by default.
   *
   * @param ids the subnet's id in each site
   */
  public Ec2Instances subnet(PerSite<String> ids) {
    Surroundings s = surroundings;
    return with(new Surroundings(ids, s.securityGroups, s.instanceProfile, s.userData));
  }

  /**
   * Launches with security groups; with the VPC's default one by default.
   *
   * @param ids the groups' ids in each site
   */
  public Ec2Instances securityGroups(PerSite<List<String>> ids) {
    Surroundings s = surroundings;
    return with(new Surroundings(s.subnet, ids, s.instanceProfile, s.userData));
  }

  /**
   * Gives the instances a role (WP-32); none by default. The engine's role then needs {@code iam:PassRole} for it.
   *
   * @param names the instance profile's name in each site
   */
  public Ec2Instances instanceProfile(PerSite<String> names) {
    Surroundings s = surroundings;
    return with(new Surroundings(s.subnet, s.securityGroups, names, s.userData));
  }

  /**
   * Hands a script to the instances that runs when they first start, for what is not in the image (WP-33); none by default.
   * It is readable on the instance: it must not hold a secret.
   *
   * @param script plain text; it is encoded here
   */
  public Ec2Instances userData(String script) {
    Surroundings s = surroundings;
    return with(new Surroundings(s.subnet, s.securityGroups, s.instanceProfile, script));
  }

  /**
   * Gives the state an isolated variant for a rehearsal: one instance of the same image and type runs, with the same user data,
   * the VPC's default security group and no role. It is terminated afterwards; it carries the tag {@code drkit:rehearsal}, and
   * nothing without that tag is ever terminated. None by default: a server that starts beside production may take part in it.
   *
   * @param ids the id, in each site, of a subnet from which production cannot be reached
   */
  public Ec2Instances rehearsedIn(PerSite<String> ids) {
    return new Ec2Instances(
        machines, image, count, type, surroundings, Objects.requireNonNull(ids, "ids"), trial);
  }

  /** {@return one instance in the subnet for rehearsals, if there is one} */
  @Override
  public Optional<Rehearsal> rehearsal() {
    if (rehearsalSubnet == null) {
      return Optional.empty();
    }
    Surroundings apart = new Surroundings(rehearsalSubnet, null, null, surroundings.userData);
    return Optional.of(new Rehearsal(
        new Ec2Instances(machines, image, 1, type, apart, null, true),
        new TrialInstancesGone(machines, image)));
  }

  @Override
  public String describe() {
    return count + (count == 1 ? " instance of " : " instances of ") + image + " (" + type
        + (count == 1 ? ") runs" : ") run");
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    Fleet fleet = fleet(context, machines.ec2(context, context.to()));
    if (fleet.running().size() >= count) {
      Evidence evidence = Evidence.of("instances", String.join(", ", fleet.running()));
      int more = fleet.running().size() + fleet.starting().size() - count;
      return Progress.reached(
          more == 0 ? evidence : evidence.and("moreThanWanted", Integer.toString(more)));
    }
    String detail = fleet.running().size() + " of " + count + " instances run";
    return fleet.live() >= count
        ? Progress.underway(100 * fleet.running().size() / count, detail)
        : Progress.pending(detail, Evidence.of("instances", String.join(", ", fleet.liveIds())));
  }

  /** The instances that count, in the order of their ids. */
  private record Fleet(List<String> running, List<String> starting) {
    int live() {
      return running.size() + starting.size();
    }

    List<String> liveIds() {
      List<String> ids = new ArrayList<>(running);
      ids.addAll(starting);
      ids.sort(null);
      return ids;
    }
  }

  private Fleet fleet(ActionContext context, AwsEndpoint<Ec2Client> ec2) throws Exception {
    Fleet fleet = new Fleet(new ArrayList<>(), new ArrayList<>());
    String next = null;
    do {
      DescribeInstancesResponse page = ec2.call(
          "look at the instances of " + image,
          Ec2Client::describeInstances,
          DescribeInstancesRequest.builder()
              .filters(
                  Machines.filter("tag:" + PLAN, context.plan()),
                  Machines.filter("tag:" + STEP, context.step()),
                  Machines.filter("instance-state-name", "pending", "running"))
              .nextToken(next)
              .build());
      for (Instance instance : page.reservations().stream()
          .flatMap(each -> each.instances().stream())
          .toList()) {
        boolean runs = instance.state().name() == InstanceStateName.RUNNING;
        (runs ? fleet.running() : fleet.starting()).add(instance.instanceId());
      }
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    fleet.running().sort(null);
    fleet.starting().sort(null);
    return fleet;
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    var ec2 = machines.ec2(context, context.to());
    Fleet fleet = fleet(context, ec2);
    int missing = count - fleet.live();
    if (missing <= 0) {
      return;
    }
    Image found = Machines.image(ec2, image)
        .filter(each -> each.state() == ImageState.AVAILABLE)
        .orElseThrow(() -> new DrException("launch " + image + " failed: there is no usable own"
            + " image of that name in " + context.to() + "; copy it there before the disaster,"
            + " with Ec2Images"));
    // The same sight gives the same token: EC2 then drops a launch that was asked for already.
    // Another sight, such as one of
    // the instances gone, gives another token, because the old one would not launch again.
    String token = context.token("launch " + missing + " beside " + fleet.liveIds());
    ec2.call("launch " + image, Ec2Client::runInstances, launch(context, found, missing, token));
  }

  private RunInstancesRequest launch(
      ActionContext context, Image found, int missing, String token) {
    RunInstancesRequest.Builder request = RunInstancesRequest.builder()
        .imageId(found.imageId())
        .instanceType(type)
        // A zone that has not enough machines gives those that it has; the rest is asked for again.
        .minCount(1)
        .maxCount(missing)
        .clientToken(token)
        .tagSpecifications(TagSpecification.builder()
            .resourceType(ResourceType.INSTANCE)
            .tags(tags(context))
            .build());
    if (surroundings.subnet != null) {
      request.subnetId(surroundings.subnet.get(context.to()));
    }
    if (surroundings.securityGroups != null) {
      request.securityGroupIds(surroundings.securityGroups.get(context.to()));
    }
    if (surroundings.instanceProfile != null) {
      String name = surroundings.instanceProfile.get(context.to());
      request.iamInstanceProfile(profile -> profile.name(name));
    }
    if (surroundings.userData != null) {
      request.userData(Base64.getEncoder()
          .encodeToString(surroundings.userData.getBytes(StandardCharsets.UTF_8)));
    }
    return request.build();
  }

  private List<Tag> tags(ActionContext context) {
    List<Tag> tags = new ArrayList<>(
        List.of(tag("Name", image), tag(PLAN, context.plan()), tag(STEP, context.step())));
    if (trial) {
      tags.add(tag(TrialInstancesGone.TRIAL, image));
    }
    return tags;
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.observed(Duration.ofSeconds(60));
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(Machines.EC2.control(direction.to()));
  }
}
