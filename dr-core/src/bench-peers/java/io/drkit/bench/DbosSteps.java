package io.drkit.bench;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import java.sql.SQLException;

/** DBOS: a workflow of steps that do nothing but remember that they ran. Each step's outcome is a row of PostgreSQL. */
final class DbosSteps implements AutoCloseable {
  private final Database database;
  private final DBOS dbos;
  private final Chain chain;

  DbosSteps(Database database) {
    this.database = database;
    this.dbos =
        new DBOS(DBOSConfig.defaults("bench").withDataSource(database.pool()).withMigrate(true));
    this.chain = dbos.registerProxy(Chain.class, new Steps(dbos));
    dbos.launch();
  }

  void run(int steps) throws SQLException {
    long before = database.count("dbos.operation_outputs");
    Comparison.require(chain.run(steps) == steps);
    Comparison.require(database.count("dbos.operation_outputs") - before == steps);
  }

  @Override
  public void close() {
    dbos.close();
  }

  /** What DBOS makes a proxy of. */
  public interface Chain {
    /** Returns how many of the steps ran. */
    int run(int steps);
  }

  /** The workflow. */
  public static final class Steps implements Chain {
    private final DBOS dbos;

    Steps(DBOS dbos) {
      this.dbos = dbos;
    }

    @Override
    @Workflow(name = "chain")
    public int run(int steps) {
      int ran = 0;
      for (int i = 0; i < steps; i++) {
        ran += dbos.runStep(() -> 1, "s" + i);
      }
      return ran;
    }
  }
}
