package io.drkit.testkit.aws;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;

/**
 * One page of a listing.
 *
 * @param prefixes what keys were rolled up to at a delimiter
 * @param last the last item or prefix of the page, as a key; null for an empty page
 * @param truncated whether the listing goes on
 */
record S3Page<T>(
    List<T> items, List<CommonPrefix> prefixes, @Nullable String last, boolean truncated) {

  /**
   * Takes a page.
   *
   * @param all what is listed, in order, from behind where the page before ended
   * @param prefix what keys have to begin with
   * @param delimiter where keys are cut; null for nowhere
   * @param after where the page before ended; a prefix that it ended with is not told again
   * @param most how many items and prefixes
   */
  static <T> S3Page<T> of(
      Iterator<T> all,
      Function<? super T, String> key,
      String prefix,
      @Nullable String delimiter,
      String after,
      int most) {
    List<T> items = new ArrayList<>();
    List<CommonPrefix> prefixes = new ArrayList<>();
    String last = null;
    while (all.hasNext()) {
      T item = all.next();
      String name = key.apply(item);
      if (!name.startsWith(prefix)) {
        if (S3Bucket.compareKeys(name, prefix) > 0) {
          break;
        }
        continue;
      }
      int cut = delimiter == null ? -1 : name.indexOf(delimiter, prefix.length());
      String common =
          cut < 0 || delimiter == null ? null : name.substring(0, cut + delimiter.length());
      if (common != null && (common.equals(last) || common.equals(after))) {
        continue;
      }
      if (items.size() + prefixes.size() >= most) {
        return new S3Page<>(items, prefixes, last, most > 0);
      }
      if (common == null) {
        items.add(item);
        last = name;
      } else {
        prefixes.add(CommonPrefix.builder().prefix(common).build());
        last = common;
      }
    }
    return new S3Page<>(items, prefixes, last, false);
  }
}
