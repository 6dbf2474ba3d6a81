package io.drkit.testkit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.Disaster;
import io.drkit.FailoverAction;
import io.drkit.Site;
import io.drkit.testkit.contract.ActionUnderTest;
import io.drkit.testkit.contract.FailoverActionContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The fake cloud's own actions. */
class FakeActionsContractTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  /** A web shop in the east, with all in the west that a failover needs. */
  private abstract static class Shop implements ActionUnderTest {
    final FakeCloud cloud =
        FakeCloud.builder().seed(11).whenLost(FakeCloud.WhenLost.REFUSE).build();
    final FakeDataset db = cloud.addDataset("orders-db", EAST).asynchronous(ofSeconds(3));
    final FakeServers web = cloud.addServers("orders-web", EAST, 2);
    final FakeTraffic users = cloud.addTraffic("orders.example.com", EAST).ttl(ofSeconds(30));

    Shop() throws Exception {
      cloud.addService("orders", users, web, db);
      FakeContext prepared = context();
      prepared.bringAbout(db.replicator().established());
      prepared.bringAbout(web.imageCopied());
    }

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
  class ServersThatServe extends FailoverActionContract {
    @Override
    protected ActionUnderTest world() throws Exception {
      return new Shop() {
        @Override
        public FailoverAction action() {
          return web.count(3);
        }

        @Override
        public Object changed() {
          return List.of(web.serving(EAST), web.serving(WEST));
        }
      };
    }
  }

  @Nested
  class UsersThatAreSentOver extends FailoverActionContract {
    @Override
    protected ActionUnderTest world() throws Exception {
      return new Shop() {
        @Override
        public FailoverAction action() {
          return users.allTraffic();
        }

        @Override
        public Object changed() {
          // Until nobody remembers the answer from before.
          pass(ofMinutes(1));
          return users.shares(cloud.time().now());
        }

        @Override
        public void silence() {
          cloud.strike(Disaster.controlPlaneLoss(cloud.dnsHome()));
        }
      };
    }
  }

  @Nested
  class WritersThatAreFenced extends FailoverActionContract {
    @Override
    protected ActionUnderTest world() throws Exception {
      return new Shop() {
        @Override
        public FailoverAction action() {
          return db.fenced();
        }

        @Override
        public Object changed() {
          return db.copy(EAST).writable(cloud.time().now());
        }

        @Override
        public void silence() {
          cloud.strike(Disaster.linkLoss(EAST));
        }
      };
    }
  }

  @Nested
  class ACopyThatIsPromoted extends FailoverActionContract {
    @Override
    protected ActionUnderTest world() throws Exception {
      return new Shop() {
        @Override
        public FailoverAction action() {
          return db.replicator().promoted();
        }

        @Override
        public Object changed() {
          return db.copy(WEST).writable(cloud.time().now());
        }
      };
    }
  }
}
