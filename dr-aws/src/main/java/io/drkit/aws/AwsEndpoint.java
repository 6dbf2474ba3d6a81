package io.drkit.aws;

import io.drkit.ActionContext;
import io.drkit.DrException;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * One plane of one AWS service in one site, as one call of an action sees it. It is the one place through which requests
 * go out: past the engine's circuit breaker, bounded by the engine's time limit, and with failures told apart by whether
 * they speak against the endpoint or against the request. Valid during that call only, and on its thread.
 *
 * @param <C> the type of the service's client
 */
public final class AwsEndpoint<C extends SdkClient> {
  private final C client;
  private final Need need;
  private final ActionContext context;
  private final Duration begun;

  AwsEndpoint(C client, Need need, ActionContext context) {
    this.client = client;
    this.need = need;
    this.context = context;
    this.begun = context.time().uptime();
  }

  /** {@return what is asked} */
  public Need need() {
    return need;
  }

  /**
   * Sends a request.
   *
   * @param purpose what it is for, as a person would say it, for example "promote orders-db"; begins the message of a failure
   * @param operation the client's method, for example {@code RdsClient::promoteReadReplica}
   * @param request what is asked
   * @return the answer
   * @throws EndpointUnavailableException if the endpoint does not answer, or must not be asked
   * @throws DrException if AWS refused the request; the cause is the SDK's exception
   * @throws InterruptedException if the engine's time limit passed
   * @throws Exception whatever else the engine throws
   */
  public <R extends AwsRequest, T> T call(
      String purpose, BiFunction<? super C, ? super R, ? extends T> operation, R request)
      throws Exception {
    return guarded(purpose, () -> operation.apply(client, bounded(request)));
  }

  /**
   * Sends a request whose refusal may be an answer as well, such as that a resource does not exist.
   *
   * @param purpose what it is for; begins the message of a failure
   * @param operation the client's method
   * @param request what is asked
   * @param absent the AWS error codes that mean "no", or an HTTP status such as 404 where there is no code
   * @return the answer, or nothing if it is one of these errors
   * @throws EndpointUnavailableException if the endpoint does not answer, or must not be asked
   * @throws DrException if AWS refused the request for another reason; the cause is the SDK's exception
   * @throws InterruptedException if the engine's time limit passed
   * @throws Exception whatever else the engine throws
   */
  public <R extends AwsRequest, T> Optional<T> find(
      String purpose,
      BiFunction<? super C, ? super R, ? extends T> operation,
      R request,
      String... absent)
      throws Exception {
    List<String> no = List.of(absent);
    return guarded(purpose, () -> {
      try {
        return Optional.<T>of(operation.apply(client, bounded(request)));
      } catch (AwsServiceException e) {
        if (no.contains(AwsFailure.code(e)) || no.contains(String.valueOf(e.statusCode()))) {
          return Optional.empty();
        }
        throw e;
      }
    });
  }

  /**
   * Does several requests as one guarded call, which may use threads of its own as long as they are done when it returns.
   *
   * @param purpose what they are for; begins the message of a failure
   * @param work sends the requests with {@link #client}, each of them {@link #bounded}
   * @return what the work returns
   * @throws EndpointUnavailableException if the endpoint does not answer, or must not be asked
   * @throws DrException if AWS refused a request; the cause is the SDK's exception
   * @throws InterruptedException if the engine's time limit passed
   * @throws Exception whatever else the work or the engine throws
   */
  public <T> T guarded(String purpose, Callable<T> work) throws Exception {
    try {
      return context.call(need, () -> {
        try {
          return work.call();
        } catch (SdkException e) {
          throw AwsFailure.judged(purpose, need, e);
        }
      });
    } catch (SdkException e) {
      throw AwsFailure.explained(purpose, e);
    }
  }

  /** {@return the client; requests that are sent with it directly belong inside of {@link #guarded}} */
  public C client() {
    return client;
  }

  /**
   * Returns a request that ends before the engine's time limit for this call of the action does, so that it cannot have an
   * effect when another process may have taken over.
   *
   * @param request the request
   * @throws EndpointUnavailableException if that limit has passed already
   */
  public <R extends AwsRequest> R bounded(R request) {
    Duration left = left();
    return limited(request, limits -> limits.apiCallTimeout(left));
  }

  /**
   * Returns a request as {@link #bounded} does, for something that takes AWS its time: one attempt may use all that is left.
   *
   * @param request the request
   * @throws EndpointUnavailableException if the engine's limit has passed already
   */
  public <R extends AwsRequest> R unhurried(R request) {
    Duration left = left();
    return limited(request, limits -> limits.apiCallTimeout(left).apiCallAttemptTimeout(left));
  }

  @SuppressWarnings("unchecked")
  private static <R extends AwsRequest> R limited(
      R request, Consumer<AwsRequestOverrideConfiguration.Builder> setting) {
    AwsRequestOverrideConfiguration.Builder limits = request
        .overrideConfiguration()
        .map(AwsRequestOverrideConfiguration::toBuilder)
        .orElseGet(AwsRequestOverrideConfiguration::builder);
    setting.accept(limits);
    // A request's builder builds a request of its own kind.
    return (R) request.toBuilder().overrideConfiguration(limits.build()).build();
  }

  /**
   * Returns how long this call of the action may go on.
   *
   * @throws EndpointUnavailableException if its limit has passed
   */
  public Duration left() {
    Duration left = context.requestTimeLimit().minus(context.time().uptime().minus(begun));
    if (left.isNegative() || left.isZero()) {
      throw new EndpointUnavailableException(
          need,
          "no request was sent to the " + need + ": the requests before it used up the limit of "
              + context.requestTimeLimit(),
          null);
    }
    return left;
  }
}
