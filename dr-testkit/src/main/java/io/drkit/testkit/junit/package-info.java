/** Game days as JUnit tests: {@link io.drkit.testkit.junit.GameDay}. Needs JUnit Jupiter. */
package io.drkit.testkit.junit;
