package io.drkit.testkit.lease;

import io.drkit.Site;
import io.drkit.lease.Grant;
import io.drkit.lease.GuardedDataSource;
import io.drkit.lease.LeaseTiming;
import io.drkit.lease.WriteLease;
import io.drkit.lease.WriteLeaseStore;
import io.drkit.testkit.VirtualTime;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A real PostgreSQL with orders and the epoch row, and a register in memory that says which site writes them. */
@Timeout(60)
abstract class OnPostgres {
  static final Site EAST = Site.region("us-east-1");
  static final Site WEST = Site.region("us-west-2");
  static final LeaseTiming TIMING = LeaseTiming.standard();

  static EmbeddedPostgres postgres;
  static DataSource database;

  final VirtualTime time = VirtualTime.create();
  final WriteLeaseStore store = WriteLeaseStore.inMemory();

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

  static void run(DataSource in, String sql) throws SQLException {
    try (Connection connection = in.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static void insert(Connection connection, int id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("insert into orders values (" + id + ")");
    }
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  static long orders() throws SQLException {
    return number("select count(*) from orders");
  }

  static void awaitLock() throws SQLException {
    try (Connection connection = database.getConnection()) {
      while (number(
              connection, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
          == 0) {
        Thread.onSpinWait();
      }
    }
  }

  static long number(String sql) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return number(connection, sql);
    }
  }

  void grant(Site site) throws Exception {
    Grant before = store.read("orders");
    Grant next = new Grant(before.epoch() + 1, Optional.ofNullable(site), "test", TIMING.drain());
    store.replace("orders", before, next);
    time.advance(Duration.ofSeconds(3));
  }

  WriteLease lease(Site site) {
    WriteLease lease = WriteLease.open("orders", site, store, TIMING, time);
    time.advance(Duration.ofSeconds(1));
    return lease;
  }
}
