package io.drkit.aws.ec2;

import io.drkit.ActionContext;
import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsEndpoint;
import io.drkit.aws.AwsService;
import java.util.Comparator;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;

/** How images and instances are asked for. */
record Machines(AwsClients clients) {
  static final AwsService<Ec2Client> EC2 =
      AwsService.regional("ec2", Ec2Client.class, Ec2Client::builder);

  AwsEndpoint<Ec2Client> ec2(ActionContext context, Site site) {
    return clients.endpoint(EC2, EC2.control(site), context);
  }

  static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  /** {@return the account's own image of that name, the youngest if there are several; also one that is not usable yet} */
  static Optional<Image> image(AwsEndpoint<Ec2Client> ec2, String name) throws Exception {
    return ec2
        .call(
            "look for image " + name,
            Ec2Client::describeImages,
            DescribeImagesRequest.builder()
                .owners("self")
                .filters(filter("name", name))
                .build())
        .images()
        .stream()
        .max(Comparator.comparing((Image image) -> String.valueOf(image.creationDate()))
            .thenComparing(Image::imageId));
  }
}
