package io.drkit.testkit.emulator;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class an {@link AwsEmulator}, as a parameter of its constructor, its tests and their set-up.
 *
 * <pre>{@code
 * @WithAwsEmulator
 * class ReceiptsReplicationTest {
 *   @Test
 *   void receiptsAreCopied(AwsEmulator emulator) {
 *     S3Client east = emulator.client(S3Client.builder(), "us-east-1");
 *     …
 *   }
 * }
 * }</pre>
 *
 * <p>One emulator serves all classes of a test run; it is {@linkplain AwsEmulator#find() found} when the first needs it, and
 * closed at the end. Before each top-level class it is {@linkplain AwsEmulator#reset() reset}: such classes cannot run in
 * parallel with each other. A test never closes it.
 *
 * <p>Where there is no emulator, the class is reported as skipped, with the reason. With the environment variable
 * {@code DRKIT_REQUIRE_EMULATOR=true} it fails instead.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(AwsEmulatorExtension.class)
public @interface WithAwsEmulator {}
