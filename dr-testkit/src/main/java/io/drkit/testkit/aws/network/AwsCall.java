package io.drkit.testkit.aws.network;

import io.drkit.Need;
import io.drkit.Site;
import java.util.List;
import java.util.Optional;

/**
 * A request as AWS understands it.
 *
 * @param need what has to answer
 * @param others what else has to, such as the region of what is copied
 * @param operation its name, or method and path
 * @param protocol how it is answered
 * @param untold the bucket that is copied from, if nobody knows where it lies
 * @param launches where it launches machines: a zone if it names one, or else the region; empty if it launches none
 */
record AwsCall(
    Need need,
    List<Need> others,
    Optional<String> untold,
    String operation,
    Protocol protocol,
    Optional<Site> launches) {
  AwsCall {
    others = List.copyOf(others);
  }
}
