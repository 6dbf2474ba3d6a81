package io.drkit.aws.s3;

import io.drkit.RecoveryPoint;
import io.drkit.aws.s3.Markers.Lines;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Says that a bucket is a copy, and how far its last complete copy goes.
 *
 * @param source the bucket that is copied
 * @param sourcePromotion the number of the source's promotion when copying began: a bucket whose own promotion has a
 *     smaller number has become a copy again
 * @param complete the last copy that got through, if one did
 * @param tag the tag under which the marker was read; empty for one that was not written yet
 */
record CopyMarker(String source, long sourcePromotion, Optional<Complete> complete, String tag) {

  /**
   * A copy that got through.
   *
   * @param until the instant at which its listing of the source began: everything written until then is in it
   * @param objects how many objects the source had
   * @param bytes how large they were together
   * @param run the run that made it
   */
  record Complete(Instant until, long objects, long bytes, String run) {}

  static CopyMarker of(Lines lines) {
    Optional<Complete> complete = lines.find("complete-until").isEmpty()
        ? Optional.empty()
        : Optional.of(new Complete(
            lines.instant("complete-until"),
            lines.number("objects"),
            lines.number("bytes"),
            lines.get("run")));
    return new CopyMarker(
        lines.get("source"), lines.number("source-promotion"), complete, lines.tag());
  }

  Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("source", source);
    lines.put("source-promotion", Long.toString(sourcePromotion));
    complete.ifPresent(copy -> {
      lines.put("complete-until", copy.until().toString());
      lines.put("objects", Long.toString(copy.objects()));
      lines.put("bytes", Long.toString(copy.bytes()));
      lines.put("run", copy.run());
    });
    return lines;
  }

  RecoveryPoint recoveryPoint(String dataset) {
    return complete
        .map(copy -> RecoveryPoint.completeUntil(
            dataset,
            copy.until(),
            "copy of " + source + " whose listing began at " + copy.until() + ", " + copy.objects()
                + " objects"))
        .orElseGet(
            () -> RecoveryPoint.unknown(dataset, "no copy of " + source + " has got through yet"));
  }
}
