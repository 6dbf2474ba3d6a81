package io.drkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DrExceptionTest {
  @Test
  void saysWhatWentWrong() {
    var exception = new DrException("journal /var/lib/orders is full: free 4 MiB");

    assertThat(exception)
        .hasMessage("journal /var/lib/orders is full: free 4 MiB")
        .hasNoCause();
  }

  @Test
  void keepsWhatLedToIt() {
    var cause = new IOException("No space left on device");

    var exception = new DrException("journal /var/lib/orders is full: free 4 MiB", cause);

    assertThat(exception)
        .hasMessage("journal /var/lib/orders is full: free 4 MiB")
        .hasCause(cause);
  }
}
