package io.drkit.testkit.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * The filters of one operation of EC2. All of them must be met, each by one of its values, in which {@code *} and {@code ?} stand for
 * anything.
 */
final class Ec2Filters<T> {
  private static final char ESCAPE = '\\';

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
          .anyMatch(wanted -> values.stream().anyMatch(value -> fits(wanted, value)));
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

  /** Whether a text is one that is wanted. It takes no more than the product of their lengths, whatever stars there are. */
  static boolean fits(String wanted, String text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int from = 0;
    while (in < text.length()) {
      if (at < wanted.length() && wanted.charAt(at) == '*') {
        star = ++at;
        from = in;
      } else if (at < wanted.length() && fits(wanted, at, text.charAt(in))) {
        at += wanted.charAt(at) == ESCAPE && at + 1 < wanted.length() ? 2 : 1;
        in++;
      } else if (star < 0) {
        return false;
      } else {
        // The last star takes one more.
        at = star;
        in = ++from;
      }
    }
    while (at < wanted.length() && wanted.charAt(at) == '*') {
      at++;
    }
    return at == wanted.length();
  }

  private static boolean fits(String wanted, int at, char c) {
    char w = wanted.charAt(at);
    boolean escaped = w == ESCAPE && at + 1 < wanted.length();
    return escaped ? wanted.charAt(at + 1) == c : w == '?' || w == c;
  }
}
