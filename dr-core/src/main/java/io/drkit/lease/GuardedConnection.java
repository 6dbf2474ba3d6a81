package io.drkit.lease;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a service and one connection. A transaction that begins without the lease is read-only; one that begins
 * with it has an epoch, and is checked against that at its commit. For one thread at a time, as the connection itself.
 */
final class GuardedConnection {
  /** What begins no transaction. {@code abort} may come from another thread. */
  private static final Set<String> OUTSIDE = Set.of(
      "createStatement",
      "prepareStatement",
      "prepareCall",
      "getMetaData",
      "getAutoCommit",
      "isReadOnly",
      "isClosed",
      "abort",
      "getTransactionIsolation",
      "setTransactionIsolation",
      "getHoldability",
      "setHoldability",
      "getNetworkTimeout",
      "setNetworkTimeout",
      "getWarnings",
      "clearWarnings",
      "getTypeMap",
      "setTypeMap",
      "beginRequest",
      "endRequest",
      "unwrap",
      "isWrapperFor",
      "toString");
  /** What begins one, of a statement or of the rows that it found. */
  private static final Set<String> INSIDE = Set.of(
      "execute",
      "executeQuery",
      "executeUpdate",
      "executeLargeUpdate",
      "executeBatch",
      "executeLargeBatch",
      "insertRow",
      "updateRow",
      "deleteRow",
      "refreshRow");
  /** What takes statements as text. */
  private static final Set<String> TEXT = Set.of(
      "execute",
      "executeQuery",
      "executeUpdate",
      "executeLargeUpdate",
      "addBatch",
      "prepareStatement",
      "prepareCall");
  /** What leads on from a connection, the narrowest first. */
  private static final List<Class<?>> LEADING = List.of(
      CallableStatement.class,
      PreparedStatement.class,
      Statement.class,
      ResultSet.class,
      DatabaseMetaData.class);
  /** A statement that commits; no other one begins with these words. */
  private static final Pattern COMMIT = Pattern.compile(
      "(?:\\s++|;|--[^\\n]*+|/\\*.*?\\*/)*+(?:commit|end|prepare\\s+transaction)\\b.*",
      Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Connection connection;
  private final WriteLease lease;
  private final RaisedEpoch raised;
  private final boolean autoCommitBefore;
  private final boolean readOnlyBefore;
  private final Connection proxy;
  private boolean readOnlyWanted;
  private boolean readOnly;
  /** The epoch under which the transaction began, 0 if without the lease; empty between two transactions. */
  private OptionalLong begun = OptionalLong.empty();

  private GuardedConnection(Connection connection, WriteLease lease, RaisedEpoch raised)
      throws SQLException {
    this.connection = connection;
    this.lease = lease;
    this.raised = raised;
    this.autoCommitBefore = connection.getAutoCommit();
    this.readOnlyBefore = connection.isReadOnly();
    this.proxy = (Connection) Passing.proxy(Connection.class, this::ask);
    if (autoCommitBefore) {
      connection.setAutoCommit(false);
    } else {
      // A pool may have looked in a transaction whether it is alive.
      connection.rollback();
    }
    readOnly(!lease.held());
  }

  /** Guards a connection, or closes it. */
  static Connection of(Connection connection, WriteLease lease, RaisedEpoch raised)
      throws SQLException {
    try {
      return new GuardedConnection(connection, lease, raised).proxy;
    } catch (SQLException | RuntimeException e) {
      afterwards(e, connection::close);
      throw e;
    }
  }

  /** What is to be done after a failure must not hide it. */
  private static void afterwards(Exception failure, Ending ending) {
    try {
      ending.end();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private interface Ending {
    void end() throws SQLException;
  }

  private @Nullable Object ask(Object guarded, Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    switch (name) {
      case "commit" -> commit();
      case "rollback" -> {
        Passing.on(connection, method, arguments);
        // After a return to a savepoint the transaction goes on.
        if (arguments.length == 0) {
          begun = OptionalLong.empty();
        }
      }
      case "setAutoCommit" -> setAutoCommit((boolean) arguments[0]);
      case "setReadOnly" -> setReadOnly((boolean) arguments[0]);
      case "close" -> close();
      default -> {
        refuseCommit(method, arguments);
        if (!OUTSIDE.contains(name)) {
          begin();
        }
        return leading(Passing.on(connection, method, arguments), connection, guarded);
      }
    }
    return null;
  }

  /** Whatever leads on from the connection leads back to it, and not to the one behind it. */
  // What leads back is the very object that led here.
  @SuppressWarnings("ReferenceEquality")
  private @Nullable Object leading(@Nullable Object found, Object from, Object proxyOfFrom) {
    if (found instanceof Connection) {
      return proxy;
    }
    for (Class<?> type : LEADING) {
      if (type.isInstance(found)) {
        return Passing.proxy(type, (proxyOfFound, method, arguments) -> {
          refuseCommit(method, arguments);
          if (INSIDE.contains(method.getName()) || type == DatabaseMetaData.class) {
            begin();
          }
          Object next = Passing.on(found, method, arguments);
          return next == from ? proxyOfFrom : leading(next, found, proxyOfFound);
        });
      }
    }
    return found;
  }

  private static void refuseCommit(Method method, Object[] arguments) throws SQLException {
    if (TEXT.contains(method.getName())
        && arguments.length > 0
        && COMMIT.matcher((String) arguments[0]).matches()) {
      throw new SQLException("a guarded connection takes no statement that commits: " + arguments[0]
          + "; call its commit(), which looks whether the lease is held");
    }
  }

  private void begin() throws SQLException {
    if (begun.isEmpty()) {
      OptionalLong epoch = lease.heldEpoch();
      // Fails if a transaction was begun round the guard.
      readOnly(readOnlyWanted || epoch.isEmpty());
      if (readOnly) {
        raised.checkReadOnly(connection);
      } else {
        raised.letIn(connection, epoch.getAsLong());
      }
      begun = OptionalLong.of(epoch.orElse(0));
    }
  }

  private void readOnly(boolean now) throws SQLException {
    connection.setReadOnly(now);
    readOnly = now;
  }

  private void setAutoCommit(boolean on) throws SQLException {
    if (on) {
      throw new SQLException("a guarded connection cannot turn autoCommit on: a statement that"
          + " commits itself cannot be checked; " + lease);
    }
  }

  private void setReadOnly(boolean wanted) throws SQLException {
    if (begun.isPresent()) {
      throw new SQLException("a guarded connection cannot change between reading and writing within"
          + " a transaction; commit it or roll it back first");
    }
    readOnlyWanted = wanted;
    readOnly(wanted || !lease.held());
  }

  private void commit() throws SQLException {
    if (readOnly) {
      begun = OptionalLong.empty();
      connection.commit();
      return;
    }
    WriteLease.Begun last;
    try {
      check();
      // Holding the row may have taken a while.
      last = lease.begin();
    } catch (SQLException | RuntimeException e) {
      begun = OptionalLong.empty();
      afterwards(e, connection::rollback);
      throw e;
    }
    begun = OptionalLong.empty();
    connection.commit();
    lease.checkInTime(last);
  }

  private void check() throws SQLException {
    long epoch = lease.epoch();
    // The commit goes on in the database for a while, which is the other half.
    long found = raised.hold(connection, epoch, lease.longestWrite().dividedBy(2));
    if (begun.orElse(epoch) != epoch || found != epoch) {
      throw new WriteLeaseException(
          "a transaction of '" + lease.name() + "' was rolled back: it began under epoch "
              + begun.orElse(epoch) + ", the lease has epoch " + epoch + ", and the database epoch "
              + found,
          false);
    }
  }

  /** A pool gets its connection back, and gets it back as it was, whatever has become of it. */
  private void close() throws SQLException {
    begun = OptionalLong.empty();
    try (connection) {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setReadOnly(readOnlyBefore);
        connection.setAutoCommit(autoCommitBefore);
      }
    }
  }
}
