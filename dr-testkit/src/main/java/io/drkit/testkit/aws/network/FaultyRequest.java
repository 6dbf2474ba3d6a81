package io.drkit.testkit.aws.network;

import io.drkit.spi.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** A request on its way through whatever goes on. It takes real time, and ends when it is aborted or interrupted. */
final class FaultyRequest implements ExecutableHttpRequest {
  private final FaultyNetwork network;
  private final SdkHttpClient real;
  private final HttpExecuteRequest request;
  private final CountDownLatch aborted = new CountDownLatch(1);
  private @Nullable ExecutableHttpRequest sent;

  FaultyRequest(FaultyNetwork network, SdkHttpClient real, HttpExecuteRequest request) {
    this.network = network;
    this.real = real;
    this.request = request;
  }

  @Override
  public HttpExecuteResponse call() throws IOException {
    AwsCall call = network.note(request);
    if (network.isSilent(call)) {
      throw noAnswer(call, network.hangs());
    }
    if (network.dropsOneWay(call)) {
      throw noAnswer(call, true);
    }
    Optional<Refusal> refusal = network.refusal(call);
    if (refusal.isPresent()) {
      return refusal.get().answer(request.httpRequest().method(), network.nextRequestId());
    }
    Duration begun = TimeSource.system().uptime();
    HttpExecuteResponse answer = send();
    try {
      Duration took = TimeSource.system().uptime().minus(begun);
      waitFor(Duration.ofNanos((long) (took.toNanos() * (network.slowness(call) - 1))));
      if (network.isSilent(call)) {
        // It has taken effect, and nobody hears of it.
        throw noAnswer(call, network.hangs());
      }
      if (network.isHalfOpen(call) || network.dropsOneWay(call)) {
        throw noAnswer(call, true);
      }
    } catch (IOException unheard) {
      answer.responseBody().ifPresent(AbortableInputStream::abort);
      throw unheard;
    }
    network.learn(request, call, answer.httpResponse());
    return answer;
  }

  private HttpExecuteResponse send() throws IOException {
    ExecutableHttpRequest sending = real.prepareRequest(network.detour(request));
    synchronized (this) {
      sent = sending;
    }
    if (aborted.getCount() == 0) {
      sending.abort();
    }
    return sending.call();
  }

  private IOException noAnswer(AwsCall call, boolean hangs) throws IOException {
    if (!hangs) {
      return new ConnectException("Connection refused: the " + call.need() + " is lost");
    }
    Duration patience = network.patience();
    waitFor(patience);
    return new SocketTimeoutException(
        "Read timed out: the " + call.need() + " did not answer within " + patience);
  }

  private void waitFor(Duration duration) throws IOException {
    try {
      if (aborted.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new InterruptedIOException("the request was aborted");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      InterruptedIOException ended = new InterruptedIOException("the request was interrupted");
      ended.initCause(interrupted);
      throw ended;
    }
  }

  @Override
  public void abort() {
    aborted.countDown();
    ExecutableHttpRequest sending;
    synchronized (this) {
      sending = sent;
    }
    if (sending != null) {
      sending.abort();
    }
  }
}
