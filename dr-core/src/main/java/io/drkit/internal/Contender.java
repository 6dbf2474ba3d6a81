package io.drkit.internal;

import io.drkit.DrException;
import io.drkit.spi.EventLoop;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseStore.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Takes a plan's lease. Where leases run out, that of a process which died is taken as soon as it has. */
final class Contender {
  private static final int LOOKS = 10;

  private final JournaledEngine.Settings settings;
  private final String plan;
  private final EventLoop loop;
  private final CompletableFuture<Optional<Lease>> taken = new CompletableFuture<>();

  private Contender(JournaledEngine.Settings settings, String plan) {
    this.settings = settings;
    this.plan = plan;
    this.loop = settings.time().loop("drkit-lease-" + plan);
  }

  /** {@return the lease; nothing if a living process holds it} */
  static Optional<Lease> take(JournaledEngine.Settings settings, String plan) {
    LeaseStore leases = settings.leases();
    Optional<Lease> lease = leases.tryAcquire(plan, settings.owner());
    Optional<Duration> duration = leases.duration();
    if (lease.isPresent() || duration.isEmpty()) {
      return lease;
    }
    return new Contender(settings, plan).watch(duration.get());
  }

  private Optional<Lease> watch(Duration duration) {
    Duration pause = duration.dividedBy(LOOKS);
    Duration end = settings.time().uptime().plus(duration).plus(pause);
    try (EventLoop open = loop) {
      lookIn(pause, end);
      return open.await(taken);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrException("interrupted while it waited for the lease of plan '" + plan + "'", e);
    } catch (CompletionException e) {
      throw new DrException(
          "the lease of plan '" + plan + "' could not be taken: "
              + Errors.describe(e.getCause() == null ? e : e.getCause()),
          e);
    }
  }

  private void lookIn(Duration pause, Duration end) {
    loop.schedule(
        pause,
        () -> loop.call(
            () -> settings.leases().tryAcquire(plan, settings.owner()).stream().toList(),
            settings.requestTimeLimit(),
            (@Nullable List<Lease> lease, @Nullable Throwable error) -> {
              if (lease != null && !lease.isEmpty()) {
                taken.complete(lease.stream().findFirst());
              } else if (settings.time().uptime().compareTo(end) < 0) {
                lookIn(pause, end);
              } else if (error != null) {
                taken.completeExceptionally(error);
              } else {
                taken.complete(Optional.empty());
              }
            }));
  }
}
