package io.drkit.aws;

import static java.time.Duration.ofMinutes;

import io.drkit.Disaster;
import io.drkit.FailoverAction;
import io.drkit.PerSite;
import io.drkit.Site;
import io.drkit.aws.autoscaling.AutoScalingGroups;
import io.drkit.aws.ec2.Ec2Instances;
import io.drkit.aws.route53.WeightedRecords;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeContext;
import io.drkit.testkit.aws.FakeAws;
import io.drkit.testkit.contract.ActionUnderTest;
import io.drkit.testkit.contract.FailoverActionContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.RRType;

/** One action of each service, through the engine's own eyes, on the fakes of AWS. */
class AwsActionsContractTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  /** An account in which the west has what a failover to it needs. */
  private abstract static class Account implements ActionUnderTest {
    final FakeCloud cloud =
        FakeCloud.builder().seed(4).whenLost(FakeCloud.WhenLost.REFUSE).build();
    final FakeAws aws = FakeAws.of(cloud);
    final Ec2Client west = cloud.client(Ec2Client.class, "us-west-2");
    final AutoScalingClient groups = cloud.client(AutoScalingClient.class, "us-west-2");
    final Route53Client dns = cloud.client(Route53Client.class, "us-west-2");
    final AwsClients clients = AwsClients.builder().clientsFrom(cloud::client).build();

    @Override
    public final FakeContext context() {
      return FakeContext.of(cloud.time(), EAST, WEST);
    }

    @Override
    public final void pass(Duration duration) {
      cloud.time().advance(duration);
    }

    @Override
    public void silence() {
      cloud.strike(Disaster.controlPlaneLoss(WEST));
    }
  }

  @Nested
  class InstancesThatRun extends FailoverActionContract {
    @Override
    protected ActionUnderTest world() {
      return new Fleet();
    }
  }

  private static final class Fleet extends Account {
    Fleet() {
      Production.makeImage(cloud, west);
    }

    @Override
    public FailoverAction action() {
      return Ec2Instances.running(clients, "orders-web", "t3.micro", 2);
    }

    @Override
    public Object changed() {
      return List.of(aws.running(EAST), aws.running(WEST));
    }
  }

  @Nested
  class AGroupThatIsScaled extends FailoverActionContract {
    @Override
    protected ActionUnderTest world() {
      return new Workers();
    }
  }

  private static final class Workers extends Account {
    Workers() {
      Production.makeWorkers(cloud, WEST, 1);
      pass(ofMinutes(5));
    }

    @Override
    public FailoverAction action() {
      return AutoScalingGroups.of(clients).capacity(PerSite.everywhere("orders-workers"), 3);
    }

    @Override
    public Object changed() {
      AutoScalingGroup now =
          groups.describeAutoScalingGroups().autoScalingGroups().get(0);
      return List.of(now.minSize(), now.maxSize(), now.desiredCapacity());
    }
  }

  @Nested
  class RecordsThatSendUsersOver extends FailoverActionContract {
    @Override
    protected ActionUnderTest world() {
      return new Records();
    }
  }

  private static final class Records extends Account {
    private final String zone;

    Records() {
      zone = OrdersRecords.make(dns, "east", "west");
      pass(ofMinutes(5));
    }

    @Override
    public FailoverAction action() {
      return WeightedRecords.of(clients)
          .allTraffic(
              "example.com",
              "orders.example.com",
              RRType.A,
              PerSite.at(EAST, "east").and(WEST, "west"));
    }

    @Override
    public Object changed() {
      return dns
          .listResourceRecordSets(asked -> asked.hostedZoneId(zone))
          .resourceRecordSets()
          .stream()
          .filter(record -> record.weight() != null)
          .map(record -> record.setIdentifier() + "=" + record.weight())
          .toList();
    }

    @Override
    public void silence() {
      cloud.strike(Disaster.controlPlaneLoss(cloud.dnsHome()));
    }
  }
}
