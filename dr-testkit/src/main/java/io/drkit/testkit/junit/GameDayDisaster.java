package io.drkit.testkit.junit;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.util.List;
import java.util.Optional;

/** What goes wrong on a {@link GameDay}. It decides where the application runs as well. */
public enum GameDayDisaster {
  /** The region in which the application runs is lost: its data, servers and control planes. */
  PRIMARY_REGION_LOSS,
  /** The first zone of that region is lost, in which the database is written. The region's other zones go on. */
  ZONE_LOSS,
  /** The application runs on premises, and that site is lost (WP-60 a). It is recovered in a region. */
  ON_PREMISES_LOSS,
  /** The control planes of the application's region are lost: all that runs goes on, nothing can be changed there. */
  CONTROL_PLANE_LOSS,
  /** Nothing goes wrong, unless the test makes it so. */
  NONE;

  /** {@return the application's site and the one where it is recovered} */
  List<Site> sites() {
    Site primary =
        this == ON_PREMISES_LOSS ? Site.onPremises("head-office") : Site.region("us-east-1");
    return List.of(primary, Site.region("us-west-2"));
  }

  Optional<Disaster> in(FakeCloud cloud, Site primary) {
    return switch (this) {
      case PRIMARY_REGION_LOSS, ON_PREMISES_LOSS -> Optional.of(Disaster.loss(primary));
      case ZONE_LOSS -> Optional.of(Disaster.loss(cloud.zones(primary).get(0)));
      case CONTROL_PLANE_LOSS -> Optional.of(Disaster.controlPlaneLoss(primary));
      case NONE -> Optional.empty();
    };
  }
}
