import org.jspecify.annotations.NullMarked;

/** Replicators, actions, journals and leases on the AWS SDK for Java 2. */
@NullMarked
module io.drkit.aws {
  requires transitive io.drkit.core;
  requires org.slf4j;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.regions;
  requires static transitive org.jspecify;

  // An application brings the services that its plan names.
  requires static transitive software.amazon.awssdk.services.autoscaling;
  requires static transitive software.amazon.awssdk.services.cloudwatch;
  requires static transitive software.amazon.awssdk.services.ec2;
  requires static transitive software.amazon.awssdk.services.rds;
  requires static transitive software.amazon.awssdk.services.route53;
  requires static transitive software.amazon.awssdk.services.s3;
}
