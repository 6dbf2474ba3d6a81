package io.drkit.testkit.aws.network;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;

/** A client of a {@link FaultyNetwork}, in front of a real one. */
final class FaultyClient implements SdkHttpClient {
  private final FaultyNetwork network;
  private final SdkHttpClient real;

  FaultyClient(FaultyNetwork network, SdkHttpClient real) {
    this.network = network;
    this.real = real;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new FaultyRequest(network, real, request);
  }

  @Override
  public String clientName() {
    return real.clientName();
  }

  @Override
  public void close() {
    real.close();
  }

  @Override
  public String toString() {
    return "disasters in front of " + real.clientName();
  }
}
