package io.drkit.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.DrException;
import io.drkit.spi.LeaseStore.Lease;
import io.drkit.spi.LeaseTable.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every order of taking, renewing, giving back, running out, lost answers and requests that arrive late, for three processes
 * and twelve steps. Orders that lead to the same state are followed once.
 */
class LeaseOrdersTest {
  private static final int DEPTH = 12;
  private static final Duration WHOLE = Duration.ofSeconds(30);
  /** Three ticks are a little more than a lease, so that ends fall between other things. */
  private static final Duration TICK = Duration.ofSeconds(11);

  /** What becomes of a request. */
  private enum Fate {
    ANSWERED,
    ANSWER_LOST,
    DELAYED
  }

  private enum Deed {
    TAKE,
    RENEW,
    GIVE_BACK
  }

  /** One step: something that one process does, or a delayed request that arrives, or time that passes. */
  private record Move(int process, @Nullable Deed deed, Fate fate) {}

  private static List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    moves.add(new Move(-1, null, Fate.ANSWERED));
    for (int process = 0; process < 3; process++) {
      moves.add(new Move(process, null, Fate.DELAYED));
      for (Deed deed : Deed.values()) {
        for (Fate fate : Fate.values()) {
          moves.add(new Move(process, deed, fate));
        }
      }
    }
    return List.copyOf(moves);
  }

  private static final class World implements TimeSource {
    private final LeaseTable table = LeaseTable.inMemory();
    private final List<Actor> processes =
        List.of(new Actor(this, "a"), new Actor(this, "b"), new Actor(this, "c"));
    private Duration uptime = Duration.ofHours(1);

    void make(Move move) {
      if (move.process() < 0) {
        uptime = uptime.plus(TICK);
      } else {
        processes.get(move.process()).make(move);
      }
    }

    long holders() {
      return processes.stream().filter(Actor::held).count();
    }

    /** All that decides what can come of it. */
    String state() {
      StringBuilder text = new StringBuilder(table.read("p").owner());
      processes.forEach(process -> text.append('|').append(process.state()));
      return text.toString();
    }

    @Override
    public Duration uptime() {
      return uptime;
    }

    @Override
    public Instant now() {
      throw new AssertionError("no lease may depend on the wall clock");
    }

    @Override
    public EventLoop loop(String name) {
      throw new AssertionError("no lease store needs a loop");
    }
  }

  /** A process with a connection of its own to the table. */
  private static final class Actor implements LeaseTable {
    private final World world;
    private final String name;
    private final ExpiringLeaseStore store;
    private Fate fate = Fate.ANSWERED;
    private @Nullable Lease lease;
    private long epoch;
    private Entry expected = Entry.NONE;
    private @Nullable Entry underway;

    Actor(World world, String name) {
      this.world = world;
      this.name = name;
      this.store = new ExpiringLeaseStore(this, world, WHOLE);
    }

    boolean held() {
      return lease != null && lease.held();
    }

    void make(Move move) {
      fate = move.fate();
      try {
        if (move.deed() == null) {
          arrive();
        } else if (move.deed() == Deed.TAKE) {
          store.tryAcquire("p", name).ifPresent(taken -> {
            lease = taken;
            epoch = world.table.read("p").epoch();
          });
        } else if (lease != null && move.deed() == Deed.RENEW) {
          lease.renew();
        } else if (lease != null) {
          lease.close();
        }
      } catch (DrException noAnswer) {
        assertThat(noAnswer).hasMessageContaining("no answer");
      }
    }

    private void arrive() {
      if (underway != null) {
        world.table.replace("p", expected, underway);
        underway = null;
      }
    }

    @Override
    public Entry read(String plan) {
      return world.table.read(plan);
    }

    @Override
    public boolean replace(String plan, Entry from, Entry to) {
      if (fate == Fate.DELAYED) {
        expected = from;
        underway = to;
        throw new DrException("no answer");
      }
      boolean replaced = world.table.replace(plan, from, to);
      if (fate == Fate.ANSWER_LOST) {
        throw new DrException("no answer");
      }
      return replaced;
    }

    String state() {
      Entry entry = world.table.read("p");
      String text = "";
      if (lease != null && held()) {
        text += lease.remaining().orElseThrow().toSeconds() + (epoch == entry.epoch() ? "m" : "l");
      }
      ExpiringLeaseStore.Seen seen = store.watched.get("p");
      if (seen != null) {
        Duration since = world.uptime.minus(seen.since());
        text += (seen.entry().equals(entry) ? "s" : "o")
            + (since.compareTo(WHOLE) >= 0 ? "*" : since.toSeconds());
      }
      if (underway != null && expected.equals(entry)) {
        text += "u" + (underway.epoch() > entry.epoch() ? "t" : "r") + underway.owner();
      }
      return text;
    }
  }

  private static World after(List<Move> path) {
    World world = new World();
    path.forEach(world::make);
    return world;
  }

  @Test
  void noOrderOfEventsLetsTwoHoldIt() {
    List<Move> moves = moves();
    Set<String> known = new HashSet<>(Set.of(new World().state()));
    Deque<List<Move>> frontier = new ArrayDeque<>(List.of(List.of()));
    int stolen = 0;
    while (!frontier.isEmpty()) {
      List<Move> path = frontier.remove();
      for (Move move : moves) {
        World world = after(path);
        long epoch = world.table.read("p").epoch();
        boolean wasHeld = world.table.read("p").held();
        world.make(move);
        assertThat(world.holders()).as("%s, then %s", path, move).isLessThanOrEqualTo(1);
        assertThat(world.table.read("p").epoch()).isGreaterThanOrEqualTo(epoch);
        stolen += wasHeld && world.table.read("p").epoch() > epoch ? 1 : 0;
        if (known.add(world.state()) && path.size() + 1 < DEPTH) {
          List<Move> next = new ArrayList<>(path);
          next.add(move);
          frontier.add(next);
        }
      }
    }
    assertThat(known).hasSizeGreaterThan(1_000);
    assertThat(stolen).as("leases that were taken over").isPositive();
  }
}
