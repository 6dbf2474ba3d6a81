package io.drkit.testkit.lease;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.lease.GuardedDataSource;
import io.drkit.lease.LeaseTiming;
import io.drkit.lease.WriteLease;
import io.drkit.lease.WriteLeaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guarded connection lets through in all the ways in which a service may use it, against a real PostgreSQL. */
class GuardedConnectionTest extends OnPostgres {

  private DataSource guarded(DataSource behind) throws Exception {
    grant(EAST);
    return GuardedDataSource.of(behind, lease(EAST));
  }

  @Test
  void whatBeganWithoutTheLeaseIsNotCommittedWhenTheLeaseReturns() throws Exception {
    DataSource east = guarded(database);
    try (Connection connection = east.getConnection()) {
      grant(null);
      assertThatThrownBy(() -> insert(connection, 1)).hasMessageContaining("read-only transaction");
      grant(EAST);
      assertThatThrownBy(() -> insert(connection, 2)).hasMessageContaining("is aborted");
      connection.rollback();
      insert(connection, 3);
      connection.rollback();
    }
    assertThat(orders()).isZero();
  }

  @Test
  void aConnectionThatAPoolKeepsFollowsTheLease() throws Exception {
    grant(WEST);
    DataSource east = GuardedDataSource.of(database, lease(EAST));
    try (Connection connection = east.getConnection()) {
      assertThat(number(connection, "select count(*) from orders")).isZero();
      connection.commit();
      grant(EAST);
      insert(connection, 1);
      connection.commit();
      grant(WEST);
      assertThat(number(connection, "select count(*) from orders")).isEqualTo(1);
      connection.commit();
      assertThatThrownBy(() -> insert(connection, 2)).hasMessageContaining("read-only transaction");
    }
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void aPreparedStatementServesManyTransactions() throws Exception {
    try (Connection connection = guarded(database).getConnection();
        PreparedStatement insert = connection.prepareStatement("insert into orders values (?)")) {
      for (int id = 1; id <= 3; id++) {
        insert.setInt(1, id);
        insert.addBatch();
        insert.executeBatch();
        connection.commit();
      }
      insert.setInt(1, 4);
      insert.executeUpdate();
      grant(null);
      grant(EAST);
      assertThatThrownBy(connection::commit).isInstanceOf(WriteLeaseException.class);
    }
    assertThat(orders()).isEqualTo(3);
  }

  @Test
  void aReturnToASavepointIsPartOfItsTransaction() throws Exception {
    try (Connection connection = guarded(database).getConnection()) {
      insert(connection, 1);
      Savepoint savepoint = connection.setSavepoint();
      insert(connection, 2);
      connection.rollback(savepoint);
      connection.commit();
      assertThat(orders()).isEqualTo(1);

      insert(connection, 3);
      savepoint = connection.setSavepoint();
      connection.rollback(savepoint);
      grant(null);
      grant(EAST);
      assertThatThrownBy(connection::commit)
          .isInstanceOf(WriteLeaseException.class)
          .hasMessageContaining("it began under epoch 1, the lease has epoch 3");
    }
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void nothingThatAConnectionGivesLeadsRoundTheGuard() throws Exception {
    try (Connection connection = guarded(database).getConnection();
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("select 1");
        ResultSet rows = statement.executeQuery("select 1");
        ResultSet tables = connection.getMetaData().getTables(null, null, "orders", null)) {
      assertThat(statement.getConnection()).isSameAs(connection);
      assertThat(prepared.getConnection()).isSameAs(connection);
      assertThat(rows.getStatement()).isSameAs(statement);
      assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
      assertThat(tables.next()).isTrue();
      assertThat(tables.getStatement().getConnection()).isSameAs(connection);
      assertThat(connection.prepareCall("select 1").getConnection()).isSameAs(connection);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "commit",
        " ;COMMIT and chain",
        "-- now\n/* keep\n it */ End;",
        "prepare transaction 'x'",
      })
  void aCommitThatIsSentAsAStatementIsRefused(String sql) throws Exception {
    try (Connection connection = guarded(database).getConnection();
        Statement statement = connection.createStatement()) {
      insert(connection, 1);
      for (SqlCall call : new SqlCall[] {
        () -> statement.execute(sql),
        () -> statement.addBatch(sql),
        () -> connection.prepareStatement(sql),
        () -> connection.prepareCall(sql)
      }) {
        assertThatThrownBy(call::run)
            .isInstanceOf(SQLException.class)
            .hasMessage("a guarded connection takes no statement that commits: " + sql
                + "; call its commit(), which looks whether the lease is held");
      }
    }
    assertThat(orders()).isZero();
  }

  private interface SqlCall {
    void run() throws SQLException;
  }

  @Test
  void wordsThatOnlyLookLikeACommitAreTaken() throws Exception {
    try (Connection connection = guarded(database).getConnection();
        PreparedStatement select = connection.prepareStatement("select ? as commit")) {
      select.setString(1, "commit");
      try (ResultSet row = select.executeQuery()) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("commit");
      }
      run(connection, "prepare commits as select 1");
      run(connection, "-- commit\nselect 1");
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aConnectionEqualsItselfOnly() throws Exception {
    DataSource east = guarded(database);
    try (Connection one = east.getConnection();
        Connection other = east.getConnection()) {
      assertThat(one).isNotEqualTo(other);
      assertThat(Set.of(one, other).contains(one))
          .as("though its driver says no")
          .isTrue();
      assertThat(new HashSet<>(List.of(one, other)).contains(other)).isTrue();
      assertThat(one.toString()).contains("PgConnection");
    }
  }

  @Test
  void aPoolGetsItsConnectionBackAsItWas() throws Exception {
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      DataSource east = guarded(one.pool());
      for (boolean was : new boolean[] {true, false}) {
        pooled.setReadOnly(was);
        pooled.setAutoCommit(was);
        Connection connection = east.getConnection();
        insert(connection, 1);
        connection.close();

        assertThat(pooled.isReadOnly()).isEqualTo(was);
        assertThat(pooled.getAutoCommit()).isEqualTo(was);
        assertThat(one.calls).endsWith("close");
      }
    }
    assertThat(orders()).isZero();
  }

  /** A pool that looks whether a connection is alive leaves a transaction open. */
  @Test
  void aTransactionThatThePoolBeganIsNotTheServices() throws Exception {
    try (Connection pooled = database.getConnection()) {
      pooled.setAutoCommit(false);
      insert(pooled, 1);
      Connection connection = guarded(new OneConnection(pooled).pool()).getConnection();
      insert(connection, 2);
      connection.commit();
    }
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void aConnectionThatBrokeIsGivenBackToItsPool() throws Exception {
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      Connection connection = guarded(one.pool()).getConnection();
      one.fail("rollback", new SQLException("the database went away"));
      one.calls.clear();

      assertThatThrownBy(connection::close).hasMessage("the database went away");
      assertThat(one.calls).containsExactly("isClosed", "rollback", "close");
    }
  }

  @Test
  void aConnectionThatIsClosedAlreadyIsClosedAgainAndNotTouched() throws Exception {
    Connection pooled = database.getConnection();
    OneConnection one = new OneConnection(pooled);
    Connection connection = guarded(one.pool()).getConnection();
    pooled.close();
    one.calls.clear();

    connection.close();
    assertThat(one.calls).containsExactly("isClosed", "close");
  }

  @Test
  void aConnectionThatCannotBeGuardedIsGivenBackToItsPool() throws Exception {
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      DataSource east = guarded(one.pool());
      one.fail("setReadOnly", new SQLException("the database went away"));
      assertThatThrownBy(east::getConnection).hasMessage("the database went away");
      assertThat(one.calls).endsWith("close");

      one.fail("close", new SQLException("so it did"));
      assertThatThrownBy(east::getConnection)
          .hasMessage("the database went away")
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }
  }

  @Test
  void whyACommitWasRefusedIsToldThoughTheRollbackFails() throws Exception {
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      Connection connection = guarded(one.pool()).getConnection();
      insert(connection, 1);
      grant(null);
      one.fail("rollback", new SQLException("the database went away"));

      assertThatThrownBy(connection::commit)
          .isInstanceOf(WriteLeaseException.class)
          .hasMessage("'orders' is not written in us-east-1: nobody may write (epoch 2, by test)")
          .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("the database went away"));
    }
    assertThat(orders()).isZero();
  }

  /** What becomes of a commit whose answer is lost nobody can tell, so the database's own exception says it. */
  @Test
  void aCommitThatFailsInTheDatabaseFailsAsItAlwaysDoes() throws Exception {
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      Connection connection = guarded(one.pool()).getConnection();
      insert(connection, 1);
      SQLException lost = new SQLException("no answer", "08006");
      one.before("for share", () -> one.fail("commit", lost));

      assertThatThrownBy(connection::commit).isSameAs(lost);
    }
  }

  @Test
  void aLeaseThatEndsWhileTheRowIsWaitedForRefusesTheCommit() throws Exception {
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      Connection connection = guarded(one.pool()).getConnection();
      insert(connection, 1);
      one.before("for share", () -> grant(null));

      assertThatThrownBy(connection::commit)
          .isInstanceOf(WriteLeaseException.class)
          .hasMessageContaining("nobody may write");
      connection.close();
    }
    assertThat(orders()).isZero();
  }

  /** Whoever writes to another copy raises the row there, so the row of this one says nothing to a writer that wakes up late. */
  @Test
  void aWriterThatIsPausedBetweenItsCheckAndItsCommitIsEndedByItsDatabase() throws Exception {
    grant(EAST);
    LeaseTiming quick = new LeaseTiming(ofSeconds(10), ofMillis(100), ofSeconds(1));
    WriteLease lease = WriteLease.open("orders", EAST, store, quick, time);
    time.advance(ofSeconds(1));
    try (Connection pooled = database.getConnection()) {
      long session = number(pooled, "select pg_backend_pid()");
      OneConnection one = new OneConnection(pooled);
      Connection connection = GuardedDataSource.of(one.pool(), lease).getConnection();
      insert(connection, 1);
      one.before("commit", () -> {
        while (number("select count(*) from pg_stat_activity where pid = " + session) > 0) {
          if (Thread.interrupted()) {
            throw new InterruptedException("the database never ended the session");
          }
        }
      });

      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
    }
    assertThat(orders()).isZero();
  }

  @Test
  void theDatabasesPatienceIsThatOfOneCommitOnly() throws Exception {
    try (Connection connection = guarded(database).getConnection()) {
      insert(connection, 1);
      connection.commit();
      try (Statement statement = connection.createStatement();
          ResultSet limit = statement.executeQuery("show idle_in_transaction_session_timeout")) {
        limit.next();
        assertThat(limit.getString(1)).isEqualTo("0");
      }
    }
  }

  @Test
  void aCommitThatEndsAfterAnotherSiteMayHaveBeenLetInIsToldAsSuch() throws Exception {
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      Connection connection = guarded(one.pool()).getConnection();
      insert(connection, 1);
      one.before("commit", () -> time.advance(ofSeconds(6)));

      assertThatThrownBy(connection::commit)
          .isInstanceOfSatisfying(
              WriteLeaseException.class, e -> assertThat(e.writePossible()).isTrue())
          .hasMessageContaining("took PT6S, longer than the PT5S that a fence waits for");
    }
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void aDriverThatKeepsReadOnlyToItselfIsFoundOutBeforeAnythingIsDone() throws Exception {
    grant(WEST);
    DataSource silent =
        postgres.getDatabase("postgres", "postgres", Map.of("readOnlyMode", "ignore"));
    DataSource east = GuardedDataSource.of(silent, lease(EAST));
    try (Connection connection = east.getConnection()) {
      assertThatThrownBy(() -> insert(connection, 1))
          .isInstanceOf(SQLException.class)
          .hasMessage(
              "the driver does not tell its database that a connection is read-only,"
                  + " so nothing can be read without the lease; leave readOnlyMode as it is by default");
      connection.commit();
    }
    assertThat(orders()).isZero();
  }

  @Test
  void aServiceMayWantToReadOnlyThoughItHoldsTheLease() throws Exception {
    try (Connection connection = guarded(database).getConnection()) {
      connection.setReadOnly(true);
      assertThatThrownBy(() -> insert(connection, 1)).hasMessageContaining("read-only transaction");
      assertThatThrownBy(() -> connection.setReadOnly(false))
          .hasMessage("a guarded connection cannot change between reading and writing within a"
              + " transaction; commit it or roll it back first");
      connection.rollback();

      connection.setReadOnly(false);
      connection.setAutoCommit(false);
      assertThat(connection.getAutoCommit()).isFalse();
      insert(connection, 2);
      connection.commit();
      grant(null);
      connection.setReadOnly(false);
      assertThat(connection.isReadOnly()).isTrue();
    }
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void aCommitOfNothingIsNothing() throws Exception {
    DataSource east = guarded(database);
    try (Connection connection = east.getConnection()) {
      insert(connection, 1);
      connection.commit();
      connection.commit();
    }
    grant(null);
    try (Connection connection = east.getConnection()) {
      connection.commit();
    }
    assertThat(orders()).isEqualTo(1);
  }

  /** A copy that lags has become the database. */
  @Test
  void aRowThatFellBehindIsRaisedByTheNextTransaction() throws Exception {
    try (Connection connection = guarded(database).getConnection()) {
      insert(connection, 1);
      run(database, "update drkit_epoch set epoch = 0");
      assertThatThrownBy(connection::commit).hasMessageContaining("and the database epoch 0");
      insert(connection, 2);
      connection.commit();
      run(database, "delete from drkit_epoch");
      insert(connection, 3);
      assertThatThrownBy(connection::commit).hasMessageContaining("and the database epoch 0");
    }
    assertThat(orders()).isEqualTo(1);
  }

  /** Two who make the row at once: the higher epoch stays. */
  @Test
  void theRowIsMadeAtTheHigherEpoch() throws Exception {
    DataSource east = guarded(database);
    grant(null);
    grant(EAST);
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      run(other, "insert into drkit_epoch values ('orders', 1)");
      CompletableFuture<Void> ends = CompletableFuture.runAsync(() -> {
        try {
          awaitLock();
          other.commit();
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      });
      try (Connection connection = east.getConnection()) {
        insert(connection, 1);
        connection.commit();
        assertThat(number(connection, "select epoch from drkit_epoch")).isEqualTo(3);
      }
      ends.join();
    }
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void aTransactionThatReadsFromBeforeTheMoveIsRefusedByTheDatabase() throws Exception {
    try (Connection connection = guarded(database).getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      insert(connection, 1);
      run(database, "update drkit_epoch set epoch = 2");

      assertThatThrownBy(connection::commit)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"));
    }
    assertThat(orders()).isZero();
  }

  @Test
  void aStaleConnectionIsAbortedWithoutAWordToItsDatabase() throws Exception {
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      DataSource east = guarded(one.pool());
      Connection connection = east.getConnection();
      grant(null);
      grant(EAST);
      one.calls.clear();

      connection.abort(Runnable::run);
      assertThat(one.calls).containsExactly("abort");
    }
  }

  @Test
  void aDataSourceIsWhatItWraps() throws Exception {
    grant(EAST);
    WriteLease lease = lease(EAST);
    DataSource east = GuardedDataSource.of(database, lease);

    assertThat(east.isWrapperFor(database.getClass())).isTrue();
    assertThat(east.isWrapperFor(WriteLease.class)).isFalse();
    assertThat(east.unwrap(database.getClass())).isSameAs(database);
    east.setLoginTimeout(7);
    assertThat(east.getLoginTimeout()).isEqualTo(7);
    east.setLogWriter(null);
    assertThat(east.getLogWriter()).isNull();
    assertThat(east.getParentLogger()).isNotNull();
    try (Connection connection = east.getConnection("postgres", "postgres")) {
      insert(connection, 1);
      connection.commit();
    }
    assertThat(orders()).isEqualTo(1);
  }
}
