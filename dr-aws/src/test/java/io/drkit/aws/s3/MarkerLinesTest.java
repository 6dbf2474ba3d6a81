package io.drkit.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.DrException;
import io.drkit.aws.s3.Markers.Lines;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The markers in a bucket are text that anybody with the right to write there may have changed (reliability.md R23). */
class MarkerLinesTest {
  private static final int CASES = 10_000;
  private static final List<String> NASTY = List.of(
      "",
      " ",
      " = ",
      "-1",
      "1e9",
      "9223372036854775808",
      "9".repeat(10_000),
      "+1000000000-12-31T23:59:59.999999999Z",
      "2030-02-30T12:00:00Z",
      "\u0000",
      "\ufeff",
      "\n",
      "=");
  private static final CopyMarker COPY = new CopyMarker(
      "invoices-east",
      3,
      Optional.of(new CopyMarker.Complete(Instant.EPOCH, 40, 4_000, "r7-1")),
      "tag");
  private static final PromotionMarker PROMOTION = new PromotionMarker(
      4, Instant.EPOCH, "r8-2", 40, Optional.of(Instant.EPOCH), "last whole copy", "tag");

  private static String text(Map<String, String> lines) {
    return lines.entrySet().stream()
        .map(line -> line.getKey() + " = " + line.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static Lines lines(String text) {
    return Lines.parse("drkit/invoices/copy", "tag", text);
  }

  private static String worse(String text, SplittableRandom random) {
    int at = random.nextInt(text.length());
    String rest = text.substring(at);
    return switch (random.nextInt(5)) {
      case 0 -> text.substring(0, at);
      case 1 -> rest;
      case 2 -> text.substring(0, at) + (char) random.nextInt(0x10000) + rest.substring(1);
      case 3 -> text + "\n" + rest;
      default -> {
        String nasty = NASTY.get(random.nextInt(NASTY.size()));
        int end = rest.indexOf('\n');
        yield text.substring(0, at) + nasty + (end < 0 ? "" : rest.substring(end));
      }
    };
  }

  @Test
  void whatIsNoMarkerIsRefusedByName() {
    int refused = 0;
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      boolean copy = random.nextBoolean();
      String text = worse(text(copy ? COPY.lines() : PROMOTION.lines()), random);
      try {
        assertThat(
                copy
                    ? CopyMarker.of(lines(text)).recoveryPoint("invoices")
                    : PromotionMarker.of(lines(text)).recoveryPoint("invoices"))
            .isNotNull();
      } catch (DrException documented) {
        assertThat(documented)
            .as("seed %d", seed)
            .hasMessageStartingWith("object drkit/invoices/copy says ")
            .hasMessageContaining("look at what it says before you remove it");
        refused++;
      }
    }
    assertThat(refused).isBetween(1, CASES - 1);
  }

  @Test
  void aMarkerIsReadAsItWasWritten() {
    assertThat(CopyMarker.of(lines(text(COPY.lines())))).isEqualTo(COPY);
    assertThat(PromotionMarker.of(lines(text(PROMOTION.lines())))).isEqualTo(PROMOTION);
  }

  @ParameterizedTest
  @CsvSource({
    "promotion, -4, no number",
    "promotion, many, no number",
    "promoted-at, noon, no instant",
    "complete-until, 2030-02-30T12:00:00Z, no instant",
    "basis, ' ', says nothing of"
  })
  void theLineThatCannotBeReadIsNamed(String name, String value, String why) {
    Map<String, String> lines = PROMOTION.lines();
    lines.put(name, value);

    assertThatThrownBy(() -> PromotionMarker.of(lines(text(lines))))
        .isInstanceOf(DrException.class)
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining(why);
  }
}
