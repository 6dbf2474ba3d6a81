package io.drkit.testkit.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * The filters of one operation of EC2. All of them must be met, each by one of its values, in which {@code *} and {@code ?} stand for
 * anything.
 */
final class Ec2Filters<T> {
  private final AwsFake fake;
  private final String operation;
  private final Function<T, Map<String, String>> tags;
  private final Map<String, Function<T, String>> known = new LinkedHashMap<>();

  Ec2Filters(AwsFake fake, String operation, Function<T, Map<String, String>> tags) {
    this.fake = fake;
    this.operation = operation;
    this.tags = tags;
  }

  Ec2Filters<T> by(String name, Function<T, String> value) {
    known.put(name, value);
    return this;
  }

  boolean met(List<Filter> filters, T thing) {
    return filters.stream().allMatch(filter -> {
      List<String> values = values(filter.name(), thing);
      return filter.values().stream()
          .map(Ec2Filters::pattern)
          .anyMatch(
              wanted -> values.stream().anyMatch(value -> wanted.matcher(value).matches()));
    });
  }

  /** Refuses the filters that are not modelled, also where there is nothing to look at. */
  Ec2Filters<T> check(List<Filter> filters) {
    for (Filter filter : filters) {
      String name = filter.name();
      if (!name.startsWith("tag:") && !name.equals("tag-key") && !known.containsKey(name)) {
        throw fake.notModelled(operation + " with the filter " + name);
      }
    }
    return this;
  }

  private List<String> values(String name, T thing) {
    if (name.startsWith("tag:")) {
      String value = tags.apply(thing).get(name.substring("tag:".length()));
      return value == null ? List.of() : List.of(value);
    }
    Function<T, String> value = known.get(name);
    return value == null ? List.copyOf(tags.apply(thing).keySet()) : List.of(value.apply(thing));
  }

  private static Pattern pattern(String wanted) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < wanted.length(); i++) {
      char c = wanted.charAt(i);
      switch (c) {
        case '*' -> pattern.append(".*");
        case '?' -> pattern.append('.');
        case '\\' -> {
          i = Math.min(i + 1, wanted.length() - 1);
          pattern.append(Pattern.quote(String.valueOf(wanted.charAt(i))));
        }
        default -> pattern.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(pattern.toString(), Pattern.DOTALL);
  }
}
