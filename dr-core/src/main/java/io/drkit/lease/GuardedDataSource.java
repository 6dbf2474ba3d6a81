package io.drkit.lease;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Objects;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Connections that write only under the write lease. A transaction that begins without it is read-only, and the database itself
 * refuses to write in it. One that begins with it looks at the epoch row of the database at its commit, and holds it until then:
 * it is rolled back with a {@link WriteLeaseException} if the lease has ended since it began, or if somebody with a higher epoch
 * was let in meanwhile, however long this process was paused. Nobody is let in while a transaction of a lower epoch is being
 * committed. An exception of the database's own at the commit means what it always means: it may have been made.
 *
 * <p>The row of a database that was left is not raised by those who write to its copy. There, between the check and the commit, the
 * database itself ends the transaction when it hears nothing for half of {@link LeaseTiming#longestWrite}, so that a process that is
 * paused just then, or a commit that is long on its way, comes too late by the database's own clock. What remains is a commit that
 * the database works on for longer than the other half, because it waits for a standby, say: it may end after another site was let
 * in, and is told as such by a {@link WriteLeaseException} whose {@link WriteLeaseException#writePossible} is true.
 *
 * <p>Works with PostgreSQL and what speaks its SQL, in front of a pool or behind it, beside a driver that follows an Aurora
 * cluster. {@code autoCommit} is off, also to a pool that is in front, and turning it on is refused, because a statement that
 * commits itself cannot be checked; so is {@code commit} sent as a statement. What goes round the connection cannot be checked
 * either: a {@code commit} within a text of several statements, or a connection that was unwrapped. {@link #createTable} makes
 * the table {@code drkit_epoch} and its row. Thread-safe as far as the data source behind it is.
 */
public final class GuardedDataSource implements DataSource {
  private final DataSource database;
  private final WriteLease lease;
  private final RaisedEpoch raised;

  private GuardedDataSource(DataSource database, WriteLease lease) {
    this.database = Objects.requireNonNull(database, "database");
    this.lease = Objects.requireNonNull(lease, "lease");
    this.raised = new RaisedEpoch(lease.name());
  }

  /**
   * Guards a data source.
   *
   * @param database what gives the connections
   * @param lease this service's lease
   */
  public static GuardedDataSource of(DataSource database, WriteLease lease) {
    return new GuardedDataSource(database, lease);
  }

  /**
   * Makes the table of the epoch row if it is not there. Needs a connection that may write, and is part of the service's
   * schema: replicas get it with the data.
   *
   * @param database the database that is written
   * @throws SQLException if the database refuses it
   */
  public static void createTable(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      EpochRow.createTable(connection);
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    return GuardedConnection.of(database.getConnection(), lease, raised);
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return GuardedConnection.of(database.getConnection(username, password), lease, raised);
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return database.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    database.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    database.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return database.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return database.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type.isInstance(this) ? type.cast(this) : database.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(this) || database.isWrapperFor(type);
  }
}
