package io.drkit.lease;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What this process knows of the database of a workload. Thread-safe. */
final class RaisedEpoch {
  private final String name;
  /** The epoch up to which the row is known to be raised. */
  private final AtomicLong raised = new AtomicLong();

  private volatile boolean readOnlyIsKept;

  RaisedEpoch(String name) {
    this.name = name;
  }

  /**
   * Ends what goes on under lower epochs: waits for commits under way, and lets no later one pass. Takes a connection that is
   * between two transactions.
   */
  void letIn(Connection connection, long epoch) throws SQLException {
    if (raised.get() < epoch) {
      EpochRow.raise(connection, name, epoch);
      connection.commit();
      raised.accumulateAndGet(epoch, Math::max);
    }
  }

  /** Holds the row until the transaction ends, which is soon or never, and returns its epoch; 0 if there is none. */
  long hold(Connection connection, long epoch, Duration patience) throws SQLException {
    long found = EpochRow.hold(connection, name, patience);
    if (found < epoch) {
      // A copy that lags has become the database, or a backup of it: the next transaction raises it
      // again.
      raised.set(found);
    }
    return found;
  }

  /** A driver may be told not to tell its database; then there would be no guard without the lease. */
  void checkReadOnly(Connection connection) throws SQLException {
    if (!readOnlyIsKept) {
      try (Statement statement = connection.createStatement();
          ResultSet mode = statement.executeQuery("show transaction_read_only")) {
        mode.next();
        readOnlyIsKept = mode.getString(1).equals("on");
      }
      connection.rollback();
      if (!readOnlyIsKept) {
        throw new SQLException(
            "the driver does not tell its database that a connection is read-only,"
                + " so nothing can be read without the lease; leave readOnlyMode as it is by default");
      }
    }
  }
}
