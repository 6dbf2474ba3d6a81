/**
 * Game days as JUnit tests: {@link io.drkit.testkit.junit.GameDay}. Needs JUnit Jupiter, but for {@link
 * io.drkit.testkit.junit.GameDayDisaster}.
 */
package io.drkit.testkit.junit;
