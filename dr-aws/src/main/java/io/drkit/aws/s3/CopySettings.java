package io.drkit.aws.s3;

/**
 * How objects are copied.
 *
 * @param concurrency how many requests at a time
 * @param multipartAbove the size in bytes above which an object is copied part by part, each part within a request's limit
 * @param partSize the size of a part in bytes
 */
record CopySettings(int concurrency, long multipartAbove, long partSize) {
  private static final int MOST_PARTS = 10_000;

  /** Returns the size of the parts of an object: S3 takes no more than 10,000 of them. */
  long partSize(long objectSize) {
    return Math.max(partSize, (objectSize + MOST_PARTS - 1) / MOST_PARTS);
  }
}
