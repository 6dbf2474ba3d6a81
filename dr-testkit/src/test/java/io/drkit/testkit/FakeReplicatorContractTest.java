package io.drkit.testkit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.Disaster;
import io.drkit.Replicator;
import io.drkit.Site;
import io.drkit.testkit.contract.ReplicaUnderTest;
import io.drkit.testkit.contract.ReplicatorContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The fake cloud's datasets, however their copies trail. */
class FakeReplicatorContractTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  /** A shop whose copies trail by twenty seconds. */
  static ReplicaUnderTest shop() {
    Shop shop = new Shop();
    shop.db.asynchronous(ofSeconds(20));
    return shop;
  }

  private static final class Shop implements ReplicaUnderTest {
    private final FakeCloud cloud =
        FakeCloud.builder().seed(11).whenLost(FakeCloud.WhenLost.REFUSE).build();
    private final FakeDataset db = cloud.addDataset("orders-db", EAST);

    Shop() {
      FakeServers web = cloud.addServers("orders-web", EAST, 2);
      FakeTraffic users = cloud.addTraffic("orders.example.com", EAST);
      cloud.addService("orders", users, web, db);
    }

    @Override
    public Replicator replicator() {
      return db.replicator();
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
    }

    @Override
    public void loseSource() {
      cloud.strike(Disaster.loss(EAST));
    }

    @Override
    public void healSource() throws Exception {
      cloud.heal(EAST);
      context().bringAbout(db.fenced());
    }

    @Override
    public void silence() {
      cloud.strike(Disaster.controlPlaneLoss(WEST));
    }

    @Override
    public Optional<Instant> completeUntil() {
      List<CloudTruth.Loss> losses = cloud.truth().losses("orders-db");
      return losses.isEmpty() ? Optional.empty() : Optional.of(losses.get(0).completeUntil());
    }

    @Override
    public Object heldAtSource() {
      DataCopy copy = db.copy(EAST);
      return copy.kept().isPresent() || copy.role(cloud.time().now()) instanceof DataCopy.Primary;
    }
  }

  @Nested
  class CopiesThatTrail extends ReplicatorContract {
    @Override
    protected ReplicaUnderTest world() {
      return shop();
    }
  }

  @Nested
  class CopiesThatDoNot extends ReplicatorContract {
    @Override
    protected ReplicaUnderTest world() {
      Shop shop = new Shop();
      shop.db.synchronous();
      return shop;
    }
  }

  @Nested
  class Backups extends ReplicatorContract {
    @Override
    protected ReplicaUnderTest world() {
      Shop shop = new Shop();
      shop.db.periodic(ofMinutes(15));
      return shop;
    }
  }
}
