package io.drkit.aws.autoscaling;

import io.drkit.ActionContext;
import io.drkit.FailoverAction;
import io.drkit.PerSite;
import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsEndpoint;
import io.drkit.aws.AwsService;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsRequest;

/**
 * Auto Scaling groups as wanted states: one that carries the load in the site that takes over, one that is stopped in the
 * site that is left. Immutable and thread-safe.
 *
 * <p>Both states are asked for with UpdateAutoScalingGroup and looked up with DescribeAutoScalingGroups, on the control plane
 * of Auto Scaling in one region; asking again does no harm.
 */
public final class AutoScalingGroups {
  static final AwsService<AutoScalingClient> AUTO_SCALING =
      AwsService.regional("autoscaling", AutoScalingClient.class, AutoScalingClient::builder);

  private final AwsClients clients;

  private AutoScalingGroups(AwsClients clients) {
    this.clients = clients;
  }

  /**
   * Returns the groups of the account that the clients ask for.
   *
   * @param clients never closed here
   */
  public static AutoScalingGroups of(AwsClients clients) {
    return new AutoScalingGroups(Objects.requireNonNull(clients, "clients"));
  }

  /**
   * Returns the state in which a group in the site that takes over has at least some instances in service (WP-41 f, WP-42 f
   * and h). Minimum and maximum are raised as far as needed and never lowered: a policy cannot scale the group in below the
   * number during the recovery. Set the minimum back when the event is over (WP-65).
   *
   * <p>An instance counts when Auto Scaling calls it InService and Healthy, which includes the load balancer's own checks if
   * the group uses them.
   *
   * @param group the group's name in each site
   * @param instances how many, 1 or more
   * @throws IllegalArgumentException if it is less than 1
   */
  public FailoverAction capacity(PerSite<String> group, int instances) {
    if (instances < 1) {
      throw new IllegalArgumentException(
          "a group's capacity must be 1 or more: " + instances + "; use stopped(...) for none");
    }
    return new GroupCapacity(this, Objects.requireNonNull(group, "group"), instances);
  }

  /**
   * Returns the fence in which a group in the site that is left has no instance any more, and cannot have one: minimum,
   * maximum and desired capacity are 0. It proves that the writers in that group are gone; what writes from elsewhere needs a
   * fence of its own. It asks the site that is left: if that is declared lost, the fence is owed.
   *
   * @param group the group's name in each site
   */
  public FailoverAction stopped(PerSite<String> group) {
    return new GroupStop(this, Objects.requireNonNull(group, "group"));
  }

  AwsEndpoint<AutoScalingClient> endpoint(ActionContext context, Site site) {
    return clients.endpoint(AUTO_SCALING, AUTO_SCALING.control(site), context);
  }

  static Optional<AutoScalingGroup> find(AwsEndpoint<AutoScalingClient> autoScaling, String name)
      throws Exception {
    return autoScaling
        .call(
            "look at group " + name,
            AutoScalingClient::describeAutoScalingGroups,
            DescribeAutoScalingGroupsRequest.builder()
                .autoScalingGroupNames(name)
                .build())
        .autoScalingGroups()
        .stream()
        .findFirst();
  }
}
