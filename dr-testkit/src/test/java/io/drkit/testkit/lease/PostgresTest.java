package io.drkit.testkit.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Need;
import io.drkit.Site;
import io.drkit.lease.FollowingDataSource;
import io.drkit.lease.Grant;
import io.drkit.lease.GuardedDataSource;
import io.drkit.lease.JdbcWriteLeaseStore;
import io.drkit.lease.LeaseTiming;
import io.drkit.lease.WriteLease;
import io.drkit.lease.WriteLeaseException;
import io.drkit.lease.WriteLeaseStore;
import io.drkit.testkit.VirtualTime;
import io.drkit.testkit.contract.WriteLeaseStoreContract;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the lease does with a database, against a real PostgreSQL. */
class PostgresTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final LeaseTiming TIMING = LeaseTiming.standard();

  private static EmbeddedPostgres postgres;
  private static DataSource database;

  private final VirtualTime time = VirtualTime.create();
  private final WriteLeaseStore store = WriteLeaseStore.inMemory();

  @BeforeAll
  static void startDatabase() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
    database = postgres.getPostgresDatabase();
  }

  @AfterAll
  static void stopDatabase() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void makeTables() throws SQLException {
    run(database, "drop table if exists orders, drkit_epoch, drkit_write_lease");
    run(database, "create table orders (id int primary key)");
    GuardedDataSource.createTable(database);
    GuardedDataSource.createTable(database);
  }

  private static void run(DataSource in, String sql) throws SQLException {
    try (Connection connection = in.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void insert(Connection connection, int id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("insert into orders values (" + id + ")");
    }
  }

  private static int orders() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("select count(*) from orders")) {
      count.next();
      return count.getInt(1);
    }
  }

  private void grant(Site site) throws Exception {
    Grant before = store.read("orders");
    Grant next = new Grant(before.epoch() + 1, Optional.ofNullable(site), "test", TIMING.drain());
    store.replace("orders", before, next);
    time.advance(Duration.ofSeconds(3));
  }

  private WriteLease lease(Site site) {
    WriteLease lease = WriteLease.open("orders", site, store, TIMING, time);
    time.advance(Duration.ofSeconds(1));
    return lease;
  }

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
  @Timeout(60)
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

  private static void awaitLock() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      while (true) {
        try (ResultSet waiting = statement.executeQuery(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock'")) {
          waiting.next();
          if (waiting.getInt(1) > 0) {
            return;
          }
        }
      }
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

  @Test
  void connectionsFollowTheActiveSiteAndStaleOnesAreClosed() throws Exception {
    run(database, "drop database if exists west");
    run(database, "create database west");
    DataSource other = postgres.getDatabase("postgres", "west");
    grant(EAST);
    WriteLease lease = lease(EAST);
    FollowingDataSource following =
        FollowingDataSource.of(lease, Map.of(EAST, database, WEST, other));
    Connection stale = following.getConnection();
    assertThat(stale.getCatalog()).isEqualTo("postgres");

    grant(null);
    assertThat(stale.isClosed()).as("nobody has taken over yet").isFalse();
    assertThatThrownBy(following::getConnection).hasMessageContaining("no site may write");
    grant(WEST);

    assertThat(stale.isClosed()).isTrue();
    try (Connection connection = following.getConnection()) {
      assertThat(connection.getCatalog()).isEqualTo("west");
    }
    grant(Site.region("eu-west-1"));
    assertThatThrownBy(following::getConnection)
        .hasMessageContaining("the active site is eu-west-1");
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
  }
}
