package io.drkit.testkit.lease;

import io.drkit.Site;
import io.drkit.lease.Grant;
import io.drkit.lease.WriteLeaseStore;
import io.drkit.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The registers as one site reaches them: after a while, or not at all. */
final class Register {
  private final WriteLeaseStore store = WriteLeaseStore.inMemory();
  private final VirtualTime time;
  private final Set<Site> cutOff = new HashSet<>();
  private Duration latency = Duration.ofMillis(20);

  Register(VirtualTime time) {
    this.time = time;
  }

  void cutOff(Site site, boolean now) {
    if (now) {
      cutOff.add(site);
    } else {
      cutOff.remove(site);
    }
  }

  void latency(Duration of) {
    latency = of;
  }

  WriteLeaseStore from(Site site) {
    return new WriteLeaseStore() {
      @Override
      public Grant read(String name) throws Exception {
        reach();
        Grant grant = store.read(name);
        time.charge(latency);
        return grant;
      }

      @Override
      public boolean replace(String name, Grant expected, Grant next) throws Exception {
        reach();
        boolean replaced = store.replace(name, expected, next);
        time.charge(latency);
        return replaced;
      }

      private void reach() throws IOException {
        if (cutOff.contains(site)) {
          throw new IOException("the register cannot be reached from " + site);
        }
        time.charge(latency);
      }
    };
  }
}
