package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {
  private final Words words = new Words();

  @Test
  void aTextThatComesAgainIsTheSameOne() {
    assertThat(word("launch web tier")).isSameAs(word("launch web tier"));
  }

  @Test
  void aTextIsNeverTakenForAnother() {
    Random random = new Random(1);
    for (int i = 0; i < 50_000; i++) {
      String text = Integer.toString(random.nextInt(20_000), 36);

      assertThat(word(text)).isEqualTo(text);
    }
  }

  @Test
  void longTextsAreNotKept() {
    String text = "x".repeat(65);

    assertThat(word(text)).isEqualTo(text).isNotSameAs(word(text));
  }

  private String word(String text) {
    return words.word(("a" + text + "b").toCharArray(), 1, text.length());
  }
}
