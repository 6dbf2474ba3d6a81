package io.drkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.regions.Region;

/**
 * One AWS service as {@link AwsClients} has to know it: its name, its client's type, and where it is asked. Immutable.
 *
 * <p>Nothing of the service's SDK module is touched before a client is built, so that a module that an application leaves
 * out costs nothing.
 *
 * @param <C> the type of the service's synchronous client
 */
public final class AwsService<C extends SdkClient> {
  private final String name;
  private final Class<C> type;
  private final Function<ClientSettings, C> factory;
  private final Optional<Site> home;
  private final Optional<Region> signing;

  private AwsService(
      String name,
      Class<C> type,
      Function<ClientSettings, C> factory,
      Optional<Site> home,
      Optional<Region> signing) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "a service's name must not be blank; name it as its API does, for example rds");
    }
    this.name = name;
    this.type = Objects.requireNonNull(type, "type");
    this.factory = factory;
    this.home = home;
    this.signing = signing;
  }

  /**
   * Returns a service that has an endpoint of its own in each region.
   *
   * @param name the service's name as its API spells it, for example {@code rds}
   * @param type the client's type, for example {@code RdsClient.class}
   * @param builder makes a builder of such clients, for example {@code RdsClient::builder}
   * @throws IllegalArgumentException if the name is blank
   */
  public static <C extends SdkClient, B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>>
      AwsService<C> regional(String name, Class<C> type, Supplier<B> builder) {
    return regional(name, type, builder, (each, overridden) -> {});
  }

  /**
   * Returns a service that has an endpoint of its own in each region and whose clients need more than the common settings.
   *
   * @param name the service's name as its API spells it, for example {@code s3}
   * @param type the client's type
   * @param builder makes a builder of such clients
   * @param more sets what else is to be set, and is told whether the endpoint is overridden
   * @throws IllegalArgumentException if the name is blank
   */
  public static <C extends SdkClient, B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>>
      AwsService<C> regional(
          String name, Class<C> type, Supplier<B> builder, BiConsumer<B, Boolean> more) {
    return new AwsService<>(
        name, type, settings -> settings.build(builder, more), Optional.empty(), Optional.empty());
  }

  /**
   * Returns a service whose control plane serves every region from one.
   *
   * @param name the service's name as its API spells it, for example {@code route53}
   * @param type the client's type
   * @param builder makes a builder of such clients
   * @param home the region that the control plane lives in; if it is lost, nothing can be changed
   * @param signing the pseudo region that requests are signed for, for example {@link Region#AWS_GLOBAL}
   * @throws IllegalArgumentException if the name is blank
   */
  public static <C extends SdkClient, B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>>
      AwsService<C> global(
          String name, Class<C> type, Supplier<B> builder, Site home, Region signing) {
    return new AwsService<>(
        name,
        type,
        settings -> settings.build(builder, (each, overridden) -> {}),
        Optional.of(home),
        Optional.of(signing));
  }

  /** {@return the service's name as its API spells it} */
  public String name() {
    return name;
  }

  /** {@return the type of the service's client} */
  public Class<C> type() {
    return type;
  }

  /**
   * Returns the need for the control plane that changes the resources of a site.
   *
   * @param site where the resources are
   * @throws IllegalArgumentException if the site is on premises
   */
  public Need control(Site site) {
    return home.map(everywhere -> Need.globalControl(name, everywhere))
        .orElseGet(() -> Need.control(name, regionOf(site)));
  }

  /**
   * Returns the need for the data plane that serves in a site.
   *
   * @param site where the resources are
   * @throws IllegalArgumentException if the site is on premises
   */
  public Need data(Site site) {
    return Need.data(name, regionOf(site));
  }

  /**
   * Returns the site whose client is used for a site: its region, or the home of a global control plane.
   *
   * @param site where the resources are
   */
  Site clientSite(Site site) {
    return home.orElseGet(() -> regionOf(site));
  }

  /**
   * Returns the region that the clients of a site are signed for.
   *
   * @param site where the resources are
   */
  Region signingRegion(Site site) {
    return signing.orElseGet(() -> Region.of(regionOf(site).name()));
  }

  C create(ClientSettings settings) {
    return factory.apply(settings);
  }

  private Site regionOf(Site site) {
    return site.region()
        .orElseThrow(() -> new IllegalArgumentException(site + " is on premises and has no " + name
            + "; give the plan a region, with Site.region(name)"));
  }

  @Override
  public String toString() {
    return name;
  }
}
