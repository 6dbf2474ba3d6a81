package io.drkit.examples.orders;

import io.drkit.PerSite;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsService;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The clients that make the orders world and look at it: one of each service for each region, so that no call for one
 * region depends on another.
 *
 * @param s3 for the receipts
 * @param rds for the database
 * @param ec2 for the image and the web servers
 * @param autoScaling for the groups of web servers
 * @param route53 for the weights; Route 53 has one control plane, in us-east-1
 */
public record OrdersClients(
    PerSite<S3Client> s3,
    PerSite<RdsClient> rds,
    PerSite<Ec2Client> ec2,
    PerSite<AutoScalingClient> autoScaling,
    Route53Client route53) {

  private static final AwsService<S3Client> S3 = AwsService.regional(
      "s3",
      S3Client.class,
      S3Client::builder,
      // An emulator is an address without names, so the bucket has to be in the path.
      (builder, overridden) -> builder.forcePathStyle(overridden));
  private static final AwsService<Route53Client> ROUTE_53 = AwsService.global(
      "route53", Route53Client.class, Route53Client::builder, Orders.EAST, Region.AWS_GLOBAL);

  /**
   * Takes the clients from those of the plan. They live as long as those do.
   *
   * @param clients the plan's
   */
  public static OrdersClients of(AwsClients clients) {
    return new OrdersClients(
        each(clients, S3),
        each(clients, AwsService.regional("rds", RdsClient.class, RdsClient::builder)),
        each(clients, AwsService.regional("ec2", Ec2Client.class, Ec2Client::builder)),
        each(
            clients,
            AwsService.regional(
                "autoscaling", AutoScalingClient.class, AutoScalingClient::builder)),
        clients.client(ROUTE_53, Orders.EAST));
  }

  private static <C extends SdkClient> PerSite<C> each(AwsClients clients, AwsService<C> service) {
    return PerSite.at(Orders.EAST, clients.client(service, Orders.EAST))
        .and(Orders.WEST, clients.client(service, Orders.WEST));
  }
}
