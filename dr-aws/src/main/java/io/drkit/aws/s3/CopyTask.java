package io.drkit.aws.s3;

import io.drkit.aws.AwsEndpoint;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/** Something small enough to be done within a request's limit. Doing it again after a failure does no harm. */
interface CopyTask {

  Outcome run(Surroundings in) throws Exception;

  /** Where copies are made. */
  record Surroundings(
      AwsEndpoint<S3Client> from,
      AwsEndpoint<S3Client> to,
      String source,
      String destination,
      CopySettings settings) {}

  /**
   * What came of it.
   *
   * @param copied how many objects are now complete
   * @param vanished the listed size of an object that the source does not have any more
   * @param next what is to be done in addition
   */
  record Outcome(int copied, Optional<Long> vanished, List<CopyTask> next) {
    static Outcome done() {
      return new Outcome(0, Optional.empty(), List.of());
    }

    static Outcome copiedOne() {
      return new Outcome(1, Optional.empty(), List.of());
    }

    static Outcome gone(long listedSize) {
      return new Outcome(0, Optional.of(listedSize), List.of());
    }

    static Outcome then(List<CopyTask> next) {
      return new Outcome(0, Optional.empty(), next);
    }
  }
}
