package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.EndpointUnavailableException;
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

/** A run's view for actions that are called by hand, without an engine; it keeps what was called. */
final class HandContext implements ActionContext {
  private final FakeCloud cloud;
  private final Direction direction;
  private final List<Site> lost;
  private final List<Need> called = new ArrayList<>();
  int generation = 1;
  Optional<Instant> recoverTo = Optional.empty();

  HandContext(FakeCloud cloud, Site from, Site to, Site... lost) {
    this.cloud = cloud;
    this.direction = new Direction(from, to);
    this.lost = List.of(lost);
  }

  List<Need> called() {
    return called;
  }

  @Override
  public String plan() {
    return "orders";
  }

  @Override
  public String run() {
    return "run-1";
  }

  @Override
  public String step() {
    return "step";
  }

  @Override
  public RunMode mode() {
    return RunMode.FAILOVER;
  }

  @Override
  public Direction direction() {
    return direction;
  }

  @Override
  public List<Site> lost() {
    return lost;
  }

  @Override
  public Optional<Instant> recoverTo() {
    return recoverTo;
  }

  @Override
  public String token(String part) {
    return part + "-" + generation;
  }

  @Override
  public int generation() {
    return generation;
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
    return Duration.ofSeconds(10);
  }

  @Override
  public TimeSource time() {
    return cloud.time();
  }

  @Override
  public Optional<Evidence> evidence(String step) {
    return Optional.empty();
  }

  @Override
  public <T> T call(Need endpoint, Callable<T> call) throws Exception {
    called.add(endpoint);
    if (!endpoint.global() && lost.stream().anyMatch(endpoint.site()::isIn)) {
      throw EndpointUnavailableException.declaredLost(endpoint);
    }
    return call.call();
  }

  @Override
  public void work(Work work) {
    throw new UnsupportedOperationException("the fakes hand in no work");
  }
}
