package io.drkit.aws.autoscaling;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.DrException;
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
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;
import software.amazon.awssdk.services.autoscaling.model.UpdateAutoScalingGroupRequest;

/** See {@link AutoScalingGroups#capacity}. */
record GroupCapacity(AutoScalingGroups groups, PerSite<String> group, int wanted)
    implements FailoverAction {
  @Override
  public String describe() {
    return wanted
        + (wanted == 1 ? " instance of group " : " instances of group ")
        + group
        + (wanted == 1 ? " is in service" : " are in service");
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    String name = group.get(context.to());
    Optional<AutoScalingGroup> found =
        AutoScalingGroups.find(groups.endpoint(context, context.to()), name);
    if (found.isEmpty()) {
      return Progress.blocked("there is no Auto Scaling group " + name + " in " + context.to()
          + "; it must be there before the disaster");
    }
    AutoScalingGroup now = found.get();
    List<String> serving = now.instances().stream()
        .filter(each -> each.lifecycleState() == LifecycleState.IN_SERVICE
            && each.healthStatus().equalsIgnoreCase("Healthy"))
        .map(Instance::instanceId)
        .sorted()
        .toList();
    if (now.desiredCapacity() < wanted || now.minSize() < wanted || now.maxSize() < wanted) {
      return Progress.pending(
          "group " + name + " wants " + now.desiredCapacity() + " of " + wanted + " instances",
          sizes(now));
    }
    if (serving.size() >= wanted) {
      return Progress.reached(sizes(now).and("inService", String.join(", ", serving)));
    }
    if (now.suspendedProcesses().stream().anyMatch(GroupCapacity::keepsFromLaunching)) {
      return Progress.blocked("group " + name + " in " + context.to() + " launches nothing: its"
          + " process Launch is suspended; resume it");
    }
    return Progress.underway(
        100 * serving.size() / wanted, serving.size() + " of " + wanted + " are in service");
  }

  private static boolean keepsFromLaunching(SuspendedProcess process) {
    return "Launch".equals(process.processName());
  }

  static Evidence sizes(AutoScalingGroup now) {
    return Evidence.of("group", now.autoScalingGroupName())
        .and("minimum", now.minSize().toString())
        .and("maximum", now.maxSize().toString())
        .and("desired", now.desiredCapacity().toString());
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    String name = group.get(context.to());
    var autoScaling = groups.endpoint(context, context.to());
    AutoScalingGroup now = AutoScalingGroups.find(autoScaling, name)
        .orElseThrow(() -> new DrException(
            "scale group " + name + " failed: there is no such group" + " in " + context.to()));
    autoScaling.call(
        "scale group " + name + " to " + wanted,
        AutoScalingClient::updateAutoScalingGroup,
        UpdateAutoScalingGroupRequest.builder()
            .autoScalingGroupName(name)
            .minSize(Math.max(now.minSize(), wanted))
            .maxSize(Math.max(now.maxSize(), wanted))
            .desiredCapacity(Math.max(now.desiredCapacity(), wanted))
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
    return List.of(AutoScalingGroups.AUTO_SCALING.control(direction.to()));
  }

  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return GroupSizes.before(groups, group, Direction::to, before);
  }
}
