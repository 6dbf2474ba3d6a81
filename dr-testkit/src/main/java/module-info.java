import org.jspecify.annotations.NullMarked;

/** Fake regions, virtual time, disasters and game days for the tests of recovery plans. */
@NullMarked
module io.drkit.testkit {
  requires transitive io.drkit.core;
  requires org.slf4j;
  requires static transitive org.jspecify;

  // What a test brings along when it uses the package that needs it.
  requires static transitive org.assertj.core;
  requires static transitive org.junit.jupiter.api;
  requires static transitive software.amazon.awssdk.auth;
  requires static transitive software.amazon.awssdk.awscore;
  requires static transitive software.amazon.awssdk.core;
  requires static transitive software.amazon.awssdk.http;
  requires static transitive software.amazon.awssdk.regions;
  requires static software.amazon.awssdk.retries.api;
  requires static transitive software.amazon.awssdk.services.autoscaling;
  requires static transitive software.amazon.awssdk.services.cloudwatch;
  requires static transitive software.amazon.awssdk.services.ec2;
  requires static transitive software.amazon.awssdk.services.rds;
  requires static transitive software.amazon.awssdk.services.route53;
  requires static transitive software.amazon.awssdk.services.s3;
  requires static transitive software.amazon.awssdk.services.sts;

  exports io.drkit.testkit;
  exports io.drkit.testkit.assertj;
  exports io.drkit.testkit.aws;
  exports io.drkit.testkit.aws.contract;
  exports io.drkit.testkit.aws.network;
  exports io.drkit.testkit.contract;
  exports io.drkit.testkit.emulator;
  exports io.drkit.testkit.junit;

  uses io.drkit.testkit.CloudExtension.Factory;

  provides io.drkit.testkit.CloudExtension.Factory with
      io.drkit.testkit.aws.FakeAwsFactory;
}
