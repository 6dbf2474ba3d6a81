package io.drkit.aws.autoscaling;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;
import software.amazon.awssdk.services.autoscaling.model.UpdateAutoScalingGroupRequest;

/** See {@link AutoScalingGroups#stopped}. */
record GroupStop(AutoScalingGroups groups, PerSite<String> group) implements FailoverAction {
  @Override
  public String describe() {
    return "no instance of group " + group + " is left in the site that is left";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    String name = group.get(context.from());
    Optional<AutoScalingGroup> found =
        AutoScalingGroups.find(groups.endpoint(context, context.from()), name);
    if (found.isEmpty()) {
      // A name that is spelt wrongly must not prove anything.
      return Progress.blocked("there is no Auto Scaling group " + name + " in " + context.from()
          + ", so nothing proves that its writers are gone; check the name");
    }
    AutoScalingGroup now = found.get();
    if (now.minSize() > 0 || now.maxSize() > 0 || now.desiredCapacity() > 0) {
      return Progress.pending(
          "group " + name + " wants " + now.desiredCapacity() + " instances",
          GroupCapacity.sizes(now));
    }
    List<Instance> left = now.instances();
    if (left.isEmpty()) {
      return Progress.reached(Evidence.of("group", name).and("instances", "none"));
    }
    return whatKeepsThem(now)
        .map(reason -> Progress.blocked(
            "group " + name + " in " + context.from() + " keeps " + ids(left) + ": " + reason))
        .map(Progress.class::cast)
        .orElseGet(
            () -> Progress.underway(left.size() + " instances are being terminated: " + ids(left)));
  }

  private static Optional<String> whatKeepsThem(AutoScalingGroup now) {
    if (now.suspendedProcesses().stream()
        .map(SuspendedProcess::processName)
        .anyMatch("Terminate"::equals)) {
      return Optional.of("its process Terminate is suspended; resume it");
    }
    boolean allProtected =
        now.instances().stream().allMatch(each -> Boolean.TRUE.equals(each.protectedFromScaleIn()));
    return allProtected
        ? Optional.of("they are protected from scale-in; remove the protection")
        : Optional.empty();
  }

  private static String ids(List<Instance> instances) {
    return String.join(
        ", ", instances.stream().map(Instance::instanceId).sorted().toList());
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    String name = group.get(context.from());
    groups
        .endpoint(context, context.from())
        .call(
            "stop group " + name,
            AutoScalingClient::updateAutoScalingGroup,
            UpdateAutoScalingGroupRequest.builder()
                .autoScalingGroupName(name)
                .minSize(0)
                // A policy or a schedule could scale out again if there was room.
                .maxSize(0)
                .desiredCapacity(0)
                .build());
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  @Override
  public Reversibility reversibility() {
    return Reversibility.REVERSIBLE;
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(AutoScalingGroups.AUTO_SCALING.control(direction.from()));
  }

  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return GroupSizes.before(groups, group, Direction::from, before);
  }
}
