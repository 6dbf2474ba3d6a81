package io.drkit.testkit;

import io.drkit.Site;
import java.util.Optional;

/**
 * A way into a fake cloud through interfaces that people already use, such as those of a vendor's SDK. Each cloud has one of each
 * kind. Not thread-safe; it lives on the thread of the cloud's {@link VirtualTime}.
 */
public interface CloudExtension {

  /**
   * Returns a client that asks the cloud.
   *
   * @param type the client's type
   * @param region where its requests go
   * @return a new client; nothing if this extension knows no clients of that type
   * @throws IllegalArgumentException if that is the home of what serves the whole world, which need not be a region of the cloud, and the
   *     client's service has an endpoint in each region
   */
  <C> Optional<C> client(Class<C> type, Site region);

  /**
   * Returns whether this extension copies something of a name from one place to another, which a {@linkplain
   * io.drkit.Disaster#replicationStall stall} then concerns; nothing by default.
   *
   * @param name what a dataset of the cloud would be called
   */
  default boolean replicates(String name) {
    return false;
  }

  /** Makes an extension for a cloud when it is first asked for. Found as a service of the class path or module path. */
  interface Factory {

    /** {@return the type of what {@link #extend} makes} */
    Class<? extends CloudExtension> type();

    /**
     * Makes the extension of a cloud.
     *
     * @param cloud the cloud
     */
    CloudExtension extend(FakeCloud cloud);
  }
}
