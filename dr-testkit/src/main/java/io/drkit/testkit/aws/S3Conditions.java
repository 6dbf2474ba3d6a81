package io.drkit.testkit.aws;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** The conditions under which an object is read or copied, in HTTP's order: tags first, and a tag overrules the date beside it. */
record S3Conditions(
    @Nullable String match,
    @Nullable String noneMatch,
    @Nullable Instant modifiedSince,
    @Nullable Instant unmodifiedSince) {

  /** What they say of an object. */
  enum Verdict {
    /** It is read. */
    HOLD,
    /** The caller has it already: 304 to who reads, 412 to who copies. */
    NOT_MODIFIED,
    /** It is not the one that is meant: 412. */
    FAIL
  }

  /**
   * Takes the conditions from a request.
   *
   * @param prefix what their names begin with: nothing, or {@code CopySource}
   */
  static S3Conditions of(SdkPojo request, String prefix) {
    return new S3Conditions(
        Members.text(request, prefix + "IfMatch"),
        Members.text(request, prefix + "IfNoneMatch"),
        Members.get(request, prefix + "IfModifiedSince", Instant.class),
        Members.get(request, prefix + "IfUnmodifiedSince", Instant.class));
  }

  Verdict of(S3Version.Content object, Instant modified) {
    if (match != null
        ? !names(match, object.tag())
        : unmodifiedSince != null && modified.isAfter(second(unmodifiedSince))) {
      return Verdict.FAIL;
    }
    if (noneMatch != null
        ? names(noneMatch, object.tag())
        : modifiedSince != null && !modified.isAfter(second(modifiedSince))) {
      return Verdict.NOT_MODIFIED;
    }
    return Verdict.HOLD;
  }

  /** Whether a condition names an object by its tag, with quotes or without. */
  static boolean names(String condition, String tag) {
    return condition.equals("*") || condition.replace("\"", "").equals(tag.replace("\"", ""));
  }

  private static Instant second(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
