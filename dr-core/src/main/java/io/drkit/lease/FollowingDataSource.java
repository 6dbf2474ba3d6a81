package io.drkit.lease;

import io.drkit.Site;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.Security;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A data source that follows the active database (WP-43 d): each connection is to the one of the site that may write by the
 * register. When that changes, connections to the one before are aborted, so that no pool goes on with what it opened before
 * the failover. It makes no connection of its own, and works in front of a pool per site, or of the AWS Advanced JDBC wrapper,
 * which follows the writer within one cluster. Thread-safe as far as the data sources behind it are.
 */
public final class FollowingDataSource implements DataSource {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(FollowingDataSource.class);
  private static final int LONGEST_DNS_SECONDS = 60;

  private final Supplier<Optional<Site>> active;
  private final Map<Site, DataSource> databases;
  private final Map<Connection, Site> open = new ConcurrentHashMap<>();

  private FollowingDataSource(
      Supplier<Optional<Site>> active, Map<Site, ? extends DataSource> databases) {
    if (databases.isEmpty()) {
      throw new IllegalArgumentException(
          "a following data source needs the database of each site, but has none");
    }
    this.active = active;
    this.databases = new LinkedHashMap<>(databases);
    warnOfDns();
  }

  /**
   * Follows a lease.
   *
   * @param lease this service's lease, which knows the active site; its listener closes what is stale
   * @param databases the database of each site
   * @throws IllegalArgumentException if there is none
   */
  public static FollowingDataSource of(
      WriteLease lease, Map<Site, ? extends DataSource> databases) {
    FollowingDataSource following = new FollowingDataSource(lease::activeSite, databases);
    lease.listen(role -> following.closeStale());
    return following;
  }

  /** A JVM that keeps names for ever goes on to the address of the database that is gone. */
  private static void warnOfDns() {
    String seconds = Security.getProperty("networkaddress.cache.ttl");
    if (tooLong(seconds)) {
      log.warn(
          "this JVM keeps the addresses of names for {}, and would look for a database where it was before a"
              + " failover; set the security property networkaddress.cache.ttl to {} or less",
          seconds.startsWith("-") ? "ever" : seconds + " seconds",
          LONGEST_DNS_SECONDS);
    }
  }

  static boolean tooLong(@Nullable String seconds) {
    try {
      int known = seconds == null ? 0 : Integer.parseInt(seconds.strip());
      return known < 0 || known > LONGEST_DNS_SECONDS;
    } catch (NumberFormatException notOurs) {
      return false;
    }
  }

  /** Aborts every connection to a database that is not the active one (any more). */
  public void closeStale() {
    Optional<Site> now = active.get();
    if (now.isEmpty()) {
      return;
    }
    for (Map.Entry<Connection, Site> stale : List.copyOf(open.entrySet())) {
      if (!now.get().equals(stale.getValue()) && open.remove(stale.getKey()) != null) {
        try {
          stale.getKey().abort(Runnable::run);
        } catch (SQLException e) {
          log.warn("a stale connection to {} could not be aborted", stale.getValue(), e);
        }
      }
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    Site site = site();
    return watched(database(site).getConnection(), site);
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    Site site = site();
    return watched(database(site).getConnection(username, password), site);
  }

  private Site site() throws SQLException {
    return active
        .get()
        .orElseThrow(() -> new SQLException(
            "no site may write just now, or nobody could tell which; try again in a moment"));
  }

  private DataSource database(Site site) throws SQLException {
    DataSource database = databases.get(site);
    if (database == null) {
      throw new SQLException("the active site is " + site + ", but only databases of "
          + databases.keySet() + " were given");
    }
    return database;
  }

  private Connection watched(Connection connection, Site site) {
    open.put(connection, site);
    Set<String> ends = Set.of("close", "abort");
    Connection watched = (Connection) Proxy.newProxyInstance(
        FollowingDataSource.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> {
          if (ends.contains(method.getName())) {
            open.remove(connection);
          }
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
    // It may have become stale between the look and now.
    closeStale();
    return watched;
  }

  private DataSource any() {
    return databases.values().iterator().next();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return any().getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    for (DataSource database : databases.values()) {
      database.setLogWriter(out);
    }
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    for (DataSource database : databases.values()) {
      database.setLoginTimeout(seconds);
    }
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return any().getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return any().getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("a following data source changes what it wraps; it is no " + type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
