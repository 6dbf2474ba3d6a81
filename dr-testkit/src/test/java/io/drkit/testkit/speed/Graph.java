package io.drkit.testkit.speed;

import io.drkit.ActionContext;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.Site;
import io.drkit.Stage;
import io.drkit.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A random graph of 20 to 400 steps, of one of four shapes; the same seed gives the same graph. */
final class Graph {
  private static final double SHORTEST_MILLIS = 100;
  private static final double LONGEST_MILLIS = 600_000;

  /** How a graph is built. */
  enum Shape {
    /** Layer after layer; a step waits for one to three of the layer before. */
    LAYERED,
    /** One step, then many side by side, then one again. */
    FORK_JOIN,
    /** Two such graphs one after the other or side by side, and so on down to single steps. */
    SERIES_PARALLEL,
    /** The stages of a failover with their defaults, and launches that wait for one another. */
    FAILOVER
  }

  /**
   * A step.
   *
   * @param after what it waits for, if that is not the default of its stage
   * @param takes how long its state takes to be reached once it is asked for
   */
  record Task(String name, Stage stage, Optional<List<String>> after, Duration takes) {
    String dataset() {
      return name.substring("promote ".length());
    }
  }

  private final SplittableRandom random;
  private final Map<String, Task> tasks = new LinkedHashMap<>();

  private Graph(SplittableRandom random) {
    this.random = random;
  }

  /** {@return the graph of a seed; seeds that follow one another give different shapes} */
  static Graph of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Graph graph = new Graph(random);
    int size = random.nextInt(20, 401);
    switch (Shape.values()[(int) (seed % Shape.values().length)]) {
      case LAYERED -> graph.layers(size);
      case FORK_JOIN -> graph.forks(size);
      case SERIES_PARALLEL -> graph.blocks(size, List.of());
      case FAILOVER -> graph.stages(size);
    }
    return graph;
  }

  private String add(List<String> after) {
    String name = "step " + tasks.size();
    add(name, Stage.PROVISION, Optional.of(after));
    return name;
  }

  private void add(String name, Stage stage, Optional<List<String>> after) {
    double millis =
        SHORTEST_MILLIS * Math.pow(LONGEST_MILLIS / SHORTEST_MILLIS, random.nextDouble());
    tasks.put(name, new Task(name, stage, after, Duration.ofMillis((long) millis)));
  }

  private void layers(int size) {
    int width = random.nextInt(1, 2 + size / 4);
    List<String> before = List.of();
    while (tasks.size() < size) {
      List<String> layer = new ArrayList<>();
      for (int i = 0; i < width && tasks.size() < size; i++) {
        layer.add(add(some(before)));
      }
      before = layer;
    }
  }

  private List<String> some(List<String> names) {
    return names.isEmpty()
        ? names
        : random
            .ints(random.nextInt(1, 4), 0, names.size())
            .distinct()
            .mapToObj(names::get)
            .toList();
  }

  private void forks(int size) {
    List<String> joins = List.of();
    while (tasks.size() < size) {
      List<String> fork = List.of(add(joins));
      int width = random.nextInt(1, 60);
      List<String> prongs = new ArrayList<>();
      for (int i = 0; i < width && tasks.size() < size; i++) {
        prongs.add(add(fork));
      }
      joins = prongs.isEmpty() ? fork : prongs;
    }
  }

  /** {@return the ends of what was added} */
  private List<String> blocks(int size, List<String> after) {
    if (size == 1) {
      return List.of(add(after));
    }
    int first = random.nextInt(1, size);
    if (random.nextBoolean()) {
      return blocks(size - first, blocks(first, after));
    }
    List<String> ends = new ArrayList<>(blocks(first, after));
    ends.addAll(blocks(size - first, after));
    return ends;
  }

  private void stages(int size) {
    List<String> launches = new ArrayList<>();
    // A promotion wants a fence.
    add("fence", Stage.FENCE, Optional.empty());
    for (int i = 1; i < size; i++) {
      switch (random.nextInt(12)) {
        case 0 -> add("fence " + i, Stage.FENCE, Optional.empty());
        case 1, 2 -> add("promote data " + i, Stage.PROMOTE, Optional.empty());
        case 3 -> add("redirect " + i, Stage.REDIRECT, Optional.empty());
        case 4 -> add("verify " + i, Stage.VERIFY, Optional.empty());
        case 5 -> add("afterwards " + i, Stage.AFTERWARDS, Optional.empty());
        default -> {
          boolean free = launches.isEmpty() || random.nextInt(3) == 0;
          String launch = "launch " + i;
          add(launch, Stage.PROVISION, free ? Optional.empty() : Optional.of(some(launches)));
          launches.add(launch);
        }
      }
    }
  }

  /** The plan with these steps. */
  DrPlan plan(Function<Task, FailoverAction> actions) {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(Duration.ofHours(1)).rpo(Duration.ofHours(1)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    boolean promotes = false;
    for (Task task : tasks.values()) {
      FailoverAction action = actions.apply(task);
      UnaryOperator<Step> options = step -> options(step, task);
      switch (task.stage()) {
        case FENCE -> builder.fence(task.name(), action);
        case PROMOTE -> {
          builder.replicator(new Dataset(task.dataset(), action));
          promotes = true;
        }
        case REDIRECT -> builder.redirect(task.name(), action);
        case VERIFY -> builder.verify(task.name(), action);
        case AFTERWARDS -> builder.afterwards(task.name(), action);
        default -> builder.provision(task.name(), action, options);
      }
    }
    return (promotes ? builder.promoteReplicas() : builder).build();
  }

  private static Step options(Step step, Task task) {
    return task.after()
        .map(names -> names.isEmpty()
            ? step.atOnce()
            : step.after(names.get(0), names.subList(1, names.size()).toArray(String[]::new)))
        .orElse(step);
  }

  /**
   * How long the steps along the longest path take together, each of them for itself.
   *
   * @param plan the plan of this graph
   * @param extra what each step takes beyond its own time
   */
  Duration longestPath(DrPlan plan, Duration extra) {
    Map<String, Duration> ends = new HashMap<>();
    Duration longest = Duration.ZERO;
    for (String name : tasks.keySet()) {
      Duration end = end(name, plan, extra, ends);
      longest = longer(longest, end);
    }
    return longest;
  }

  private Duration end(String name, DrPlan plan, Duration extra, Map<String, Duration> ends) {
    Duration known = ends.get(name);
    if (known != null) {
      return known;
    }
    Duration ready = Duration.ZERO;
    for (String before : plan.predecessors(name)) {
      ready = longer(ready, end(before, plan, extra, ends));
    }
    Task task = tasks.get(name);
    if (task == null) {
      throw new AssertionError("no step '" + name + "' in " + tasks.keySet());
    }
    Duration end = ready.plus(task.takes()).plus(extra);
    ends.put(name, end);
    return end;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** A dataset whose promotion is all that counts. */
  private record Dataset(String dataset, FailoverAction promoted) implements Replicator {
    @Override
    public ReplicationKind kind() {
      return ReplicationKind.ASYNCHRONOUS;
    }

    @Override
    public FailoverAction established() {
      return FailoverAction.check(dataset + " is copied", context -> Progress.reached());
    }

    @Override
    public ReplicationStatus status(ActionContext context) {
      throw new UnsupportedOperationException("no run asks for it");
    }
  }
}
