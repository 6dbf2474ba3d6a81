package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.RdsException;

/** Two clients of RDS, and what every contract of it does with them. */
abstract class RdsAccount extends AwsContract {
  RdsAccount(AwsUnderTest aws) {
    super(aws);
  }

  static <E extends RdsException> Consumer<E> codeIs(int status, String code) {
    return refused -> {
      assertThat(refused.statusCode()).isEqualTo(status);
      assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
    };
  }

  RdsClient east() {
    return client(RdsClient.class, "us-east-1");
  }

  RdsClient west() {
    return client(RdsClient.class, "us-west-2");
  }

  DBInstance create(String name) {
    return east()
        .createDBInstance(asked -> asked
            .dbInstanceIdentifier(name)
            .dbInstanceClass("db.r6g.large")
            .engine("postgres")
            .allocatedStorage(20)
            .masterUsername("orders")
            .masterUserPassword("long-enough")
            .backupRetentionPeriod(1))
        .dbInstance();
  }

  /** Makes a database in the east and waits for it; returns its ARN. */
  String database(String name) {
    create(name);
    return available(east(), name.toLowerCase(Locale.ROOT)).dbInstanceArn();
  }

  DBInstance replica(String name, String source) {
    return west()
        .createDBInstanceReadReplica(asked -> asked
            .dbInstanceIdentifier(name)
            .sourceDBInstanceIdentifier(source)
            .sourceRegion("us-east-1"))
        .dbInstance();
  }

  DBInstance available(RdsClient rds, String name) {
    return soon(() -> describe(rds, name), seen -> seen.dbInstanceStatus().equals("available"));
  }

  static DBInstance describe(RdsClient rds, String name) {
    return rds.describeDBInstances(asked -> asked.dbInstanceIdentifier(name))
        .dbInstances()
        .get(0);
  }

  static List<DBInstance> list(RdsClient rds) {
    return rds.describeDBInstances().dbInstances();
  }

  static List<String> names(List<DBInstance> databases) {
    return databases.stream().map(DBInstance::dbInstanceIdentifier).toList();
  }
}
