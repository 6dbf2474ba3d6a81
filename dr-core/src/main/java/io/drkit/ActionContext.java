package io.drkit;

import io.drkit.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A run's view on one of its steps, handed to every call of a {@link FailoverAction}. Valid during that call only, and to
 * be used on the thread of that call.
 */
public interface ActionContext {

  /** {@return the plan's name} */
  String plan();

  /** {@return the run's id} */
  String run();

  /** {@return the step's name} */
  String step();

  /** {@return what the run is for} */
  RunMode mode();

  /** {@return where the run moves the workload from and to} */
  Direction direction();

  /** {@return the site that is left} */
  default Site from() {
    return direction().from();
  }

  /** {@return the site that takes over} */
  default Site to() {
    return direction().to();
  }

  /** {@return the sites that were declared lost; {@link #call} refuses calls to them} */
  List<Site> lost();

  /**
   * {@return the instant to which the data is to be recovered, because what was written later is bad; empty for the newest state} What a
   * promotion brings back must hold nothing written after it.
   */
  Optional<Instant> recoverTo();

  /**
   * Returns a token by which a target can tell a repeated request: the same for this run, step, part and generation in
   * every process, 64 hexadecimal characters at most as AWS's client tokens allow. A new generation begins only when the
   * request before it is settled.
   *
   * @param part which of the step's requests it is for
   */
  String token(String part);

  /** {@return how often the state was asked for and settled before, counting from 1 with the first request} */
  int generation();

  /**
   * Returns when the state was asked for last, by the wall clock of the process that wrote the intent.
   *
   * @return empty if it was never asked for, or if the request is known not to have been sent
   */
  Optional<Instant> askedAt();

  /** {@return whether {@code apply} of this generation returned normally, in this process or in one before it} */
  boolean applied();

  /** {@return the runner's epoch: it rises each time that a process takes the run over} */
  long epoch();

  /** {@return the time that each remote request may take at most} */
  Duration requestTimeLimit();

  /** {@return the only clock that an action may use} */
  TimeSource time();

  /**
   * Returns what an earlier step found out.
   *
   * @param step the earlier step's name
   * @return the evidence, or nothing if the step was not reached, which is always so under {@code explain}
   */
  Optional<Evidence> evidence(String step);

  /**
   * Makes a remote call, guarded by the endpoint's circuit breaker, and refuses it if the endpoint's site was declared
   * lost. A global control plane that has its home in a lost site is still called: the declaration is about the
   * workload's site.
   *
   * @param endpoint what is called
   * @param call the call; it is interrupted when the engine's time limit passes
   * @return what the call returned
   * @throws EndpointUnavailableException if the call was not sent, because the endpoint did not answer lately or because
   *     its site was declared lost; or thrown by the call itself to report that the endpoint does not answer
   * @throws Exception whatever else the call throws
   */
  <T> T call(Need endpoint, Callable<T> call) throws Exception;

  /**
   * Hands work to the engine that no service does for us, such as copying objects: the engine does it slice by slice
   * after {@code apply} returned, and observes the world when it has ended. Work survives nothing: after a crash
   * {@code observe} finds the state pending and {@code apply} begins again.
   *
   * @param work the slices
   */
  void work(Work work);
}
