package io.drkit;

import java.util.Collection;
import java.util.Objects;
import java.util.Optional;

/**
 * A place in which a workload can run: a region, an availability zone of a region, or a place of one's own
 * (WP-10, WP-11, WP-6). Two sites are equal when kind and names are. Immutable.
 *
 * @param kind what sort of place it is
 * @param name the place's own name, for example {@code us-east-1}, {@code us-east-1a} or {@code head-office}
 * @param parent the name of the region of a zone; empty for every other kind
 */
public record Site(Kind kind, String name, String parent) {

  /** The sorts of places. */
  public enum Kind {
    /** A region: independent of every other region (WP-10). */
    REGION,
    /** An availability zone: isolated from the other zones of its region (WP-11). */
    ZONE,
    /** A place outside the cloud, such as a data centre of one's own. */
    ON_PREMISES
  }

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if the name is blank or holds a slash or a colon, or if the parent does not fit the kind
   */
  public Site {
    Objects.requireNonNull(kind, "kind");
    checkName(name);
    if (kind == Kind.ZONE) {
      checkName(parent);
    } else if (!parent.isEmpty()) {
      throw new IllegalArgumentException(
          "only a zone lies in a region, but " + name + " was given the region " + parent);
    }
  }

  private static void checkName(String name) {
    if (name.isBlank() || name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a site's name must not be blank, nor hold '/' or ':': '"
          + name + "'; use a name such as us-east-1");
    }
  }

  /**
   * Returns a region.
   *
   * @param name for example {@code us-east-1}
   * @throws IllegalArgumentException if the name is blank or holds a slash or a colon
   */
  public static Site region(String name) {
    return new Site(Kind.REGION, name, "");
  }

  /**
   * Returns a place outside the cloud.
   *
   * @param name for example {@code head-office}
   * @throws IllegalArgumentException if the name is blank or holds a slash or a colon
   */
  public static Site onPremises(String name) {
    return new Site(Kind.ON_PREMISES, name, "");
  }

  /**
   * Returns a zone of this region.
   *
   * @param zoneName for example {@code us-east-1a}
   * @throws IllegalStateException if this site is not a region
   * @throws IllegalArgumentException if the name is blank or holds a slash or a colon
   */
  public Site zone(String zoneName) {
    if (kind != Kind.REGION) {
      throw new IllegalStateException("only a region has zones; " + this + " is " + kind);
    }
    return new Site(Kind.ZONE, zoneName, name);
  }

  /** {@return the region of a zone, the region itself for a region, nothing for a place outside the cloud} */
  public Optional<Site> region() {
    return switch (kind) {
      case REGION -> Optional.of(this);
      case ZONE -> Optional.of(region(parent));
      case ON_PREMISES -> Optional.empty();
    };
  }

  /**
   * Returns whether this site is the other one or lies inside it, so that the loss of the other takes this one along.
   *
   * @param other the site that may hold this one
   */
  public boolean isIn(Site other) {
    return equals(other)
        || (kind == Kind.ZONE && other.kind == Kind.REGION && parent.equals(other.name));
  }

  /**
   * Returns whether this site is one of others or lies inside one, so that their loss takes this one along.
   *
   * @param others the sites that may hold this one
   */
  public boolean isInAny(Collection<Site> others) {
    return others.stream().anyMatch(this::isIn);
  }

  /** {@return the name alone; it is what a person reads in a report} */
  @Override
  public String toString() {
    return name;
  }
}
