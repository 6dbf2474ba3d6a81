package io.drkit.testkit;

import io.drkit.Disaster;
import io.drkit.Need;
import io.drkit.Site;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What disasters struck when, and what they took away at an instant. */
final class Outages {

  /** A disaster that began and may have ended. */
  static final class Strike {
    private final Disaster disaster;
    private final Instant from;
    private @Nullable Instant until;

    Strike(Disaster disaster, Instant from) {
      this.disaster = disaster;
      this.from = from;
    }

    Disaster disaster() {
      return disaster;
    }

    Instant from() {
      return from;
    }

    @Nullable
    Instant until() {
      return until;
    }

    boolean activeAt(Instant instant) {
      return !instant.isBefore(from) && (until == null || instant.isBefore(until));
    }
  }

  private final List<Strike> strikes = new ArrayList<>();

  void strike(Disaster disaster, Instant from) {
    strikes.add(new Strike(disaster, from));
    strikes.sort(Comparator.comparing(Strike::from));
  }

  /** Ends what struck a site, whole or in part, at or before an instant; tells whether there was anything. */
  boolean heal(Site site, Instant instant) {
    boolean healed = false;
    for (Strike strike : strikes) {
      if (strike.activeAt(instant) && place(strike.disaster).isIn(site)) {
        strike.until = instant;
        healed = true;
      }
    }
    return healed;
  }

  /** In the order in which they begin. */
  List<Strike> strikes() {
    return List.copyOf(strikes);
  }

  static Site place(Disaster disaster) {
    if (disaster instanceof Disaster.SiteLoss loss) {
      return loss.site();
    }
    if (disaster instanceof Disaster.ControlPlaneLoss loss) {
      return loss.site();
    }
    throw NotModelled.byFakeCloud(disaster.toString());
  }

  boolean answers(Need need, Instant instant) {
    for (Strike strike : strikes) {
      if (strike.activeAt(instant) && strike.disaster.takes(need)) {
        return false;
      }
    }
    return true;
  }

  /** Whether what runs in a site goes on running. */
  boolean up(Site site, Instant instant) {
    return answers(dataPlane(site), instant);
  }

  /** The instant since when a site has been up without a break; the beginning of time if it was never down. */
  Instant upSince(Site site, Instant instant) {
    Instant since = Instant.MIN;
    for (Strike strike : strikes) {
      Instant until = strike.until;
      if (strike.disaster.takes(dataPlane(site))
          && until != null
          && !until.isAfter(instant)
          && until.isAfter(since)) {
        since = until;
      }
    }
    return since;
  }

  /** The last instant up to the given one at which both sites were up; the instant itself if they are. */
  Instant lastUp(Site one, Site other, Instant instant) {
    Instant last = instant;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Strike strike : strikes) {
        boolean takes =
            strike.disaster.takes(dataPlane(one)) || strike.disaster.takes(dataPlane(other));
        boolean covers =
            strike.from.isBefore(last) && (strike.until == null || !strike.until.isBefore(last));
        if (takes && covers && (last.isBefore(instant) || strike.activeAt(instant))) {
          last = strike.from;
          moved = true;
        }
      }
    }
    return last;
  }

  void changes(Set<Instant> into) {
    for (Strike strike : strikes) {
      into.add(strike.from);
      if (strike.until != null) {
        into.add(strike.until);
      }
    }
  }

  private static Need dataPlane(Site site) {
    return Need.data("any", site);
  }
}
