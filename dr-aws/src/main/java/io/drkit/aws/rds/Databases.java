package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsEndpoint;
import io.drkit.aws.AwsService;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesRequest;

/** How DB instances and their metrics are asked. */
record Databases(AwsClients clients) {
  static final AwsService<RdsClient> RDS =
      AwsService.regional("rds", RdsClient.class, RdsClient::builder);
  static final AwsService<CloudWatchClient> CLOUDWATCH =
      AwsService.regional("monitoring", CloudWatchClient.class, CloudWatchClient::builder);

  AwsEndpoint<RdsClient> rds(ActionContext context, Site site) {
    return clients.endpoint(RDS, RDS.control(site), context);
  }

  AwsEndpoint<CloudWatchClient> cloudWatch(ActionContext context, Site site) {
    return clients.endpoint(CLOUDWATCH, CLOUDWATCH.data(site), context);
  }

  static Optional<DBInstance> find(AwsEndpoint<RdsClient> rds, String identifier) throws Exception {
    return rds.find(
            "look at DB instance " + identifier,
            (RdsClient client, DescribeDbInstancesRequest request) ->
                client.describeDBInstances(request),
            DescribeDbInstancesRequest.builder()
                .dbInstanceIdentifier(identifier)
                .build(),
            "DBInstanceNotFound",
            "DBInstanceNotFoundFault")
        .flatMap(answer -> answer.dbInstances().stream().findFirst());
  }

  /** {@return the identifier or ARN of the instance that this one is a replica of; empty if it is none} */
  static String sourceOf(DBInstance instance) {
    String source = instance.readReplicaSourceDBInstanceIdentifier();
    return source == null ? "" : source;
  }
}
