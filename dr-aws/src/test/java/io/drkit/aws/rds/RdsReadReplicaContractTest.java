package io.drkit.aws.rds;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.Disaster;
import io.drkit.PerSite;
import io.drkit.Replicator;
import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.aws.Production;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.FakeContext;
import io.drkit.testkit.aws.FakeAws;
import io.drkit.testkit.contract.ReplicaUnderTest;
import io.drkit.testkit.contract.ReplicatorContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.rds.RdsClient;

class RdsReadReplicaContractTest extends ReplicatorContract {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  @Override
  protected ReplicaUnderTest world() {
    return new Account();
  }

  private static final class Account implements ReplicaUnderTest {
    private final FakeCloud cloud =
        FakeCloud.builder().seed(4).whenLost(FakeCloud.WhenLost.REFUSE).build();
    private final FakeAws aws = FakeAws.of(cloud);
    private final RdsClient east = cloud.client(RdsClient.class, "us-east-1");
    private final RdsClient west = cloud.client(RdsClient.class, "us-west-2");
    private final AwsClients clients =
        AwsClients.builder().clientsFrom(cloud::client).build();

    Account() {
      Production.makeDatabase(east, "postgres");
      pass(ofMinutes(10));
    }

    @Override
    public Replicator replicator() {
      return RdsReadReplica.builder("orders-db")
          .clients(clients)
          .instance(PerSite.at(EAST, "orders").and(WEST, "orders-replica"))
          .build();
    }

    @Override
    public FakeContext context() {
      return FakeContext.of(cloud.time(), EAST, WEST);
    }

    @Override
    public FakeContext back() {
      return FakeContext.of(cloud.time(), WEST, EAST);
    }

    @Override
    public Instant now() {
      return cloud.time().now();
    }

    @Override
    public void pass(Duration duration) {
      cloud.time().advance(duration);
      if (hasReplica()) {
        aws.replicaLag("us-west-2", "orders-replica", ofSeconds(70));
      }
    }

    private boolean hasReplica() {
      return west.describeDBInstances().dbInstances().stream()
          .anyMatch(instance -> instance.readReplicaSourceDBInstanceIdentifier() != null);
    }

    @Override
    public void loseSource() {
      cloud.strike(Disaster.loss(EAST));
    }

    @Override
    public void healSource() {
      cloud.heal(EAST);
      // Only a database with backups can be copied from.
      west.modifyDBInstance(change -> change
          .dbInstanceIdentifier("orders-replica")
          .backupRetentionPeriod(7)
          .applyImmediately(true));
      pass(ofMinutes(15));
    }

    @Override
    public void silence() {
      aws.deny("cloudwatch:GetMetricStatistics");
    }

    @Override
    public Optional<Instant> completeUntil() {
      return west.describeDBInstances().dbInstances().isEmpty()
          ? Optional.empty()
          : Optional.of(aws.dataUntil("us-west-2", "orders-replica"));
    }

    @Override
    public Object heldAtSource() {
      return east.describeDBInstances().dbInstances().size();
    }
  }
}
