package io.drkit.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowingDataSourceTest {

  @ParameterizedTest
  @ValueSource(strings = {"0", " 60", "as it pleases"})
  void aJvmThatForgetsNamesSoonIsNotWarnedOf(String seconds) {
    assertThat(FollowingDataSource.dnsWarning(seconds)).isEmpty();
    assertThat(FollowingDataSource.dnsWarning(null)).isEmpty();
  }

  @Test
  void aJvmThatKeepsNamesForLongIsWarnedOf() {
    assertThat(FollowingDataSource.dnsWarning("-1"))
        .hasValueSatisfying(text -> assertThat(text)
            .startsWith("this JVM keeps the addresses of names for ever,")
            .endsWith("networkaddress.cache.ttl to 60 or less"));
    assertThat(FollowingDataSource.dnsWarning("61"))
        .hasValueSatisfying(text ->
            assertThat(text).startsWith("this JVM keeps the addresses of names for 61 seconds,"));
  }
}
