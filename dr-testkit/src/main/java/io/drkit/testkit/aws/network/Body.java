package io.drkit.testkit.aws.network;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpRequest;

/** What a request says in its body, if it is of a kind that says what is wanted, and not data. */
final class Body {
  /** More than any request of a control plane has. */
  private static final int MOST = 1 << 20;

  /** A member without escapes, which neither a region nor an ARN has. */
  private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"([^\"\\\\]*+)\"");

  private static final Pattern LOCATION =
      Pattern.compile("<LocationConstraint[^<>]*+>([a-z0-9-]+)</LocationConstraint>");

  private Body() {}

  static boolean isForm(SdkHttpRequest request) {
    return request
        .firstMatchingHeader("Content-Type")
        .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
        .isPresent();
  }

  /** The parameters of the query protocol, or the members of JSON that are texts. */
  static Map<String, String> members(HttpExecuteRequest request) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    if (isForm(request.httpRequest())) {
      for (String pair : text(request).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          members.put(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
        }
      }
    } else if (isJson(request)) {
      Matcher found = MEMBER.matcher(text(request));
      while (found.find()) {
        members.put(found.group(1), found.group(2));
      }
    }
    return members;
  }

  /** Undoes the escapes of a URL. A text with wrong ones stays as it is: whoever answers the request refuses it. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException wrong) {
      return text;
    }
  }

  private static boolean isJson(HttpExecuteRequest request) {
    return request
        .httpRequest()
        .firstMatchingHeader("Content-Type")
        .filter(type -> type.contains("json"))
        .isPresent();
  }

  /** The region in which a bucket is to be made; empty if the request does not say. */
  static String location(HttpExecuteRequest request) throws IOException {
    Matcher found = LOCATION.matcher(text(request));
    return found.find() ? found.group(1) : "";
  }

  private static String text(HttpExecuteRequest request) throws IOException {
    if (request.contentStreamProvider().isEmpty()) {
      return "";
    }
    boolean gzip = request
        .httpRequest()
        .firstMatchingHeader("Content-Encoding")
        .filter("gzip"::equals)
        .isPresent();
    try (InputStream raw = request.contentStreamProvider().get().newStream();
        InputStream in = gzip ? new GZIPInputStream(raw) : raw) {
      return new String(in.readNBytes(MOST), StandardCharsets.UTF_8);
    } catch (EOFException | ZipException torn) {
      throw new IOException("the body of the request is not the gzip that its header says", torn);
    }
  }
}
