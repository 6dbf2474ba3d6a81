package io.drkit.testkit.aws.network;

import io.drkit.Site;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where buckets of S3 lie: what was told, and what answers have shown. Thread-safe. */
final class BucketRegions {
  private final Map<String, Site> told = new ConcurrentHashMap<>();
  private final Map<String, Site> seen = new ConcurrentHashMap<>();

  void tell(String bucket, Site region) {
    told.put(bucket, region);
  }

  void see(String bucket, Site region) {
    seen.put(bucket, region);
  }

  Optional<Site> of(String bucket) {
    return Optional.ofNullable(told.get(bucket)).or(() -> Optional.ofNullable(seen.get(bucket)));
  }
}
