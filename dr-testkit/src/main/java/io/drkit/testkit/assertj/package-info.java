/** Assertions on reports: {@link io.drkit.testkit.assertj.DrAssertions#assertThat}. Needs AssertJ. */
package io.drkit.testkit.assertj;
