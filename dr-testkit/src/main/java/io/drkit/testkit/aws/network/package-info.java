/**
 * Disasters in front of the real clients of the AWS SDK: an HTTP client that refuses, delays, throttles and loses requests by
 * region, service and plane, and that can send them to a local server.
 *
 * <p>{@link io.drkit.testkit.aws.network.FaultyNetwork} is where to begin. It runs on real time, unlike the fakes of
 * {@link io.drkit.testkit.aws}, and what it stands in front of is an emulator, or AWS itself in a staging account.
 */
package io.drkit.testkit.aws.network;
