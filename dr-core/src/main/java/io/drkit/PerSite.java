package io.drkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value that differs by site, such as the name of a bucket. Actions take their names in this form and choose by the
 * run's direction, which is what lets one plan go both ways. Immutable.
 *
 * @param <T> the value's type
 */
public final class PerSite<T> {
  private final Map<Site, T> values;
  private final @Nullable T everywhere;

  private PerSite(Map<Site, T> values, @Nullable T everywhere) {
    this.values = values;
    this.everywhere = everywhere;
  }

  /**
   * Returns the same value for every site.
   *
   * @param value the value
   */
  public static <T> PerSite<T> everywhere(T value) {
    return new PerSite<>(Map.of(), Objects.requireNonNull(value, "value"));
  }

  /**
   * Returns a value for one site; add the other sites with {@link #and}.
   *
   * @param site where the value holds
   * @param value the value
   */
  public static <T> PerSite<T> at(Site site, T value) {
    return new PerSite<T>(Map.of(), null).and(site, value);
  }

  /**
   * Returns these values with one more.
   *
   * @param site where the value holds
   * @param value the value
   * @throws IllegalArgumentException if the site has a value already
   */
  public PerSite<T> and(Site site, T value) {
    Map<Site, T> more = new LinkedHashMap<>(values);
    T before =
        more.put(Objects.requireNonNull(site, "site"), Objects.requireNonNull(value, "value"));
    if (before != null) {
      throw new IllegalArgumentException(
          site + " has the value '" + before + "' already; give each site one value");
    }
    return new PerSite<>(more, everywhere);
  }

  /**
   * Returns the value that holds at a site.
   *
   * @param site the site asked for
   * @throws IllegalArgumentException if there is none
   */
  public T get(Site site) {
    T value = values.getOrDefault(site, everywhere);
    if (value == null) {
      throw new IllegalArgumentException("no value for " + site + ", only for " + values.keySet()
          + "; add it with and(site, value)");
    }
    return value;
  }

  /** {@return the values by site, or the one value that holds everywhere} */
  @Override
  public String toString() {
    return everywhere != null ? everywhere.toString() : values.toString();
  }
}
