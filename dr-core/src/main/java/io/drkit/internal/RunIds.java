package io.drkit.internal;

import io.drkit.DrPlan;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * Names of runs. A run's tokens are made of its name, and targets remember tokens for days: so two runs must not share a
 * name, even if they are the first ones of two journals of the same plan.
 */
final class RunIds {
  private RunIds() {}

  static String next(DrPlan plan, int number, Instant now) {
    String basis = plan.name() + "/" + plan.fingerprint() + "/" + number + "/" + now;
    String unique =
        UUID.nameUUIDFromBytes(basis.getBytes(StandardCharsets.UTF_8)).toString();
    return String.format(Locale.ROOT, "r%d-%s", number, unique.substring(0, 8));
  }
}
