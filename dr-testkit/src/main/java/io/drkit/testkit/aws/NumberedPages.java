package io.drkit.testkit.aws;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Pages of what is listed in the order of its numbers, which never change: nothing is listed twice, whatever comes and goes meanwhile.
 */
record NumberedPages<T>(AwsFake fake, ToLongFunction<T> number, String invalidToken) {

  /** One page, and the token of the next one if there is one. */
  record Page<T>(List<T> items, @Nullable String next) {}

  Page<T> page(List<T> all, @Nullable String token, int size) {
    long after = token == null ? -1 : after(token);
    List<T> left = all.stream().filter(each -> number.applyAsLong(each) > after).toList();
    if (left.size() <= size) {
      return new Page<>(left, null);
    }
    List<T> items = List.copyOf(left.subList(0, size));
    long last = number.applyAsLong(items.get(size - 1));
    String next =
        Base64.getUrlEncoder().encodeToString(("after " + last).getBytes(StandardCharsets.UTF_8));
    return new Page<>(items, next);
  }

  private long after(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.matches("after \\d{1,18}")) {
        return Long.parseLong(text.substring("after ".length()));
      }
    } catch (IllegalArgumentException e) {
      throw invalid(token);
    }
    throw invalid(token);
  }

  private RuntimeException invalid(String token) {
    return fake.refused(400, invalidToken, "The token '" + token + "' is not valid");
  }
}
