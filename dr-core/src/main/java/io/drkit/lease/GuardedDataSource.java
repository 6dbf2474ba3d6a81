package io.drkit.lease;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections that write only under the write lease. Without it, a connection is read-only, and the database itself refuses to
 * write on it. With it, each transaction looks at the epoch row of the database at its commit, and holds it until then: it is
 * refused if the lease has ended since it began, or if somebody with a higher epoch was let in meanwhile, however long this
 * process was paused. Nobody is let in while a transaction of a lower epoch is being committed.
 *
 * <p>Works with PostgreSQL and what speaks its SQL, in front of a pool or behind it, beside a driver that follows an Aurora
 * cluster. Connections begin transactions: {@code autoCommit} is off, and turning it on is refused, because a statement that
 * commits itself cannot be checked. What goes round the connection cannot either: {@code commit} sent as a statement, or a
 * connection that was unwrapped. {@link #createTable} makes the table {@code drkit_epoch} and its row. Thread-safe as far as
 * the data source behind it is.
 */
public final class GuardedDataSource implements DataSource {
  private final DataSource database;
  private final WriteLease lease;
  /** The epoch up to which the row is known to be raised. */
  private final AtomicLong raised = new AtomicLong();

  private GuardedDataSource(DataSource database, WriteLease lease) {
    this.database = Objects.requireNonNull(database, "database");
    this.lease = Objects.requireNonNull(lease, "lease");
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
    return guarded(database.getConnection());
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return guarded(database.getConnection(username, password));
  }

  private Connection guarded(Connection connection) throws SQLException {
    try {
      boolean writable = lease.held();
      connection.setReadOnly(!writable);
      connection.setAutoCommit(false);
      if (writable) {
        letIn(connection, lease.epoch());
      }
      return (Connection) Proxy.newProxyInstance(
          GuardedDataSource.class.getClassLoader(),
          new Class<?>[] {Connection.class},
          new Guard(connection, writable));
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Ends what goes on under lower epochs: waits for commits under way, and lets no later one pass. */
  private void letIn(Connection connection, long epoch) throws SQLException {
    if (raised.get() < epoch) {
      EpochRow.raise(connection, lease.name(), epoch);
      connection.commit();
      raised.accumulateAndGet(epoch, Math::max);
    }
  }

  /** What stands between a service and one connection. */
  private final class Guard implements InvocationHandler {
    private final Connection connection;
    private final boolean writable;
    /** The epoch under which the transaction began; empty between two transactions. */
    private OptionalLong begun = OptionalLong.empty();

    Guard(Connection connection, boolean writable) {
      this.connection = connection;
      this.writable = writable;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "commit" -> commit();
        case "setAutoCommit" -> refuse(arguments, true, "turn autoCommit on");
        case "setReadOnly" -> refuse(arguments, writable ? null : false, "be made writable");
        case "close" -> {
          restore();
          return invoke(method, arguments);
        }
        case "rollback" -> {
          begun = OptionalLong.empty();
          return invoke(method, arguments);
        }
        default -> {
          begin();
          Object result = invoke(method, arguments);
          return result instanceof Statement statement
              ? statement((Connection) proxy, statement, method.getReturnType())
              : result;
        }
      }
      return null;
    }

    /** A statement leads back to the guarded connection, not to the one behind it. */
    private Object statement(Connection guarded, Statement statement, Class<?> type) {
      return Proxy.newProxyInstance(
          GuardedDataSource.class.getClassLoader(),
          new Class<?>[] {type},
          (proxy, method, arguments) -> {
            if (method.getName().equals("getConnection")) {
              return guarded;
            }
            try {
              return method.invoke(statement, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          });
    }

    private @Nullable Object invoke(Method method, Object @Nullable [] arguments) throws Throwable {
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private void refuse(Object @Nullable [] arguments, @Nullable Boolean refused, String what)
        throws SQLException {
      if (arguments != null && arguments[0].equals(refused)) {
        throw new SQLException("a guarded connection cannot " + what + "; " + lease);
      }
    }

    private void begin() throws SQLException {
      if (writable && begun.isEmpty() && lease.held()) {
        long epoch = lease.epoch();
        letIn(connection, epoch);
        begun = OptionalLong.of(epoch);
      }
    }

    private void commit() throws SQLException {
      if (!writable || connection.isReadOnly()) {
        connection.commit();
        return;
      }
      try {
        long epoch = lease.epoch();
        long found = EpochRow.hold(connection, lease.name());
        if (begun.isEmpty() || begun.getAsLong() != epoch || found != epoch) {
          throw new WriteLeaseException(
              "a transaction of '" + lease.name() + "' was rolled back: it began under epoch "
                  + (begun.isPresent() ? begun.getAsLong() : "none") + ", the lease has epoch "
                  + epoch + ", and the database epoch " + found,
              false);
        }
        // Holding the row may have taken a while.
        lease.epoch();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        begun = OptionalLong.empty();
      }
      connection.commit();
    }

    /** A pool gets back what it gave. */
    private void restore() throws SQLException {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setReadOnly(false);
      }
    }
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
