package io.drkit.aws.s3;

import io.drkit.RecoveryPoint;
import io.drkit.aws.s3.Markers.Lines;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Says that a bucket became the one to write to, and with which content.
 *
 * @param number which promotion of the dataset it is, counting from 1; the bucket with the highest number is the one to
 *     write to, whatever clocks say
 * @param at when
 * @param run the run that promoted it
 * @param objects how many objects it held
 * @param until the recovery point, if it is known
 * @param basis how the recovery point is known, or why it is not
 * @param tag the tag under which the marker was read; empty for one that was not written yet
 */
record PromotionMarker(
    long number,
    Instant at,
    String run,
    long objects,
    Optional<Instant> until,
    String basis,
    String tag) {

  static PromotionMarker of(Lines lines) {
    return new PromotionMarker(
        lines.number("promotion"),
        lines.instant("promoted-at"),
        lines.get("run"),
        lines.number("objects"),
        lines.find("complete-until").map(until -> lines.instant("complete-until")),
        lines.get("basis"),
        lines.tag());
  }

  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("promotion", Long.toString(number));
    lines.put("promoted-at", at.toString());
    lines.put("run", run);
    lines.put("objects", Long.toString(objects));
    until.ifPresent(instant -> lines.put("complete-until", instant.toString()));
    lines.put("basis", basis);
    return lines;
  }

  RecoveryPoint recoveryPoint(String dataset) {
    return new RecoveryPoint(dataset, until, basis);
  }
}
