package io.drkit.testkit.aws.network;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpRequest;

/** The way to a local server that stands for all of AWS. */
final class Detour {
  private Detour() {}

  /**
   * Returns the request as the server is to have it: the host that the SDK chose stays in the {@code Host} header, for clients that
   * send it on; those on {@link java.net.HttpURLConnection} do not. A bucket moves from the host into the path, where every server
   * finds it.
   */
  static SdkHttpRequest to(URI server, SdkHttpRequest request) {
    Optional<String> bucket = AwsHost.of(request.host()).flatMap(AwsHost::bucket);
    SdkHttpRequest.Builder detour = request.toBuilder()
        .protocol(server.getScheme())
        .host(server.getHost())
        .port(port(server))
        .putHeader(
            "Host",
            bucket.map(name -> request.host().substring(name.length() + 1)).orElse(request.host()));
    bucket.ifPresent(name -> detour.encodedPath("/" + name + path(request)));
    return detour.build();
  }

  private static @Nullable Integer port(URI server) {
    return server.getPort() < 0 ? null : server.getPort();
  }

  private static String path(SdkHttpRequest request) {
    return request.encodedPath().startsWith("/")
        ? request.encodedPath()
        : "/" + request.encodedPath();
  }
}
