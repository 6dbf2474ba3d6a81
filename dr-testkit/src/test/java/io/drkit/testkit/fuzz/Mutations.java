package io.drkit.testkit.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Valid input made worse by a seed: words in it exchanged for nasty ones, parts cut, doubled and moved, bytes flipped. */
final class Mutations {
  /** No input is longer, so that the work that a case makes is bounded. */
  private static final int LONGEST = 200_000;

  private static final Pattern WORD = Pattern.compile(
      "\"(?:[^\"\\\\]++|\\\\.)*+\"|[-+]?\\d+(?:\\.\\d+)?|[A-Za-z]+|[\\[\\]{}:,=/%&]");

  private static final List<String> NASTY = List.of(
      "",
      "null",
      "true",
      "0",
      "-1",
      "9223372036854775807",
      "9223372036854775808",
      "1e999999999",
      "-1e-999999999",
      "9".repeat(5_000),
      "NaN",
      "\"\"",
      "\" \"",
      "\"\\u0000\"",
      "\"\\ud800\"",
      "\"P\"",
      "\"PT\"",
      "\"PT-0.000000001S\"",
      "\"PT2562047788015215H30M7.999999999S\"",
      "\"-PT99999999999999999999H\"",
      "\"+1000000000-12-31T23:59:59.999999999Z\"",
      "\"-1000000000-01-01T00:00:00Z\"",
      "\"2030-02-30T12:00:00Z\"",
      "\"REGION:\"",
      "\"ZONE:a/\"",
      "\"::::\"",
      "[]",
      "{}",
      "[null]",
      "{\"\":null}",
      "\"" + "a".repeat(60_000) + "\"",
      "[".repeat(5_000),
      "{\"a\":".repeat(3_000),
      "[".repeat(900) + "]".repeat(900),
      "a.".repeat(20_000),
      "us" + "-a".repeat(20_000) + "-1",
      "source".repeat(20_000) + "\n",
      "<LocationConstraint".repeat(8_000),
      "\ufeff",
      "\u0000",
      "\u2028",
      "\ud83d\ude00",
      "%",
      "%zz",
      "../../..",
      "$(true)");

  private final SplittableRandom random;

  Mutations(long seed) {
    random = new SplittableRandom(seed);
  }

  int upTo(int most) {
    return random.nextInt(most + 1);
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** A text made worse, up to a few times over. */
  String text(String valid) {
    String text = valid;
    for (int times = 1 + upTo(2); times > 0; times--) {
      text = worse(text);
    }
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }

  private String worse(String text) {
    return switch (random.nextInt(7)) {
      case 0 -> text.substring(0, upTo(text.length()));
      case 1 -> text.substring(upTo(text.length()));
      case 2 -> text + text;
      case 3 -> new String(bytes(text.getBytes(UTF_8)), ISO_8859_1);
      default -> otherWord(text);
    };
  }

  /** Exchanges, removes or doubles one word. */
  private String otherWord(String text) {
    List<MatchResult> words = WORD.matcher(text).results().toList();
    if (words.isEmpty()) {
      return one(NASTY);
    }
    MatchResult word = one(words);
    String other = switch (random.nextInt(4)) {
      case 0 -> one(words).group();
      case 1 -> word.group() + word.group();
      default -> one(NASTY);
    };
    return text.substring(0, word.start()) + other + text.substring(word.end());
  }

  /** Lines made worse: one of them, or their order. */
  List<String> lines(List<String> valid) {
    List<String> lines = new ArrayList<>(valid);
    int at = random.nextInt(lines.size());
    switch (random.nextInt(8)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(at));
      case 2 -> lines.add(random.nextInt(lines.size()), lines.remove(at));
      default -> lines.set(at, text(lines.get(at)));
    }
    return lines;
  }

  /** Bytes made worse. */
  byte[] bytes(byte[] valid) {
    byte[] bytes = valid.clone();
    if (bytes.length == 0) {
      return bytes;
    }
    switch (random.nextInt(5)) {
      case 0 -> bytes = new String(bytes, UTF_8).getBytes(UTF_16);
      case 1 -> bytes = cut(bytes);
      case 2 -> bytes = doubled(bytes);
      default -> {
        for (int flips = 1 + upTo(3); flips > 0; flips--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return bytes;
  }

  private byte[] cut(byte[] bytes) {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    int from = upTo(bytes.length);
    int length = upTo(Math.min(200, bytes.length - from));
    rest.write(bytes, 0, from);
    rest.write(bytes, from + length, bytes.length - from - length);
    return rest.toByteArray();
  }

  private byte[] doubled(byte[] bytes) {
    ByteArrayOutputStream more = new ByteArrayOutputStream();
    int from = upTo(bytes.length);
    int length = upTo(Math.min(200, bytes.length - from));
    more.write(bytes, 0, from + length);
    more.write(bytes, from, bytes.length - from);
    return more.toByteArray();
  }
}
