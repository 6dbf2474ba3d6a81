package io.drkit.testkit.aws;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** What a request says, by the names of AWS's interface, without its client token; what it leaves out is not there. */
final class RequestFields {
  private RequestFields() {}

  static Map<String, Object> of(@Nullable SdkPojo request) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (request != null) {
      request.sdkFields().forEach(field -> {
        // The SDK draws a client token where there is none.
        Object value =
            field.containsTrait(DefaultValueTrait.class) ? null : field.getValueOrDefault(request);
        if (value != null
            && !(value instanceof SdkAutoConstructList)
            && !(value instanceof SdkAutoConstructMap)) {
          fields.put(field.memberName(), value);
        }
      });
    }
    return fields;
  }

  /** Refuses a request that says anything else than what is modelled. */
  static void only(AwsFake fake, @Nullable SdkPojo request, String... modelled) {
    Set<String> known = Set.of(modelled);
    for (String field : of(request).keySet()) {
      if (request != null && !known.contains(field)) {
        String operation = request.getClass().getSimpleName().replaceFirst("Request$", "");
        throw fake.notModelled(operation + " with " + field);
      }
    }
  }
}
