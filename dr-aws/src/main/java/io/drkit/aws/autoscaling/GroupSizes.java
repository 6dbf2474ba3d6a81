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
import io.drkit.Site;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.UpdateAutoScalingGroupRequest;

/**
 * A group has the sizes that were journaled before they were changed; the way back of a fence and of a capacity.
 *
 * @param site which of the direction's sites the group is in
 */
record GroupSizes(
    AutoScalingGroups groups,
    PerSite<String> group,
    Function<Direction, Site> site,
    int minimum,
    int maximum,
    int desired)
    implements FailoverAction {

  /** The way back to journaled sizes; none if the journal has none. */
  static Optional<FailoverAction> before(
      AutoScalingGroups groups,
      PerSite<String> group,
      Function<Direction, Site> site,
      Evidence before) {
    String minimum = before.facts().get("minimum");
    String maximum = before.facts().get("maximum");
    String desired = before.facts().get("desired");
    if (minimum == null || maximum == null || desired == null) {
      return Optional.empty();
    }
    return Optional.of(new GroupSizes(
        groups,
        group,
        site,
        Integer.parseInt(minimum),
        Integer.parseInt(maximum),
        Integer.parseInt(desired)));
  }

  @Override
  public String describe() {
    return "group " + group + " has its sizes from before (" + minimum + " to " + maximum
        + ", desired " + desired + ")";
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    AutoScalingGroup now = find(context);
    // Once they are put back, a scaling policy may want another number between the limits.
    boolean asBefore = now.minSize() == minimum
        && now.maxSize() == maximum
        && (context.applied() || now.desiredCapacity() == desired);
    return asBefore
        ? Progress.reached(GroupCapacity.sizes(now))
        : Progress.pending(
            "group " + now.autoScalingGroupName() + " wants " + now.desiredCapacity() + " of "
                + desired + " instances",
            GroupCapacity.sizes(now));
  }

  private AutoScalingGroup find(ActionContext context) throws Exception {
    Site where = site.apply(context.direction());
    String name = group.get(where);
    return AutoScalingGroups.find(groups.endpoint(context, where), name)
        .orElseThrow(() -> new DrException("look at group " + name + " failed: there is no such"
            + " Auto Scaling group in " + where));
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    Site where = site.apply(context.direction());
    groups
        .endpoint(context, where)
        .call(
            "put back the sizes of group " + group.get(where),
            AutoScalingClient::updateAutoScalingGroup,
            UpdateAutoScalingGroupRequest.builder()
                .autoScalingGroupName(group.get(where))
                .minSize(minimum)
                .maxSize(maximum)
                .desiredCapacity(desired)
                .build());
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  @Override
  public List<Need> needs(Direction direction) {
    return List.of(AutoScalingGroups.AUTO_SCALING.control(site.apply(direction)));
  }
}
