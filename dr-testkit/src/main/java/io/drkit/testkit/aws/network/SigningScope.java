package io.drkit.testkit.aws.network;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * What a request was signed for.
 *
 * @param region empty if it was signed for several
 * @param service as its signature spells it
 */
record SigningScope(Optional<String> region, String service) {
  // Signature Version 4: key/date/region/service/aws4_request; Version 4A leaves the region out.
  private static final Pattern CREDENTIAL =
      Pattern.compile("[^/]+/\\d{8}(?:/([^/]+))?/([^/]+)/aws4_request");
  private static final Pattern HEADER = Pattern.compile("Credential=([^,\\s]+)");

  /** Reads the signature, in the header or in the query; nothing if there is none. */
  static Optional<SigningScope> of(SdkHttpRequest request) {
    Optional<String> header = request.firstMatchingHeader("Authorization").flatMap(text -> {
      Matcher found = HEADER.matcher(text);
      return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    });
    return header
        .or(() -> request.firstMatchingRawQueryParameter("X-Amz-Credential"))
        .map(CREDENTIAL::matcher)
        .filter(Matcher::matches)
        .map(parts -> new SigningScope(
            Optional.ofNullable(parts.group(1)).filter(SigningScope::isRegion), parts.group(2)));
  }

  /** What is signed for a pseudo region, such as {@code aws-global}, goes to the service's home. */
  private static boolean isRegion(String name) {
    return AwsHost.REGION.matcher(name).matches();
  }
}
