/**
 * What every implementation of an SPI type must hold, as JUnit tests. Whoever writes one extends the class of its type,
 * says how an instance is made, and is done when the tests pass. Needs JUnit Jupiter and AssertJ on the test's class path.
 */
package io.drkit.testkit.contract;
