import org.jspecify.annotations.NullMarked;

/** Replicators, actions, journals and leases on the AWS SDK for Java 2. */
@NullMarked
module io.drkit.aws {
  requires transitive io.drkit.core;
  requires org.slf4j;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.retries.api;
  requires software.amazon.awssdk.utils;
  requires transitive software.amazon.awssdk.auth;
  requires transitive software.amazon.awssdk.awscore;
  requires transitive software.amazon.awssdk.core;
  requires transitive software.amazon.awssdk.http;
  requires transitive software.amazon.awssdk.regions;
  requires static transitive org.jspecify;

  // An application brings the services that its plan names.
  requires static transitive software.amazon.awssdk.services.autoscaling;
  requires static transitive software.amazon.awssdk.services.cloudwatch;
  requires static transitive software.amazon.awssdk.services.ec2;
  requires static transitive software.amazon.awssdk.services.rds;
  requires static transitive software.amazon.awssdk.services.route53;
  requires static transitive software.amazon.awssdk.services.s3;

  exports io.drkit.aws;
  exports io.drkit.aws.autoscaling;
  exports io.drkit.aws.ec2;
  exports io.drkit.aws.rds;
  exports io.drkit.aws.route53;
  exports io.drkit.aws.s3;

  uses software.amazon.awssdk.http.SdkHttpService;
}
