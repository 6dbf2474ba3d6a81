package io.drkit.testkit.lease;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.Need;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Work;
import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What an action of the fence sees of a run; it keeps what was called. */
record RunView(String run, Direction direction, TimeSource time, List<Need> called)
    implements ActionContext {

  RunView(String run, Direction direction, TimeSource time) {
    this(run, direction, time, new ArrayList<>());
  }

  @Override
  public String plan() {
    return "orders";
  }

  @Override
  public String step() {
    return "nobody writes";
  }

  @Override
  public RunMode mode() {
    return RunMode.FAILOVER;
  }

  @Override
  public List<Site> lost() {
    return List.of();
  }

  @Override
  public Optional<Instant> recoverTo() {
    return Optional.empty();
  }

  @Override
  public String token(String part) {
    return part;
  }

  @Override
  public int generation() {
    return 1;
  }

  @Override
  public Optional<Instant> askedAt() {
    return Optional.empty();
  }

  @Override
  public boolean applied() {
    return false;
  }

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public Duration requestTimeLimit() {
    return Duration.ofSeconds(2);
  }

  @Override
  public Optional<Evidence> evidence(String step) {
    return Optional.empty();
  }

  @Override
  public <T> T call(Need endpoint, Callable<T> call) throws Exception {
    called.add(endpoint);
    return call.call();
  }

  @Override
  public void work(Work work) {
    throw new UnsupportedOperationException("a fence hands in no work");
  }
}
