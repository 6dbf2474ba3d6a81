package io.drkit.lease;

import io.drkit.Site;
import java.io.PrintWriter;
import java.security.Security;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.LinkedHashMap;
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
  private static final Set<String> ENDS = Set.of("close", "abort");

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
    dnsWarning(Security.getProperty("networkaddress.cache.ttl")).ifPresent(log::warn);
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

  /** A JVM that keeps names for long goes on to the address of the database that is gone. */
  static Optional<String> dnsWarning(@Nullable String seconds) {
    int kept;
    try {
      kept = seconds == null ? 0 : Integer.parseInt(seconds.strip());
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
    return kept >= 0 && kept <= LONGEST_DNS_SECONDS
        ? Optional.empty()
        : Optional.of("this JVM keeps the addresses of names for "
            + (kept < 0 ? "ever" : kept + " seconds")
            + ", and would look for a database where it was before a failover; set the security"
            + " property networkaddress.cache.ttl to " + LONGEST_DNS_SECONDS + " or less");
  }

  /** Aborts every connection to a database that is not the active one (any more). */
  public void closeStale() {
    active
        .get()
        .ifPresent(now -> open.forEach((connection, site) -> {
          if (!now.equals(site)) {
            open.remove(connection);
            try {
              connection.abort(Runnable::run);
            } catch (SQLException | RuntimeException e) {
              // The others are stale as well.
              log.warn("a stale connection to {} could not be aborted", site, e);
            }
          }
        }));
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
    Object watched = Passing.proxy(Connection.class, (proxy, method, arguments) -> {
      if (ENDS.contains(method.getName())) {
        open.remove(connection);
      }
      return Passing.on(connection, method, arguments);
    });
    // It may have become stale between the look and now.
    closeStale();
    return (Connection) watched;
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
