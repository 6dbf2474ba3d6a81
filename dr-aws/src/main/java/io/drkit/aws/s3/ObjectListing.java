package io.drkit.aws.s3;

import io.drkit.DrException;
import io.drkit.aws.AwsEndpoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects of a bucket in the order of their keys, page by page, without drkit's own. A listing that is not in order,
 * or claims to go on and does not, is an error: what is built on it would be wrong.
 */
final class ObjectListing {
  private final String bucket;
  private final Deque<S3Object> page = new ArrayDeque<>();
  private @Nullable String next;
  private @Nullable String last;
  private boolean begun;
  private boolean ended;

  ObjectListing(String bucket) {
    this.bucket = bucket;
  }

  /** Returns the next object and leaves it there; nothing at the end. */
  Optional<S3Object> peek(AwsEndpoint<S3Client> s3) throws Exception {
    while (page.isEmpty() && !ended) {
      read(s3);
    }
    return Optional.ofNullable(page.peek());
  }

  /** Takes the object that {@link #peek} showed. */
  S3Object take() {
    return page.remove();
  }

  /** Takes all objects that were read already. */
  int takePage() {
    int size = page.size();
    page.clear();
    return size;
  }

  private void read(AwsEndpoint<S3Client> s3) throws Exception {
    ListObjectsV2Response answer = s3.call(
        "list bucket " + bucket,
        S3Client::listObjectsV2,
        ListObjectsV2Request.builder().bucket(bucket).continuationToken(next).build());
    boolean more = Boolean.TRUE.equals(answer.isTruncated());
    String token = answer.nextContinuationToken();
    if (more && (token == null || token.equals(next))) {
      throw new DrException("the listing of bucket " + bucket + " after '" + last
          + "' says that it goes on and not where; nothing is built on it, try again");
    }
    for (S3Object object : answer.contents()) {
      if (last != null && compareKeys(last, object.key()) >= 0) {
        throw new DrException("the listing of bucket " + bucket + " is out of order: '"
            + object.key() + "' came after '" + last
            + "'; only general purpose buckets are supported");
      }
      last = object.key();
      if (!object.key().startsWith(Markers.PREFIX)) {
        page.add(object);
      }
    }
    begun = true;
    next = token;
    ended = !more;
  }

  /** {@return whether a page was read} */
  boolean begun() {
    return begun;
  }

  /** Compares as S3 orders keys: by the bytes of UTF-8, which is by code points and not by Java's chars. */
  static int compareKeys(String one, String other) {
    int shorter = Math.min(one.length(), other.length());
    for (int i = 0; i < shorter; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above all others, yet their chars are below U+E000 to
        // U+FFFF.
        boolean surrogateA = Character.isSurrogate(a);
        return surrogateA == Character.isSurrogate(b)
            ? Character.compare(a, b)
            : surrogateA ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
