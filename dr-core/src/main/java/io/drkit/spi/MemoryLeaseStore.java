package io.drkit.spi;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** See {@link LeaseStore#inMemory}. */
final class MemoryLeaseStore implements LeaseStore {
  private final Map<String, MemoryLease> leases = new ConcurrentHashMap<>();

  @Override
  public Optional<Lease> tryAcquire(String plan, String owner) {
    if (owner.isBlank()) {
      throw new IllegalArgumentException(
          "owner must not be blank: it tells people who holds the lease");
    }
    MemoryLease lease = new MemoryLease(plan, owner);
    return leases.putIfAbsent(plan, lease) == null ? Optional.of(lease) : Optional.empty();
  }

  @Override
  public Optional<String> holder(String plan) {
    return Optional.ofNullable(leases.get(plan)).map(lease -> lease.owner);
  }

  private final class MemoryLease implements Lease {
    private final String plan;
    private final String owner;

    MemoryLease(String plan, String owner) {
      this.plan = plan;
      this.owner = owner;
    }

    @Override
    public boolean held() {
      return leases.get(plan) == this;
    }

    @Override
    public void close() {
      leases.remove(plan, this);
    }
  }
}
