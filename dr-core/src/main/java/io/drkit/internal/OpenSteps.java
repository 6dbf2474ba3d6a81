package io.drkit.internal;

import io.drkit.Evidence;
import io.drkit.RunMode;
import io.drkit.Stage;
import io.drkit.StepStatus;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunEvent.CallFailed;
import io.drkit.spi.RunEvent.IntentWithdrawn;
import io.drkit.spi.RunEvent.RunEnded;
import io.drkit.spi.RunEvent.StepApplied;
import io.drkit.spi.RunEvent.StepFailed;
import io.drkit.spi.RunEvent.StepInDoubt;
import io.drkit.spi.RunEvent.StepIntended;
import io.drkit.spi.RunEvent.StepOwed;
import io.drkit.spi.RunEvent.StepReached;
import io.drkit.spi.RunEvent.StepStarted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a run to which something can happen: those that run, and those that wait for nothing more or for people. Kept up
 * to date with each record, so that a turn costs what is going on and not what the plan has. So is what calls see of the other
 * steps, which is the only part that other threads read.
 */
final class OpenSteps {
  private final Map<String, Node> nodes = new HashMap<>();
  private final TreeMap<Integer, Node> open = new TreeMap<>();
  private final Map<String, Evidence> evidence = new ConcurrentHashMap<>();
  private final Map<String, StepContext.Asked> asked = new ConcurrentHashMap<>();
  private RunState state;
  private Map<String, Instant> fencedAt = Map.of();
  /** What calls saw last, as long as it holds. */
  private StepContext.@Nullable View view;

  /** A step in the graph of the run. */
  static final class Node {
    final StepState step;

    /** What this process knows of it; made when it is first asked for. */
    @Nullable
    StepMonitor monitor;

    private final int position;
    private final List<Node> dependents = new ArrayList<>(2);
    private int missing;
    private boolean passed;
    private boolean shown;

    Node(StepState step, int position) {
      this.step = step;
      this.position = position;
    }
  }

  OpenSteps(RunState state) {
    this.state = state;
    rebuild();
  }

  /** Goes on with the run's state as it was made anew. */
  void rebase(RunState anew) {
    state = anew;
    rebuild();
  }

  /** Looks at everything anew. */
  private void rebuild() {
    nodes.clear();
    open.clear();
    state.steps().forEach(step -> nodes.put(step.name(), new Node(step, nodes.size())));
    for (Node node : nodes.values()) {
      node.passed = node.step.passed();
      for (String before : node.step.planned.after()) {
        Node other = node(before);
        other.dependents.add(node);
        node.missing += other.step.passed() ? 0 : 1;
      }
    }
    nodes.values().forEach(this::show);
    fencedAt = state.fencedAt();
    view = null;
  }

  private Node node(String step) {
    Node node = nodes.get(step);
    if (node == null) {
      throw new IllegalArgumentException("the run has no step '" + step + "'");
    }
    return node;
  }

  /** Takes in what a record changed that was folded into the state just now. */
  void folded(RunEvent event) {
    if (event instanceof StepStarted e) {
      changed(e.step());
    } else if (event instanceof StepReached e) {
      changed(e.step());
    } else if (event instanceof StepFailed e) {
      changed(e.step());
    } else if (event instanceof StepOwed e) {
      changed(e.step());
    } else if (event instanceof StepInDoubt e) {
      changed(e.step());
    } else if (event instanceof StepIntended e) {
      show(node(e.step()));
    } else if (event instanceof StepApplied e) {
      show(node(e.step()));
    } else if (event instanceof IntentWithdrawn e) {
      show(node(e.step()));
    } else if (!(event instanceof CallFailed
        || event instanceof ApprovalRequested
        || event instanceof RunEnded)) {
      // What people say is rare, and may change any step.
      rebuild();
    }
  }

  private void changed(String name) {
    Node node = node(name);
    boolean passed = node.step.passed();
    if (passed != node.passed) {
      node.passed = passed;
      for (Node dependent : node.dependents) {
        dependent.missing += passed ? -1 : 1;
        show(dependent);
      }
    }
    show(node);
    if (node.step.planned.stage() == Stage.FENCE) {
      fencedAt = state.fencedAt();
      view = null;
    }
  }

  private void show(Node node) {
    StepState step = node.step;
    boolean waitsForPeople = step.planned.approval().isPresent();
    boolean shows = step.status == StepStatus.RUNNING
        || (step.status == StepStatus.WAITING && (node.missing == 0 || waitsForPeople));
    if (shows && !node.shown) {
      open.put(node.position, node);
    } else if (node.shown && !shows) {
      open.remove(node.position);
    }
    node.shown = shows;
    if (step.generation > 0) {
      asked.put(
          step.name(),
          new StepContext.Asked(step.generation, step.applied, step.intentAt, step.withdrawn));
    }
    if (step.status == StepStatus.REACHED) {
      evidence.put(step.name(), step.evidence);
    } else if (!evidence.isEmpty()) {
      evidence.remove(step.name());
    }
  }

  /** The open steps in the plan's order. */
  Collection<Node> all() {
    return open.values();
  }

  /** Whether everything that a step waits for lets it start. */
  boolean ready(StepState step) {
    return node(step.name()).missing == 0;
  }

  /** Whether any step goes on, or would begin if nothing held the run. */
  boolean anyGoesOn() {
    boolean begins = state.cancelled().isEmpty();
    for (Node node : open.values()) {
      if (node.step.status == StepStatus.RUNNING || (begins && node.missing == 0)) {
        return true;
      }
    }
    return false;
  }

  /** What calls of a step that goes on as one of this mode see of the run; also what other steps reach later. */
  StepContext.View view(RunMode mode) {
    StepContext.View last = view;
    if (last == null || last.mode() != mode) {
      last = new StepContext.View(mode, List.copyOf(state.lost()), evidence, asked, fencedAt);
      view = last;
    }
    return last;
  }
}
