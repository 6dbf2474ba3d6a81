package io.drkit.lease;

import io.drkit.Need;
import io.drkit.Site;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Registers in a table of a database, on plain SQL. That database must not be the one that a disaster takes away, nor a copy
 * of it: it belongs to a third site. {@link #createTable} makes the table. Thread-safe.
 */
public final class JdbcWriteLeaseStore implements WriteLeaseStore {
  private static final String TABLE = "drkit_write_lease";
  /** The class of SQL states for a row that is there already. */
  private static final String CONSTRAINT_VIOLATED = "23";

  private final DataSource database;
  private final List<Need> needs;

  private JdbcWriteLeaseStore(DataSource database, List<Need> needs) {
    this.database = Objects.requireNonNull(database, "database");
    this.needs = List.copyOf(needs);
  }

  /**
   * Returns the registers of a database.
   *
   * @param database gives connections; set their socket time limit below the third part of a lease's term
   * @param need what that database is to a plan: its service and the site where it is
   */
  public static JdbcWriteLeaseStore in(DataSource database, Need need) {
    return new JdbcWriteLeaseStore(database, List.of(need));
  }

  /**
   * Makes the table if it is not there.
   *
   * @throws SQLException if the database refuses it
   */
  public void createTable() throws SQLException {
    ask(
        "create table if not exists " + TABLE
            + " (name varchar(64) primary key, epoch bigint not null,"
            + " site_kind varchar(16), site varchar(128), site_parent varchar(128),"
            + " changed_by varchar(256) not null, drain_millis bigint not null)",
        PreparedStatement::executeUpdate);
  }

  /** One statement, which is a transaction: a pool may give connections that do not commit by themselves. */
  private <T> T ask(String sql, Asking<T> asking) throws SQLException {
    try (Connection connection = database.getConnection()) {
      boolean commits = connection.getAutoCommit();
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        T answer = asking.with(statement);
        if (!commits) {
          connection.commit();
        }
        return answer;
      } catch (SQLException e) {
        if (!commits) {
          connection.rollback();
        }
        throw e;
      }
    }
  }

  private interface Asking<T> {
    T with(PreparedStatement statement) throws SQLException;
  }

  @Override
  public Grant read(String name) throws SQLException {
    return ask(
        "select epoch, site_kind, site, site_parent, changed_by, drain_millis from " + TABLE
            + " where name = ?",
        select -> {
          select.setString(1, name);
          try (ResultSet row = select.executeQuery()) {
            return row.next() ? grant(row) : Grant.NONE;
          }
        });
  }

  private static Grant grant(ResultSet row) throws SQLException {
    String kind = row.getString("site_kind");
    Optional<Site> site = kind == null
        ? Optional.empty()
        : Optional.of(
            new Site(Site.Kind.valueOf(kind), row.getString("site"), row.getString("site_parent")));
    return new Grant(
        row.getLong("epoch"),
        site,
        row.getString("changed_by"),
        Duration.ofMillis(row.getLong("drain_millis")));
  }

  @Override
  public boolean replace(String name, Grant expected, Grant next) throws SQLException {
    boolean first = expected.equals(Grant.NONE);
    String sql = first
        ? "insert into " + TABLE
            + " (epoch, site_kind, site, site_parent, changed_by, drain_millis, name)"
            + " values (?, ?, ?, ?, ?, ?, ?)"
        : "update " + TABLE
            + " set epoch = ?, site_kind = ?, site = ?, site_parent = ?, changed_by = ?,"
            + " drain_millis = ? where name = ? and epoch = ?";
    try {
      return ask(sql, change -> {
        change.setLong(1, next.epoch());
        change.setString(2, next.site().map(site -> site.kind().name()).orElse(null));
        change.setString(3, next.site().map(Site::name).orElse(null));
        change.setString(4, next.site().map(Site::parent).orElse(null));
        change.setString(5, next.by());
        change.setLong(6, next.drain().toMillis());
        change.setString(7, name);
        if (!first) {
          change.setLong(8, expected.epoch());
        }
        return change.executeUpdate() == 1;
      });
    } catch (SQLException e) {
      if (first && String.valueOf(e.getSQLState()).startsWith(CONSTRAINT_VIOLATED)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public List<Need> needs() {
    return needs;
  }
}
