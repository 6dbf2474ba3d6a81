package io.drkit;

/**
 * Something that goes wrong in the world. One type serves everyone: an assessment asks what a plan survives, the testkit
 * makes it happen.
 */
public sealed interface Disaster {

  /**
   * Returns whether the disaster takes a need away.
   *
   * @param need what somebody depends on
   */
  boolean takes(Need need);

  /**
   * Returns the loss of everything in a site: its data, its machines and its control planes, those included that serve
   * other sites from there (WP-4).
   *
   * @param site what is lost
   */
  static SiteLoss loss(Site site) {
    return new SiteLoss(site);
  }

  /**
   * Returns the loss of a site's control planes alone: what runs goes on, nothing can be changed.
   *
   * @param site where
   */
  static ControlPlaneLoss controlPlaneLoss(Site site) {
    return new ControlPlaneLoss(site);
  }

  /**
   * Everything in a site is lost.
   *
   * @param site what is lost
   */
  record SiteLoss(Site site) implements Disaster {
    @Override
    public boolean takes(Need need) {
      return need.site().isIn(site);
    }

    @Override
    public String toString() {
      return "loss of " + site;
    }
  }

  /**
   * The control planes of a site are lost.
   *
   * @param site where
   */
  record ControlPlaneLoss(Site site) implements Disaster {
    @Override
    public boolean takes(Need need) {
      return need.plane() == Need.Plane.CONTROL && need.site().isIn(site);
    }

    @Override
    public String toString() {
      return "loss of the control planes in " + site;
    }
  }
}
