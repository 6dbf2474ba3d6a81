package io.drkit.testkit.aws.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of one of AWS's hosts says.
 *
 * @param service its first label after what belongs to a resource, for example {@code ec2}
 * @param region empty for an endpoint that serves all of them
 * @param before what stands before the service: a bucket's name with S3, an account with its control API
 */
record AwsHost(String service, Optional<String> region, Optional<String> before) {
  /** No longer than any there is: what it is looked for in may have been written by anybody. */
  static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]{1,20}){1,3}-\\d{1,2}");

  private static final Pattern OLD_S3 = Pattern.compile("s3-(" + REGION.pattern() + ")");
  private static final List<String> SUFFIXES =
      List.of(".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn");

  /** Reads a name; nothing if it is not one of AWS's own. */
  static Optional<AwsHost> of(String host) {
    return SUFFIXES.stream()
        .filter(host::endsWith)
        .findFirst()
        .map(suffix -> host.substring(0, host.length() - suffix.length()))
        .filter(labels -> !labels.isEmpty())
        .map(AwsHost::read);
  }

  private static AwsHost read(String text) {
    List<String> labels = new ArrayList<>(Arrays.asList(text.split("\\.", -1)));
    removeLast(labels, "vpce");
    Optional<String> region = Optional.empty();
    // The region stands last. A bucket of that name stands before the service, and is none.
    if (labels.size() > 1 && REGION.matcher(last(labels)).matches()) {
      region = Optional.of(labels.remove(labels.size() - 1));
    }
    removeLast(labels, "dualstack");
    String service = labels.remove(labels.size() - 1);
    Matcher old = OLD_S3.matcher(service);
    if (old.matches()) {
      service = "s3";
      region = Optional.of(old.group(1));
    }
    if (service.endsWith("-fips")) {
      service = service.substring(0, service.length() - "-fips".length());
    }
    return new AwsHost(
        service,
        region,
        labels.isEmpty() ? Optional.empty() : Optional.of(String.join(".", labels)));
  }

  private static void removeLast(List<String> labels, String word) {
    if (labels.size() > 1 && last(labels).equals(word)) {
      labels.remove(labels.size() - 1);
    }
  }

  private static String last(List<String> labels) {
    return labels.get(labels.size() - 1);
  }

  /** The bucket that the host is named after. */
  Optional<String> bucket() {
    return service.equals("s3") ? before : Optional.empty();
  }
}
