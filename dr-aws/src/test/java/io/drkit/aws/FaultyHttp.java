package io.drkit.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** A real HTTP client on a bad network: it notes what is sent, and can lose an answer or let something happen before. */
public final class FaultyHttp implements SdkHttpClient {
  private final SdkHttpClient real = UrlConnectionHttpClient.create();
  private final List<SdkHttpRequest> sent = new ArrayList<>();
  private @Nullable Predicate<SdkHttpRequest> losesAnswerOf;
  private @Nullable Predicate<SdkHttpRequest> interruptedBy;
  private @Nullable Runnable interruption;
  private @Nullable String staleAction;
  private String staleAnswer = "";
  private int staleTimes;

  /** Loses the answer of the next such request: it takes effect, and nobody hears of it. */
  public synchronized void loseAnswerOf(Predicate<SdkHttpRequest> request) {
    losesAnswerOf = request;
  }

  /** Lets something happen just before the next such request. */
  public synchronized void before(Predicate<SdkHttpRequest> request, Runnable happens) {
    interruptedBy = request;
    interruption = happens;
  }

  /** Lets the next reads of a query protocol show the past: an eventually consistent service is free to. */
  public synchronized void answerFromThePast(String action, String answer, int times) {
    staleAction = action;
    staleAnswer = answer;
    staleTimes = times;
  }

  /** {@return how many such requests were sent} */
  public synchronized long count(Predicate<SdkHttpRequest> request) {
    return sent.stream().filter(request).count();
  }

  /** Forgets what was sent. */
  public synchronized void forget() {
    sent.clear();
  }

  /** {@return whether a request copies an object on the side of S3, whole or in part} */
  public static boolean copies(SdkHttpRequest request) {
    return request.firstMatchingHeader("x-amz-copy-source").isPresent();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    SdkHttpRequest http = request.httpRequest();
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        note(http).run();
        if (isStale(request)) {
          return HttpExecuteResponse.builder()
              .response(SdkHttpResponse.builder().statusCode(200).build())
              .responseBody(AbortableInputStream.create(
                  new ByteArrayInputStream(staleAnswer.getBytes(StandardCharsets.UTF_8))))
              .build();
        }
        HttpExecuteResponse answer = real.prepareRequest(request).call();
        if (answerIsLost(http)) {
          answer.responseBody().ifPresent(body -> body.abort());
          throw new SocketException("Connection reset");
        }
        return answer;
      }

      @Override
      public void abort() {}
    };
  }

  private synchronized Runnable note(SdkHttpRequest http) {
    sent.add(http);
    if (interruptedBy == null || interruption == null || !interruptedBy.test(http)) {
      return () -> {};
    }
    interruptedBy = null;
    return interruption;
  }

  private synchronized boolean isStale(HttpExecuteRequest request) throws IOException {
    if (staleAction == null
        || staleTimes == 0
        || request.contentStreamProvider().isEmpty()) {
      return false;
    }
    String body;
    try (InputStream in = request.contentStreamProvider().get().newStream()) {
      body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    boolean stale = body.contains("Action=" + staleAction + "&");
    staleTimes -= stale ? 1 : 0;
    return stale;
  }

  private synchronized boolean answerIsLost(SdkHttpRequest http) {
    if (losesAnswerOf == null || !losesAnswerOf.test(http)) {
      return false;
    }
    losesAnswerOf = null;
    return true;
  }

  @Override
  public void close() {
    real.close();
  }
}
