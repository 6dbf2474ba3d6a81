package io.drkit.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * One row of the database that is written: the epoch of the youngest write that it took. Each transaction raises it to its own
 * epoch or finds that it is above: so a writer that was paused before its commit is refused, however late it wakes.
 */
final class EpochRow {
  static final String TABLE = "drkit_epoch";

  private EpochRow() {}

  static void createTable(Connection connection) throws SQLException {
    try (PreparedStatement create = connection.prepareStatement("create table if not exists "
        + TABLE + " (name varchar(64) primary key, epoch bigint not null)")) {
      create.executeUpdate();
    }
  }

  /** Makes the row known at an epoch, or raises it. Never lowers it. */
  static void raise(Connection connection, String name, long epoch) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(
        "update " + TABLE + " set epoch = ? where name = ? and epoch < ?")) {
      update.setLong(1, epoch);
      update.setString(2, name);
      update.setLong(3, epoch);
      if (update.executeUpdate() == 0 && read(connection, name, "") == 0) {
        try (PreparedStatement insert = connection.prepareStatement(
            "insert into " + TABLE + " (epoch, name) values (?, ?) on conflict do nothing")) {
          insert.setLong(1, epoch);
          insert.setString(2, name);
          insert.executeUpdate();
        }
      }
    }
  }

  /** Holds the row until the transaction ends, so that nobody raises it in between, and returns its epoch; 0 if there is none. */
  static long hold(Connection connection, String name) throws SQLException {
    return read(connection, name, " for share");
  }

  static long read(Connection connection, String name, String lock) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select epoch from " + TABLE + " where name = ?" + lock)) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
