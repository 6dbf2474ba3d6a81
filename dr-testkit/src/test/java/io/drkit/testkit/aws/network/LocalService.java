package io.drkit.testkit.aws.network;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** What answers behind a network: an empty answer to everything, without a socket. */
final class LocalService implements SdkHttpClient {
  private final List<SdkHttpRequest> reached = new CopyOnWriteArrayList<>();
  private volatile Runnable meanwhile = () -> {};

  /** Lets something happen while a request is answered. */
  LocalService meanwhile(Runnable happens) {
    meanwhile = happens;
    return this;
  }

  List<SdkHttpRequest> reached() {
    return reached;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        reached.add(request.httpRequest());
        meanwhile.run();
        String body = request.httpRequest().firstMatchingHeader("X-Amz-Target").isPresent()
            ? "{}"
            : "<Answer/>";
        return HttpExecuteResponse.builder()
            .response(SdkHttpResponse.builder().statusCode(200).build())
            .responseBody(AbortableInputStream.create(
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
            .build();
      }

      @Override
      public void abort() {}
    };
  }

  @Override
  public void close() {}
}
