package io.drkit.testkit.aws.network;

import io.drkit.Disaster;
import io.drkit.Need;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which disasters go on when, by a clock that never goes back. */
final class Strikes {

  private static final class Struck {
    private final Disaster disaster;
    private final Duration from;
    private @Nullable Duration until;

    Struck(Disaster disaster, Duration from, @Nullable Duration until) {
      this.disaster = disaster;
      this.from = from;
      this.until = until;
    }

    boolean goesOnAt(Duration now) {
      return now.compareTo(from) >= 0 && (until == null || now.compareTo(until) < 0);
    }
  }

  private final List<Struck> all = new ArrayList<>();

  void strike(Disaster.Strike strike, Duration now) {
    Duration from = now.plus(strike.after());
    all.add(new Struck(strike.disaster(), from, strike.lasts().map(from::plus).orElse(null)));
  }

  /** Ends what goes on, and tells whether there was anything. */
  boolean end(Predicate<Disaster> which, Duration now) {
    boolean ended = false;
    for (Struck struck : all) {
      if (struck.goesOnAt(now) && which.test(struck.disaster)) {
        struck.until = now;
        ended = true;
      }
    }
    return ended;
  }

  Stream<Disaster> at(Duration now) {
    return all.stream().filter(struck -> struck.goesOnAt(now)).map(struck -> struck.disaster);
  }

  /** Whether nothing comes back from an endpoint; a refusal is an answer. */
  boolean silences(Need need, Duration now) {
    return at(now)
        .anyMatch(disaster -> disaster.takes(need)
            && !(disaster instanceof Disaster.HalfOpen)
            && !(disaster instanceof Disaster.Throttling)
            && !(disaster instanceof Disaster.ExpiredCredentials));
  }
}
