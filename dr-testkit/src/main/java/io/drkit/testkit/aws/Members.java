package io.drkit.testkit.aws;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** The members of requests and answers by the names that the service gives them, where many operations have the same ones. */
final class Members {
  private Members() {}

  /** Returns the names of the members that were set. */
  static Set<String> given(SdkPojo of) {
    Set<String> names = new LinkedHashSet<>();
    for (SdkField<?> field : of.sdkFields()) {
      if (isGiven(field.getValueOrDefault(of))) {
        names.add(field.memberName());
      }
    }
    return names;
  }

  /** Returns a member; null if it was not set, or if the object has none of that name. */
  static <T> @Nullable T get(SdkPojo of, String name, Class<T> type) {
    for (SdkField<?> field : of.sdkFields()) {
      if (field.memberName().equals(name)) {
        Object value = field.getValueOrDefault(of);
        return isGiven(value) ? type.cast(value) : null;
      }
    }
    return null;
  }

  static @Nullable String text(SdkPojo of, String name) {
    return get(of, name, String.class);
  }

  /** Returns those of some members that were set. */
  static Map<String, Object> select(SdkPojo of, Stream<String> names) {
    Map<String, Object> selected = new LinkedHashMap<>();
    names.forEach(name -> {
      Object value = get(of, name, Object.class);
      if (value != null) {
        selected.put(name, value);
      }
    });
    return selected;
  }

  /** Sets the members of a builder that it has; others are left out, as S3 leaves them out of some answers. */
  static <B extends SdkPojo> B fill(B builder, Map<String, ?> values) {
    for (SdkField<?> field : builder.sdkFields()) {
      Object value = values.get(field.memberName());
      if (value != null) {
        field.set(builder, value);
      }
    }
    return builder;
  }

  private static boolean isGiven(@Nullable Object value) {
    return value != null
        && !(value instanceof SdkAutoConstructList)
        && !(value instanceof SdkAutoConstructMap);
  }
}
