package io.drkit.examples.orders;

import io.drkit.ActionContext;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsService;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesRequest;

/**
 * The proofs that orders works in the recovery region. A real service would place an order; these look at what an emulator
 * has: the database and the servers.
 */
final class OrdersChecks {
  private static final AwsService<RdsClient> RDS =
      AwsService.regional("rds", RdsClient.class, RdsClient::builder);
  private static final AwsService<Ec2Client> EC2 =
      AwsService.regional("ec2", Ec2Client.class, Ec2Client::builder);

  private final AwsClients clients;

  OrdersChecks(AwsClients clients) {
    this.clients = clients;
  }

  FailoverAction databaseTakesWrites() {
    return FailoverAction.check(
        "DB instance " + Orders.DATABASE + " is available and nobody's replica",
        this::lookAtDatabase);
  }

  private Progress lookAtDatabase(ActionContext context) throws Exception {
    DBInstance database = clients
        .endpoint(RDS, RDS.control(context.to()), context)
        .call(
            "look at " + Orders.DATABASE,
            RdsClient::describeDBInstances,
            DescribeDbInstancesRequest.builder()
                .dbInstanceIdentifier(Orders.DATABASE)
                .build())
        .dbInstances()
        .get(0);
    if (database.readReplicaSourceDBInstanceIdentifier() != null) {
      return Progress.pending(Orders.DATABASE + " is still a replica");
    }
    String status = database.dbInstanceStatus();
    return status.equals("available")
        ? Progress.reached(Evidence.of("class", database.dbInstanceClass()))
        : Progress.underway(Orders.DATABASE + " is " + status);
  }

  /** What an earlier step launched runs; nobody else's servers count. */
  FailoverAction serversRun(String launch) {
    return FailoverAction.check(
        "the servers that '" + launch + "' launched run",
        context -> lookAtServers(context, launch));
  }

  private Progress lookAtServers(ActionContext context, String launch) throws Exception {
    List<String> launched = context
        .evidence(launch)
        .map(evidence -> List.of(evidence.facts().getOrDefault("instances", "").split(", ")))
        .orElse(List.of());
    if (launched.isEmpty()) {
      return Progress.unknown("what '" + launch + "' launched is not known yet");
    }
    long running = clients
        .endpoint(EC2, EC2.control(context.to()), context)
        .call(
            "look at the web servers",
            Ec2Client::describeInstances,
            DescribeInstancesRequest.builder().instanceIds(launched).build())
        .reservations()
        .stream()
        .flatMap(reservation -> reservation.instances().stream())
        .filter(server -> server.state().name() == InstanceStateName.RUNNING)
        .count();
    Evidence evidence = Evidence.of("running", Long.toString(running))
        .serviceLevel(Math.min(1.0, (double) running / Orders.INSTANCES));
    return running >= Orders.INSTANCES
        ? Progress.reached(evidence)
        : Progress.underway(running + " of " + Orders.INSTANCES + " web servers run");
  }
}
