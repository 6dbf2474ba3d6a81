package io.drkit;

import java.util.Objects;

/**
 * Something outside the process that a call depends on: one plane of one service in one site. Needs are what the
 * assessment compares with a disaster, and what the engine keeps its circuit breakers by.
 *
 * @param service the service's name as its API spells it, for example {@code rds}
 * @param plane which half of the service
 * @param site where that half lives
 * @param global whether users of every site depend on this one (Route 53's and IAM's control planes live in us-east-1)
 */
public record Need(String service, Plane plane, Site site, boolean global) {

  /** The halves of a service: what changes resources, and what serves with them. */
  public enum Plane {
    /** Creates, changes and deletes resources; in a disaster the less dependable half. */
    CONTROL,
    /** Does the service's daily work; built to go on without the control plane. */
    DATA
  }

  /**
   * Checks the service's name.
   *
   * @throws IllegalArgumentException if the name is blank
   */
  public Need {
    if (service.isBlank()) {
      throw new IllegalArgumentException(
          "service must not be blank; name it as its API does, for example rds");
    }
    Objects.requireNonNull(plane, "plane");
    Objects.requireNonNull(site, "site");
  }

  /**
   * Returns the need for a service's control plane in a site.
   *
   * @param service for example {@code ec2}
   * @param site where the request goes
   */
  public static Need control(String service, Site site) {
    return new Need(service, Plane.CONTROL, site, false);
  }

  /**
   * Returns the need for a service's data plane in a site.
   *
   * @param service for example {@code s3}
   * @param site where the request goes
   */
  public static Need data(String service, Site site) {
    return new Need(service, Plane.DATA, site, false);
  }

  /**
   * Returns the need for a control plane that serves every site from one.
   *
   * @param service for example {@code route53}
   * @param home the site that the control plane lives in
   */
  public static Need globalControl(String service, Site home) {
    return new Need(service, Plane.CONTROL, home, true);
  }

  /** {@return for example "rds control plane in us-west-2"} */
  @Override
  public String toString() {
    return service + (plane == Plane.CONTROL ? " control plane in " : " data plane in ") + site;
  }
}
