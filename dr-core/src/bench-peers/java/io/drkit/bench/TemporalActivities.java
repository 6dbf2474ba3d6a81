package io.drkit.bench;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** Temporal: a workflow of activities that do nothing, on the test server in this process. */
final class TemporalActivities implements AutoCloseable {
  private static final String QUEUE = "bench";

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();

  TemporalActivities() {
    Worker worker = server.newWorker(QUEUE);
    worker.registerWorkflowImplementationTypes(Steps.class);
    worker.registerActivitiesImplementations(new OneStep());
    server.start();
  }

  void run(int steps) {
    WorkflowClient client = server.getWorkflowClient();
    Chain chain = client.newWorkflowStub(
        Chain.class, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build());
    Comparison.require(chain.run(steps) == steps);
  }

  @Override
  public void close() {
    server.close();
  }

  /** The workflow. */
  @WorkflowInterface
  public interface Chain {
    /** Returns how many of the steps ran. */
    @WorkflowMethod
    int run(int steps);
  }

  /** The activity. */
  @ActivityInterface
  public interface Step {
    /** Returns 1. */
    int run(int step);
  }

  /** One activity after the other. */
  public static final class Steps implements Chain {
    private final Step step = Workflow.newActivityStub(
        Step.class,
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofSeconds(30))
            .build());

    @Override
    public int run(int steps) {
      int ran = 0;
      for (int i = 0; i < steps; i++) {
        ran += step.run(i);
      }
      return ran;
    }
  }

  private static final class OneStep implements Step {
    @Override
    public int run(int step) {
      return 1;
    }
  }
}
