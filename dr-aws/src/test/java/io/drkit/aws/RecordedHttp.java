package io.drkit.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/** An HTTP client without a network, that answers as AWS did or is documented to. The SDK above it is the real one. */
public final class RecordedHttp implements SdkHttpClient {

  /** An answer of AWS. */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** {@return an answer without headers of interest} */
    public static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body);
    }
  }

  /** What a request said: its method, path, query and body in one text to look into. */
  public record Request(String method, String target, String body) {
    /** {@return whether the request asks for this action of a query protocol} */
    public boolean is(String action) {
      return body.contains("Action=" + action + "&");
    }
  }

  private final Function<Request, Answer> service;
  private final List<Request> requests = new ArrayList<>();

  /**
   * Makes a client in front of a service.
   *
   * @param service answers; it may throw an unchecked {@link java.io.UncheckedIOException} for a network that fails
   */
  public RecordedHttp(Function<Request, Answer> service) {
    this.service = service;
  }

  /** {@return a client whose requests are never answered} */
  public static RecordedHttp hanging() {
    return new RecordedHttp(request -> {
      try {
        new CountDownLatch(1).await();
        throw new AssertionError("nobody opens this latch");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new java.io.UncheckedIOException(new InterruptedIOException("aborted"));
      }
    });
  }

  /** {@return what was sent so far} */
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        Request asked = read(request);
        synchronized (RecordedHttp.this) {
          requests.add(asked);
        }
        try {
          return answer(service.apply(asked));
        } catch (java.io.UncheckedIOException e) {
          throw e.getCause();
        }
      }

      @Override
      public void abort() {}
    };
  }

  private static Request read(HttpExecuteRequest request) throws IOException {
    String body = "";
    if (request.contentStreamProvider().isPresent()) {
      try (InputStream in = request.contentStreamProvider().get().newStream()) {
        body = new String(in.readAllBytes(), StandardCharsets.UTF_8) + "&";
      }
    }
    String query = request.httpRequest().encodedQueryParameters().orElse("");
    return new Request(
        request.httpRequest().method().name(),
        request.httpRequest().encodedPath() + "?" + query,
        body);
  }

  private static HttpExecuteResponse answer(Answer answer) {
    SdkHttpResponse.Builder head = SdkHttpResponse.builder().statusCode(answer.status());
    answer.headers().forEach(head::putHeader);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    return HttpExecuteResponse.builder()
        .response(head.build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
        .build();
  }

  @Override
  public void close() {}
}
