package io.drkit.testkit.aws.network;

import io.drkit.Need;

/**
 * One request that a client sent, whether or not it was answered. An SDK that tries again sends another one.
 *
 * @param need what was asked: the service by the name that its requests are signed for, the plane, the region
 * @param operation the operation, for example {@code RunInstances}; method and path where a request does not name it, as those of
 *     S3 and Route 53
 */
public record AskedRequest(Need need, String operation) {
  /** {@return for example "RunInstances of the ec2 control plane in us-west-2"} */
  @Override
  public String toString() {
    return operation + " of the " + need;
  }
}
