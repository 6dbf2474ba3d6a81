package io.drkit.testkit.aws;

import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.Site;
import io.drkit.testkit.RefusedByCloudException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.RequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;

/** A client as its caller holds it: it sends what the fake models over a network, and says so of what it does not model. */
final class FakeClient implements InvocationHandler {
  private final FakeAws aws;
  private final AwsFake fake;
  private final Site region;
  private boolean closed;

  FakeClient(FakeAws aws, AwsFake fake, Site region) {
    this.aws = aws;
    this.fake = fake;
    this.region = region;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // A client is equal to itself only.
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] args = given == null ? new Object[0] : given;
    switch (method.getName()) {
      case "close" -> {
        closed = true;
        return null;
      }
      case "toString" -> {
        return fake.getClass().getSimpleName() + " in " + fake.region;
      }
      case "equals" -> {
        return proxy == args[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      default -> {
        if (closed) {
          throw new IllegalStateException(this + " was closed; ask for a new client");
        }
        return operation(proxy, method, args);
      }
    }
  }

  private @Nullable Object operation(Object proxy, Method method, Object[] args) throws Throwable {
    Optional<Method> modelled = modelled(method);
    if (modelled.isPresent()) {
      return args.length > 0 && args[0] instanceof AwsRequest request
          ? send(modelled.get(), request, args)
          : call(modelled.get(), args);
    }
    if (method.getName().equals("waiter") && proxy instanceof SdkClient client) {
      return WaiterInVirtualTime.of(method.getReturnType(), client, fake.looksEvery(), aws.time());
    }
    if (method.getName().equals("serviceClientConfiguration")) {
      return configuration(method.getReturnType());
    }
    try {
      // What the SDK makes of other operations: requests built in place, pages, answers as bytes.
      return InvocationHandler.invokeDefault(proxy, method, args);
    } catch (UnsupportedOperationException bare) {
      if (bare.getMessage() != null) {
        throw bare;
      }
      throw fake.notModelled(method.getName());
    }
  }

  /** The SDK's configuration of a client: of a region, and else of what it takes by default. */
  private Object configuration(Class<?> type) throws ReflectiveOperationException {
    Object builder = type.getMethod("builder").invoke(null);
    Class<?> shape = type.getMethod("builder").getReturnType();
    shape.getMethod("region", Region.class).invoke(builder, Region.of(region.name()));
    return shape.getMethod("build").invoke(builder);
  }

  private Optional<Method> modelled(Method method) throws NoSuchMethodException {
    Method own = fake.getClass().getMethod(method.getName(), method.getParameterTypes());
    return own.getDeclaringClass().isInterface() ? Optional.empty() : Optional.of(own);
  }

  private @Nullable Object send(Method method, AwsRequest request, Object[] args) throws Exception {
    String operation = method.getName();
    Need need = fake.need(operation, request);
    Limits limits = Limits.of(request);
    List<Need> others = fake.alsoNeeds(operation, request);
    try {
      return aws.cloud().request(need, limits.patience(), () -> {
        for (String action : fake.actions(operation, request)) {
          if (aws.denies(action)) {
            throw fake.denied(action);
          }
        }
        for (Need other : others) {
          if (!aws.cloud().answers(need.site(), other)) {
            throw fake.refused(
                503, "ServiceUnavailable", "The service in " + other.site() + " is unavailable");
          }
        }
        return call(method, args);
      });
    } catch (RefusedByCloudException refused) {
      throw switch (refused.reason()) {
        case THROTTLED -> fake.throttled();
        case CREDENTIALS_EXPIRED -> fake.expired();
      };
    } catch (EndpointUnavailableException lost) {
      throw lost.getCause() instanceof TimeoutException && limits.set()
          ? limits.exceeded()
          : SdkClientException.create(
              "Unable to execute HTTP request: " + lost.getMessage(),
              new ConnectException(lost.getMessage()));
    }
  }

  private @Nullable Object call(Method method, Object[] args) throws Exception {
    try {
      Object answer = method.invoke(fake, args);
      return answer instanceof SdkResponse response && response.sdkHttpResponse() == null
          ? response.toBuilder().sdkHttpResponse(fake.http(200, Map.of())).build()
          : answer;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      } else if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** How long a request waits: by its caller's limit for the call or for one attempt, of which there is one here, whichever is less. */
  private record Limits(Optional<Duration> call, Optional<Duration> attempt) {
    static Limits of(AwsRequest request) {
      Optional<AwsRequestOverrideConfiguration> given = request.overrideConfiguration();
      return new Limits(
          given.flatMap(RequestOverrideConfiguration::apiCallTimeout),
          given.flatMap(RequestOverrideConfiguration::apiCallAttemptTimeout));
    }

    boolean set() {
      return call.isPresent() || attempt.isPresent();
    }

    Duration patience() {
      return Stream.of(call, attempt)
          .flatMap(Optional::stream)
          .min(Comparator.naturalOrder())
          .orElse(FakeAws.PATIENCE);
    }

    SdkClientException exceeded() {
      long millis = patience().toMillis();
      return call.equals(Optional.of(patience()))
          ? ApiCallTimeoutException.create(millis)
          : ApiCallAttemptTimeoutException.create(millis);
    }
  }

  @Override
  public String toString() {
    return fake.getClass().getSimpleName() + " in " + fake.region;
  }
}
