package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.EndpointUnavailableException;
import io.drkit.Evidence;
import io.drkit.Need;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.Work;
import io.drkit.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What one call of an action sees of its run: a picture taken when the call began, but for what
 * other steps have reached. */
final class StepContext implements ActionContext {

  /** What is the same for every call of a run. Once it has {@code ended} for this process, nothing is called any more. */
  record Shared(
      String plan,
      String run,
      Direction direction,
      Optional<Instant> recoverTo,
      long epoch,
      Duration requestTimeLimit,
      TimeSource time,
      Endpoints endpoints,
      AtomicBoolean ended) {}

  /** How the run stood when the call began; what other steps have reached is seen as it is now. */
  record View(
      RunMode mode,
      List<Site> lost,
      Map<String, Evidence> evidence,
      Map<String, Asked> asked,
      Map<String, Instant> fencedAt) {}

  /**
   * That a step's state was asked for.
   *
   * @param generation how often
   * @param applied whether the last request returned normally
   * @param at when
   * @param withdrawn whether the last request is known not to have been sent
   */
  record Asked(int generation, boolean applied, Instant at, boolean withdrawn) {
    static final Asked NEVER = new Asked(0, false, Instant.EPOCH, true);
  }

  private final Shared shared;
  private final View view;
  private final String step;
  private final Asked asked;
  /** In uptime; a process that was paused finds its call over before any timer tells it. */
  private final Duration until;
  /** The remote calls under way, the innermost first: one may be made within another. */
  private final Deque<Endpoints.Guarded> inCall = new ConcurrentLinkedDeque<>();

  private volatile boolean sent;
  private volatile @Nullable Work work;
  private volatile @Nullable String missing;
  private volatile boolean over;

  StepContext(Shared shared, View view, String step) {
    this.shared = shared;
    this.view = view;
    this.step = step;
    this.asked = view.asked.getOrDefault(step, Asked.NEVER);
    this.until = shared.time.uptime().plus(shared.requestTimeLimit);
  }

  /** The view of another step of the run, to look at it again. */
  StepContext of(String other) {
    return new StepContext(shared, view, other);
  }

  @Override
  public String plan() {
    return shared.plan;
  }

  @Override
  public String run() {
    return shared.run;
  }

  @Override
  public String step() {
    return step;
  }

  @Override
  public RunMode mode() {
    return view.mode;
  }

  @Override
  public Direction direction() {
    return shared.direction;
  }

  @Override
  public List<Site> lost() {
    return view.lost;
  }

  @Override
  public Optional<Instant> recoverTo() {
    return shared.recoverTo;
  }

  @Override
  public String token(String part) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String text :
          List.of(shared.plan, shared.run, step, part, Integer.toString(generation()))) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public int generation() {
    return Math.max(1, asked.generation);
  }

  @Override
  public Optional<Instant> askedAt() {
    return asked.withdrawn ? Optional.empty() : Optional.of(asked.at);
  }

  @Override
  public boolean applied() {
    return asked.applied;
  }

  @Override
  public long epoch() {
    return shared.epoch;
  }

  @Override
  public Duration requestTimeLimit() {
    return shared.requestTimeLimit;
  }

  @Override
  public TimeSource time() {
    return shared.time;
  }

  @Override
  public Optional<Evidence> evidence(String earlier) {
    Evidence found = view.evidence.get(earlier);
    if (found == null) {
      missing = earlier;
    }
    return Optional.ofNullable(found);
  }

  @Override
  public <T> T call(Need endpoint, Callable<T> call) throws Exception {
    if (over || shared.ended.get() || shared.time.uptime().compareTo(until) > 0) {
      throw new IllegalStateException("step '" + step
          + "': this call is over, because its time limit of " + shared.requestTimeLimit
          + " passed or its run ended here; it must not call the " + endpoint + " any more");
    }
    if (!endpoint.global() && endpoint.site().isInAny(view.lost)) {
      throw EndpointUnavailableException.declaredLost(endpoint);
    }
    Endpoints.Guarded guarded = shared.endpoints.begin(endpoint);
    sent = true;
    inCall.push(guarded);
    try {
      T result = guarded.call(call);
      inCall.remove(guarded);
      return result;
    } catch (Exception e) {
      inCall.remove(guarded);
      throw e;
    }
    // After an Error it stays: what came of the call is told when the action's call is over.
  }

  @Override
  public void work(Work slices) {
    work = slices;
  }

  /** When the last writer at the site that is left was proven to have stopped, if it was. */
  Optional<Instant> fencedAt(Optional<String> child) {
    return Optional.ofNullable(view.fencedAt.get(child.orElse("")));
  }

  /** The work that was handed over in this call. */
  @Nullable
  Work handedOver() {
    return work;
  }

  /** An earlier step whose evidence was asked for and is not there. */
  Optional<String> missingEvidence() {
    return Optional.ofNullable(missing);
  }

  /**
   * The call of the action is over for the engine. A remote call that is still in it was cut short: by the time limit, which
   * speaks against its endpoint, or by an error in this process, which does not.
   */
  void over(@Nullable Throwable error) {
    over = true;
    for (Endpoints.Guarded guarded : inCall) {
      guarded.tell(error instanceof TimeoutException ? error : null);
    }
  }

  /** Whether a remote call was let through in this call. */
  boolean sent() {
    return sent;
  }
}
