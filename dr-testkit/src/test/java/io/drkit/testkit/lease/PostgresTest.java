package io.drkit.testkit.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Need;
import io.drkit.Site;
import io.drkit.lease.Grant;
import io.drkit.lease.GuardedDataSource;
import io.drkit.lease.JdbcWriteLeaseStore;
import io.drkit.lease.WriteLease;
import io.drkit.lease.WriteLeaseException;
import io.drkit.lease.WriteLeaseStore;
import io.drkit.testkit.VirtualTime;
import io.drkit.testkit.contract.WriteLeaseStoreContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the lease does with a database, against a real PostgreSQL. */
class PostgresTest extends OnPostgres {
  @Test
  void whoHoldsTheLeaseWritesAndWhoDoesNotReads() throws Exception {
    grant(EAST);
    DataSource east = GuardedDataSource.of(database, lease(EAST));
    DataSource west = GuardedDataSource.of(database, lease(WEST));
    try (Connection connection = east.getConnection()) {
      insert(connection, 1);
      connection.commit();
    }
    assertThat(orders()).isEqualTo(1);
    try (Connection connection = west.getConnection();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("select count(*) from orders")) {
      assertThat(count.next()).isTrue();
      assertThatThrownBy(() -> insert(connection, 2))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("read-only transaction");
    }
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void aWriterThatWasPausedBeforeItsCommitIsRefused() throws Exception {
    grant(EAST);
    DataSource east = GuardedDataSource.of(database, lease(EAST));
    try (Connection connection = east.getConnection()) {
      insert(connection, 1);
      grant(null);
      assertThatThrownBy(connection::commit).isInstanceOf(WriteLeaseException.class);
    }
    assertThat(orders()).isZero();
  }

  @Test
  void aTransactionFromBeforeAMoveIsRefusedThoughTheLeaseIsHeldAgain() throws Exception {
    grant(EAST);
    DataSource east = GuardedDataSource.of(database, lease(EAST));
    try (Connection connection = east.getConnection()) {
      insert(connection, 1);
      grant(null);
      grant(EAST);
      assertThatThrownBy(connection::commit)
          .isInstanceOf(WriteLeaseException.class)
          .hasMessageContaining("it began under epoch 1, the lease has epoch 3");
      insert(connection, 2);
      connection.commit();
    }
    assertThat(orders()).isEqualTo(1);
  }

  /** The clock of the old writer stands still: its lease looks held to it, and only the row knows better. */
  @Test
  void aWriterWhoseClockStandsStillIsRefusedByTheRow() throws Exception {
    grant(EAST);
    VirtualTime frozen = VirtualTime.create();
    WriteLease old = WriteLease.open("orders", EAST, store, TIMING, frozen);
    frozen.advance(Duration.ofSeconds(1));
    DataSource east = GuardedDataSource.of(database, old);
    try (Connection connection = east.getConnection()) {
      insert(connection, 1);
      grant(null);
      grant(WEST);
      DataSource west = GuardedDataSource.of(database, lease(WEST));
      try (Connection other = west.getConnection()) {
        insert(other, 2);
        other.commit();
      }
      assertThat(old.held()).as("it knows nothing of it").isTrue();
      assertThatThrownBy(connection::commit)
          .isInstanceOf(WriteLeaseException.class)
          .hasMessageContaining("and the database epoch 3");
    }
    assertThat(orders()).isEqualTo(1);
  }

  /** A commit that is under way and a new writer: the new one begins when the old one has ended. */
  @Test
  void aNewWriterWaitsForACommitThatIsUnderWay() throws Exception {
    grant(WEST);
    DataSource west = GuardedDataSource.of(database, lease(WEST));
    run(database, "insert into drkit_epoch values ('orders', 0)");
    try (Connection committing = database.getConnection()) {
      committing.setAutoCommit(false);
      insert(committing, 1);
      try (Statement hold = committing.createStatement()) {
        hold.execute("select epoch from drkit_epoch where name = 'orders' for share");
      }
      CompletableFuture<Void> ends = CompletableFuture.runAsync(() -> {
        try {
          awaitLock();
          committing.commit();
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      });
      try (Connection connection = west.getConnection();
          Statement statement = connection.createStatement();
          ResultSet count = statement.executeQuery("select count(*) from orders")) {
        count.next();
        assertThat(count.getInt(1))
            .as("what was committed before it was let in")
            .isEqualTo(1);
      }
      ends.join();
    }
  }

  @Test
  void aGuardedConnectionKeepsItsTransactions() throws Exception {
    grant(EAST);
    DataSource east = GuardedDataSource.of(database, lease(EAST));
    try (Connection connection = east.getConnection()) {
      assertThatThrownBy(() -> connection.setAutoCommit(true))
          .hasMessageContaining("cannot turn autoCommit on");
      try (Statement statement = connection.createStatement()) {
        assertThat(statement.getConnection()).as("no way round the guard").isSameAs(connection);
      }
      insert(connection, 1);
      connection.rollback();
      insert(connection, 1);
      connection.commit();
    }
    assertThat(orders()).isEqualTo(1);
    assertThat(east.isWrapperFor(GuardedDataSource.class)).isTrue();
    assertThat(east.unwrap(GuardedDataSource.class)).isSameAs(east);
  }

  @Nested
  class Registers extends WriteLeaseStoreContract {
    @Override
    protected WriteLeaseStore store() throws SQLException {
      JdbcWriteLeaseStore registers =
          JdbcWriteLeaseStore.in(database, Need.data("rds", Site.region("eu-west-1")));
      registers.createTable();
      registers.createTable();
      assertThat(registers.needs()).hasSize(1);
      return registers;
    }

    @Override
    protected WriteLeaseStore reopen(WriteLeaseStore store) {
      return JdbcWriteLeaseStore.in(database, Need.data("rds", Site.region("eu-west-1")));
    }
  }

  /** A pool may give connections that commit nothing by themselves. */
  @Nested
  class RegistersThroughConnectionsThatHaveToCommit extends WriteLeaseStoreContract {
    @Override
    protected WriteLeaseStore store() throws SQLException {
      JdbcWriteLeaseStore registers = JdbcWriteLeaseStore.in(
          OneConnection.handCommitting(database), Need.data("rds", Site.region("eu-west-1")));
      registers.createTable();
      return registers;
    }

    @Override
    protected WriteLeaseStore reopen(WriteLeaseStore store) {
      return JdbcWriteLeaseStore.in(
          OneConnection.handCommitting(database), Need.data("rds", Site.region("eu-west-1")));
    }
  }

  @Test
  void aRegisterThatCannotBeMadeIsNoRegisterThatIsThere() {
    JdbcWriteLeaseStore registers =
        JdbcWriteLeaseStore.in(database, Need.data("rds", Site.region("eu-west-1")));

    assertThatThrownBy(() -> registers.replace(
            "orders", Grant.NONE, new Grant(1, Optional.of(EAST), "test", TIMING.drain())))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("drkit_write_lease");
    assertThatThrownBy(() -> registers.replace(
            "orders",
            new Grant(1, Optional.of(EAST), "test", TIMING.drain()),
            new Grant(2, Optional.empty(), "test", TIMING.drain())))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("drkit_write_lease");
  }
}
