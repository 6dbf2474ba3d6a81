package io.drkit.testkit.aws;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** The answers to one operation of EC2 that were asked for with a client token: asked for again, it has no further effect. */
final class ClientTokens<T> {
  private static final int LONGEST = 64;

  private final Map<String, Answered<T>> answered = new LinkedHashMap<>();

  private record Answered<T>(Map<String, Object> asked, T answer) {}

  /**
   * Returns the answer to a request, which is worked out once.
   *
   * @param scope within what the token is unique
   * @param again looks whether an earlier answer may be given again
   */
  T once(
      AwsFake fake,
      @Nullable String token,
      String scope,
      SdkPojo request,
      Supplier<T> work,
      Consumer<T> again) {
    if (token == null) {
      return work.get();
    }
    if (token.length() > LONGEST) {
      throw fake.refused(
          400,
          "InvalidParameterValue",
          "Invalid value '" + token + "' for ClientToken: up to 64 ASCII characters are allowed.");
    }
    Map<String, Object> asked = RequestFields.of(request);
    Answered<T> before = answered.get(scope + " " + token);
    if (before == null) {
      T answer = work.get();
      answered.put(scope + " " + token, new Answered<>(asked, answer));
      return answer;
    }
    if (!before.asked().equals(asked)) {
      throw fake.refused(
          400,
          "IdempotentParameterMismatch",
          "Arguments on this idempotent request are inconsistent with arguments used in previous"
              + " request(s).");
    }
    again.accept(before.answer());
    return before.answer();
  }
}
