package io.drkit.testkit.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Site;
import io.drkit.lease.FollowingDataSource;
import io.drkit.lease.GuardedDataSource;
import io.drkit.lease.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Connections that go to the database of the active site, against two real ones. */
class FollowingTest extends OnPostgres {
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

  @Test
  void oneStaleConnectionThatCannotBeAbortedDoesNotKeepTheOthers() throws Exception {
    for (Exception failure :
        new Exception[] {new SQLException("a bug"), new IllegalStateException("a bug")}) {
      grant(EAST);
      try (Connection pooled = database.getConnection();
          Connection another = database.getConnection()) {
        OneConnection first = new OneConnection(pooled);
        OneConnection second = new OneConnection(another);
        first.fail("abort", failure);
        second.fail("abort", failure);
        WriteLease lease = lease(EAST);
        FollowingDataSource one = FollowingDataSource.of(lease, Map.of(EAST, first.pool()));
        one.getConnection();
        one.getConnection();
        grant(WEST);

        assertThat(first.calls).containsExactly("abort", "abort");
        one.closeStale();
        assertThat(first.calls).as("once each").hasSize(2);
      }
    }
  }

  @Test
  void aConnectionThatWasClosedIsNotAborted() throws Exception {
    grant(EAST);
    try (Connection pooled = database.getConnection()) {
      OneConnection one = new OneConnection(pooled);
      DataSource following = FollowingDataSource.of(lease(EAST), Map.of(EAST, one.pool()));
      Connection connection = following.getConnection();
      connection.close();
      grant(WEST);
      assertThat(one.calls).containsExactly("close");
    }
  }

  @Test
  void aGuardInFrontOfItWritesToTheDatabaseThatTakesOver() throws Exception {
    run(database, "drop database if exists west");
    run(database, "create database west");
    DataSource other = postgres.getDatabase("postgres", "west");
    run(other, "create table orders (id int primary key)");
    GuardedDataSource.createTable(other);
    grant(EAST);
    WriteLease lease = lease(EAST);
    // A service that stays where it is and whose database moves: both names are its own site's.
    DataSource east = GuardedDataSource.of(
        FollowingDataSource.of(lease, Map.of(EAST, database, WEST, other)), lease);
    try (Connection connection = east.getConnection()) {
      insert(connection, 1);
      connection.commit();
    }
    Connection stale = east.getConnection();
    insert(stale, 2);
    grant(null);
    grant(WEST);

    assertThatThrownBy(stale::commit).isInstanceOf(Exception.class);
    stale.close();
    try (Connection connection = east.getConnection()) {
      assertThat(connection.getCatalog()).isEqualTo("west");
      assertThatThrownBy(() -> insert(connection, 3)).hasMessageContaining("read-only transaction");
    }
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void aFollowerNeedsADatabaseAndSaysWhatItIs() throws Exception {
    grant(EAST);
    WriteLease lease = lease(EAST);
    assertThatThrownBy(() -> FollowingDataSource.of(lease, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a following data source needs the database of each site, but has none");

    DataSource following = FollowingDataSource.of(lease, Map.of(EAST, database));
    assertThat(following.isWrapperFor(FollowingDataSource.class)).isTrue();
    assertThat(following.isWrapperFor(WriteLease.class)).isFalse();
    assertThat(following.unwrap(FollowingDataSource.class)).isSameAs(following);
    assertThatThrownBy(() -> following.unwrap(WriteLease.class))
        .hasMessageStartingWith("a following data source changes what it wraps");
    following.setLoginTimeout(7);
    assertThat(database.getLoginTimeout()).isEqualTo(7).isEqualTo(following.getLoginTimeout());
    following.setLogWriter(null);
    assertThat(following.getLogWriter()).isNull();
    assertThat(following.getParentLogger()).isNotNull();
    try (Connection connection = following.getConnection("postgres", "postgres")) {
      assertThat(connection.getCatalog()).isEqualTo("postgres");
    }
  }
}
