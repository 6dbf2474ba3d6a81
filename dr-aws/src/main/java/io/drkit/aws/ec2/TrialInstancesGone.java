package io.drkit.aws.ec2;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.aws.AwsEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;

/**
 * The state in which nothing is left of the instances that rehearsals launched of an image. Only what carries the tag of a rehearsal
 * is terminated. Calls DescribeInstances and TerminateInstances on EC2's control plane in the recovery region.
 */
record TrialInstancesGone(Machines machines, String image) implements FailoverAction {
  /** The tag that tells a rehearsal's instance from production's; its value is the image's name. */
  static final String TRIAL = "drkit:rehearsal";

  /** How long EC2 may not show what was launched: a launch whose answer was lost is waited for. */
  private static final Duration UNSEEN = Duration.ofSeconds(60);

  @Override
  public String describe() {
    return "no instance of " + image + " is left of a rehearsal";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    List<String> ending = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (Instance instance : left(context, machines.ec2(context, context.to()))) {
      boolean ends = instance.state().name() == InstanceStateName.SHUTTING_DOWN;
      (ends ? ending : left).add(instance.instanceId());
    }
    if (!left.isEmpty()) {
      return Progress.pending("left of the rehearsal: " + String.join(", ", left));
    }
    if (!ending.isEmpty()) {
      return Progress.underway(String.join(", ", ending) + " shutting down");
    }
    Optional<Instant> asked = context.askedAt().filter(at -> context.applied());
    if (asked.isEmpty()) {
      return Progress.pending("nothing is seen; whether something was launched shows in "
          + UNSEEN.toSeconds() + " seconds");
    }
    return context.time().now().isBefore(asked.get().plus(UNSEEN))
        ? Progress.underway("nothing is seen any more")
        : Progress.reached();
  }

  private List<Instance> left(ActionContext context, AwsEndpoint<Ec2Client> ec2) throws Exception {
    List<Instance> found = new ArrayList<>();
    String next = null;
    do {
      var page = ec2.call(
          "look for what a rehearsal left of " + image,
          Ec2Client::describeInstances,
          DescribeInstancesRequest.builder()
              .filters(
                  Machines.filter("tag:" + Ec2Instances.PLAN, context.plan()),
                  Machines.filter("tag:" + TRIAL, image),
                  Machines.filter(
                      "instance-state-name",
                      "pending",
                      "running",
                      "stopping",
                      "stopped",
                      "shutting-down"))
              .nextToken(next)
              .build());
      page.reservations().forEach(reservation -> found.addAll(reservation.instances()));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    return found;
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    var ec2 = machines.ec2(context, context.to());
    List<String> ids =
        left(context, ec2).stream().map(Instance::instanceId).sorted().toList();
    if (!ids.isEmpty()) {
      ec2.call(
          "terminate what a rehearsal left of " + image,
          Ec2Client::terminateInstances,
          TerminateInstancesRequest.builder().instanceIds(ids).build());
    }
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(Machines.EC2.control(direction.to()));
  }
}
