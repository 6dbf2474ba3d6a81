package io.drkit.testkit.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.testkit.Seeds;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The same seed makes the same day of the fakes, byte for byte, on every JDK: days of all disasters with what really happened, and what
 * the fakes of AWS answer while disasters come and go (reliability.md R24, I15).
 *
 * <p>When the fakes do something else than before, and are meant to, run this test with {@code -Ddrkit.trace=print} and put what it
 * prints into {@code fakes.sha256}.
 */
class FakesTraceTest {
  private static final int SEEDS = 60;

  @Test
  void theSameSeedMakesTheSameDayOnEveryJdk() throws Exception {
    List<String> first = traces();
    List<String> second = traces();
    assertThat(second).isEqualTo(first);

    String all = sha256(String.join("\n", first));
    if ("print".equals(System.getProperty("drkit.trace"))) {
      System.out.println("fakes.sha256: " + all);
    } else if (Seeds.many(SEEDS) == SEEDS) {
      assertThat(all).isEqualTo(golden());
    }
  }

  private static String golden() throws Exception {
    try (InputStream golden = FakesTraceTest.class.getResourceAsStream("fakes.sha256")) {
      return new String(golden.readAllBytes(), UTF_8).strip();
    }
  }

  private static List<String> traces() throws InterruptedException {
    String[] traces = new String[Seeds.many(SEEDS)];
    Seeds.each(SEEDS, seed -> traces[Math.toIntExact(seed)] = sha256(trace(seed)));
    return List.of(traces);
  }

  private static String trace(long seed) throws InterruptedException {
    if (seed % 2 == 0) {
      return new AwsHistory(seed).trace();
    }
    EveryDisaster day = new EveryDisaster(seed);
    return day.live(day.schedule(), new Sightings()).trace();
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }
}
