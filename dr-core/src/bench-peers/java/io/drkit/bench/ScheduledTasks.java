package io.drkit.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** db-scheduler: one-time tasks that do nothing, picked by lock-and-fetch and removed by their completion, each its own commit. */
final class ScheduledTasks implements AutoCloseable {
  private final Database database;
  private final int threads;
  private volatile CountDownLatch left = new CountDownLatch(0);

  ScheduledTasks(Database database, int threads) throws SQLException {
    this.database = database;
    this.threads = threads;
    database.execute("""
        create table scheduled_tasks (
          task_name text not null,
          task_instance text not null,
          task_data bytea,
          execution_time timestamp with time zone not null,
          picked boolean not null,
          picked_by text,
          last_success timestamp with time zone,
          last_failure timestamp with time zone,
          consecutive_failures int,
          last_heartbeat timestamp with time zone,
          version bigint not null,
          priority smallint,
          primary key (task_name, task_instance));
        create index on scheduled_tasks (execution_time);
        create index on scheduled_tasks (last_heartbeat);
        """);
  }

  /** Writes down what is to be done, all in one statement. */
  void schedule(int tasks) throws SQLException {
    Comparison.require(database.count("scheduled_tasks") == 0);
    database.execute("vacuum analyze scheduled_tasks");
    database.execute(
        "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
            + " select 'step', i, now(), false, 1 from generate_series(1, " + tasks + ") i");
    database.execute("analyze scheduled_tasks");
    left = new CountDownLatch(tasks);
  }

  /** Does it, until no row is left. */
  void run(int tasks) throws Exception {
    OneTimeTask<Void> step = Tasks.oneTime("step").execute((instance, context) -> left.countDown());
    Scheduler scheduler = Scheduler.create(database.pool(), step)
        .threads(threads)
        .pollUsingLockAndFetch(1.0, 4.0)
        .pollingInterval(Duration.ofMillis(10))
        .build();
    scheduler.start();
    try {
      Comparison.require(left.await(5, TimeUnit.MINUTES));
      while (database.count("scheduled_tasks") > 0) {
        Thread.onSpinWait();
      }
    } finally {
      scheduler.stop();
    }
  }

  @Override
  public void close() {
    // The database is its owner's to close.
  }
}
