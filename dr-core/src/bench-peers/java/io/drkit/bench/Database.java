package io.drkit.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL of its own, with its data in a directory, that forces each commit. */
final class Database implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final HikariDataSource pool;

  private Database(EmbeddedPostgres server, HikariDataSource pool) {
    this.server = server;
    this.pool = pool;
  }

  static Database start(Path directory) throws IOException, SQLException {
    EmbeddedPostgres server = EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(directory.toFile())
        .setDataDirectory(directory.resolve("data"))
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .start();
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getPostgresDatabase());
    config.setMaximumPoolSize(72);
    Database database = new Database(server, new HikariDataSource(config));
    for (String setting : new String[] {"fsync", "synchronous_commit"}) {
      Comparison.require(database.shown(setting).equals("on"));
    }
    return database;
  }

  HikariDataSource pool() {
    return pool;
  }

  String version() throws SQLException {
    return shown("server_version");
  }

  String shown(String setting) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("show " + setting)) {
      result.next();
      return result.getString(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long count(String table) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from " + table)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    pool.close();
    server.close();
  }
}
