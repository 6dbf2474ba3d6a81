package io.drkit.testkit.aws.network;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which plane of which region serves an operation, as far as its service and name tell.
 *
 * <p>Source: the AWS whitepaper <i>AWS Fault Isolation Boundaries</i>, pages <i>Control planes and data planes</i> and <i>Global
 * services</i>.
 */
final class Planes {
  static final String US_EAST_1 = "us-east-1";

  /** Services that have one control plane for every region of the partition, and the region it is in. */
  private static final Map<String, String> HOMES = Map.ofEntries(
      Map.entry("account", US_EAST_1),
      Map.entry("cloudfront", US_EAST_1),
      Map.entry("globalaccelerator", "us-west-2"),
      Map.entry("iam", US_EAST_1),
      Map.entry("networkmanager", "us-west-2"),
      Map.entry("organizations", US_EAST_1),
      Map.entry("route53", US_EAST_1),
      Map.entry("route53-recovery-control-config", "us-west-2"),
      Map.entry("route53-recovery-readiness", "us-west-2"),
      Map.entry("shield", US_EAST_1),
      Map.entry("waf", US_EAST_1));

  /** The operations of data planes; every other one is the control plane's. */
  private static final Map<String, Pattern> DATA = Map.ofEntries(
      Map.entry("monitoring", Pattern.compile(".*")),
      Map.entry("logs", Pattern.compile("PutLogEvents|(Get|Filter)LogEvents|(Start|Get)Query.*")),
      Map.entry(
          "dynamodb",
          Pattern.compile(".*Item|.*Items|Query|Scan|(Batch)?Execute(Statement|Transaction)")),
      Map.entry(
          "sqs",
          Pattern.compile("(Send|Receive|Delete)Message(Batch)?|ChangeMessageVisibility(Batch)?")),
      Map.entry("sns", Pattern.compile("Publish(Batch)?")),
      Map.entry("sts", Pattern.compile(".*")),
      Map.entry(
          "kms",
          Pattern.compile("Encrypt|Decrypt|ReEncrypt|Sign|Verify.*|Generate.*|DeriveShared.*")),
      Map.entry("secretsmanager", Pattern.compile("(Batch)?GetSecretValue")),
      Map.entry("ssm", Pattern.compile("GetParameters?(ByPath)?")),
      Map.entry("kinesis", Pattern.compile("PutRecords?|GetRecords|GetShardIterator")),
      Map.entry("ebs", Pattern.compile(".*")),
      Map.entry("route53-recovery-cluster", Pattern.compile(".*")));

  private Planes() {}

  /** Where the control plane is that serves every region; nothing for a service that has one in each. */
  static Optional<String> home(String service, Optional<String> signedFor) {
    return Optional.ofNullable(HOMES.get(service))
        .map(home ->
            // In the other partitions it is where the SDK signs for.
            signedFor
                .filter(region -> region.matches("(cn|us-gov|us-iso\\w*|eu-isoe?)-.*"))
                .orElse(home));
  }

  static boolean isData(String service, String operation) {
    Pattern data = DATA.get(service);
    return data != null && data.matcher(operation).matches();
  }
}
