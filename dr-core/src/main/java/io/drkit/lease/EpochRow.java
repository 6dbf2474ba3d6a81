package io.drkit.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * One row of the database that is written: the epoch of the youngest write that it took. Each transaction raises it to its own
 * epoch or finds that it is above: so a writer that was paused before its commit is refused, however late it wakes.
 */
final class EpochRow {
  private static final String TABLE = "drkit_epoch";

  private EpochRow() {}

  static void createTable(Connection connection) throws SQLException {
    try (PreparedStatement create = connection.prepareStatement("create table if not exists "
        + TABLE + " (name varchar(64) primary key, epoch bigint not null)")) {
      create.executeUpdate();
    }
  }

  /** Makes the row known at an epoch, or raises it. Never lowers it. */
  static void raise(Connection connection, String name, long epoch) throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement("insert into " + TABLE
        + " as known (name, epoch) values (?, ?) on conflict (name)"
        + " do update set epoch = excluded.epoch where known.epoch < excluded.epoch")) {
      upsert.setString(1, name);
      upsert.setLong(2, epoch);
      upsert.executeUpdate();
    }
  }

  /**
   * Holds the row until the transaction ends, so that nobody raises it in between, and returns its epoch; 0 if there is none.
   * From then on the database ends the transaction if it hears nothing of it for so long.
   */
  static long hold(Connection connection, String name, Duration patience) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
        "select epoch, set_config('idle_in_transaction_session_timeout', ?, true) from " + TABLE
            + " where name = ? for share")) {
      // Zero would be no limit.
      select.setString(1, Long.toString(Math.max(1, patience.toMillis())));
      select.setString(2, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
