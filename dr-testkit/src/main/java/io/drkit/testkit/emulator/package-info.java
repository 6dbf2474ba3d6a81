/**
 * An AWS API emulator for tests: found or started, corrected where it differs from AWS, with regions that can be lost.
 *
 * <p>{@link io.drkit.testkit.emulator.AwsEmulator#find()} looks in this order and takes the first that answers:
 *
 * <ol>
 *   <li>the endpoint in the environment variable {@code DRKIT_AWS_ENDPOINT}: an emulator that somebody else started. When it
 *       is set, nothing else is tried;
 *   <li>LocalStack in a container, where {@code cloud.localstack:localstack-utils} is on the class path and a Docker engine
 *       answers;
 *   <li>moto, the Python package {@code moto[server]}, where a Python interpreter on the {@code PATH} has it: started on a
 *       free loopback port with drkit's corrections, and gone when this JVM is.
 * </ol>
 *
 * <p>{@link io.drkit.testkit.emulator.AwsEmulator#start(int)} always starts the last of these.
 *
 * <p>A test class says {@link io.drkit.testkit.emulator.WithAwsEmulator @WithAwsEmulator} and takes the emulator as a
 * parameter. Without an emulator it is skipped, with the reason; where {@code DRKIT_REQUIRE_EMULATOR=true} is set, as in CI,
 * it fails.
 *
 * <p>An emulator checks requests and their answers, not recovery itself: nothing in it takes minutes, and no data is
 * replicated. {@code EMULATOR.md} beside this module's {@code pom.xml} lists what is corrected, from which page of AWS, and
 * what is not.
 */
package io.drkit.testkit.emulator;
