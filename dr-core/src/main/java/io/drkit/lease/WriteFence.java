package io.drkit.lease;

import io.drkit.ActionContext;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.Site;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The register of a workload as a plan sees it: made by the preparation, taken from the site that is left by the fence, and
 * given to the one that takes over when its data is writable. Thread-safe.
 *
 * <pre>{@code
 * WriteFence fence = WriteFence.of("orders", store, LeaseTiming.standard());
 * DrPlan.builder("orders")...
 *     .prepare("a site may write", fence.established())
 *     .fence("nobody may write", fence.fenced())
 *     .promoteReplicas()
 *     .redirect("the recovery site may write", fence.granted())
 * }</pre>
 */
public final class WriteFence {
  private final String name;
  private final WriteLeaseStore store;
  private final LeaseTiming timing;
  /** Since when this process has seen a register unchanged; whoever takes a run over waits for the whole drain again. */
  private final Map<Grant, Duration> firstSeen = new ConcurrentHashMap<>();

  private WriteFence(String name, WriteLeaseStore store, LeaseTiming timing) {
    this.name = Objects.requireNonNull(name, "name");
    this.store = Objects.requireNonNull(store, "store");
    this.timing = Objects.requireNonNull(timing, "timing");
  }

  /**
   * Returns the fence of a workload.
   *
   * @param name the workload's name
   * @param store where its register is
   * @param timing that of its slowest service; the register is made with it
   */
  public static WriteFence of(String name, WriteLeaseStore store, LeaseTiming timing) {
    return new WriteFence(name, store, timing);
  }

  /** {@return the state in which the register is there; it is made for the direction's {@code from}} */
  public FailoverAction established() {
    return new RegisterAction(
        "the register of '" + name + "' says who may write",
        (context, grant) -> grant.epoch() > 0
            ? Progress.reached(evidence(grant))
            : Progress.pending("there is no register of '" + name + "'"),
        (context, grant) -> new Grant(1, Optional.of(context.from()), by(context), timing.drain()),
        Reversibility.COMPENSABLE,
        before -> Optional.empty());
  }

  /**
   * Returns the state in which the direction's {@code from}, and every other site but {@code to}, is proven to have stopped
   * writing: nobody may write by the register, at an epoch that this run has raised, and whoever read it before that has
   * come to an end, the last write included. It needs nothing of the site that is left, so it works when that is lost.
   */
  public FailoverAction fenced() {
    return new RegisterAction(
        "no site writes '" + name + "' but the one that takes over",
        (context, grant) -> drained(context, grant, context.to()),
        (context, grant) -> grant.next(Optional.empty(), by(context)),
        Reversibility.REVERSIBLE,
        before -> Optional.ofNullable(before.facts().get("site")).map(this::givenBack));
  }

  /**
   * Returns the state in which the direction's {@code to} may write; it is for a step after the promotion. A rollback takes the
   * register from that site again and waits until it must have stopped, before the way back of the fence gives it to the site that
   * was left. Where the data is promoted between the two, the engine takes nothing back.
   */
  public FailoverAction granted() {
    return new RegisterAction(
        "the site that takes over may write '" + name + "'",
        (context, grant) -> given(grant, context.to(), grant.by().equals(by(context))),
        (context, grant) -> grant.next(Optional.of(context.to()), by(context)),
        Reversibility.COMPENSABLE,
        before -> Optional.of(takenBack()));
  }

  private FailoverAction takenBack() {
    return new RegisterAction(
        "the site that took over does not write '" + name + "' any more",
        this::takenBack,
        (context, grant) -> grant.next(Optional.empty(), by(context)),
        Reversibility.COMPENSABLE,
        before -> Optional.empty());
  }

  private Progress takenBack(ActionContext context, Grant grant) {
    Set<Site> known = Set.of(context.from(), context.to());
    return grant.site().filter(site -> !known.contains(site)).isPresent()
        ? Progress.blocked("the register of '" + name + "' is not with " + context.to()
            + " any more: " + grant + "; give it to whom it belongs by hand")
        : drained(context, grant, context.from());
  }

  private FailoverAction givenBack(String siteBefore) {
    return new RegisterAction(
        "the site that was left may write '" + name + "' again",
        (context, grant) -> context.from().toString().equals(siteBefore)
            ? given(grant, context.from(), true)
            : Progress.blocked("the register of '" + name + "' was with " + siteBefore
                + " before, which this run did not leave; give it to whom it belongs by hand"),
        (context, grant) -> grant.next(Optional.of(context.from()), by(context)),
        Reversibility.COMPENSABLE,
        before -> Optional.empty());
  }

  /** A register is given to a site only out of the hands of the run that fenced it. */
  private Progress given(Grant grant, Site site, boolean fencedByRun) {
    if (grant.site().equals(Optional.of(site))) {
      return Progress.reached(evidence(grant));
    }
    return grant.epoch() > 0 && grant.site().isEmpty() && fencedByRun
        ? Progress.pending(grant.toString(), evidence(grant))
        : Progress.blocked("the register of '" + name + "' was not fenced by this run: " + grant
            + "; fence it before it is given to " + site);
  }

  /** Nobody may write, but perhaps one site, and whoever could before that has come to an end. */
  private Progress drained(ActionContext context, Grant grant, Site spared) {
    if (grant.epoch() == 0) {
      return Progress.blocked("there is no register of '" + name
          + "', so no service was held back by it; prepare the plan first");
    }
    boolean ours = grant.site().isEmpty() && grant.by().equals(by(context));
    if (!ours && !grant.site().equals(Optional.of(spared))) {
      return Progress.pending(grant.toString(), evidence(grant));
    }
    Duration now = context.time().uptime();
    Duration since = firstSeen.computeIfAbsent(grant, unchanged -> now);
    Duration left = grant.drain().minus(now.minus(since));
    return left.isZero() || left.isNegative()
        ? Progress.reached(evidence(grant))
        : Progress.underway(
            "writes under the grant before epoch " + grant.epoch() + " may go on for " + left);
  }

  private static Evidence evidence(Grant grant) {
    Evidence evidence = Evidence.of("epoch", Long.toString(grant.epoch()));
    return grant.site().map(site -> evidence.and("site", site.toString())).orElse(evidence);
  }

  private static String by(ActionContext context) {
    return "run " + context.run();
  }

  /** A wanted state of the register. */
  private final class RegisterAction implements FailoverAction {
    private final String description;
    private final BiFunction<ActionContext, Grant, Progress> looked;
    private final BiFunction<ActionContext, Grant, Grant> next;
    private final Reversibility reversibility;
    private final Function<Evidence, Optional<FailoverAction>> back;

    RegisterAction(
        String description,
        BiFunction<ActionContext, Grant, Progress> looked,
        BiFunction<ActionContext, Grant, Grant> next,
        Reversibility reversibility,
        Function<Evidence, Optional<FailoverAction>> back) {
      this.description = description;
      this.looked = looked;
      this.next = next;
      this.reversibility = reversibility;
      this.back = back;
    }

    @Override
    public String describe() {
      return description;
    }

    @Override
    public Progress observe(ActionContext context) throws Exception {
      return looked.apply(context, ask(context, () -> store.read(name)));
    }

    @Override
    public void apply(ActionContext context) throws Exception {
      Grant grant = ask(context, () -> store.read(name));
      // What changed since it was observed is not overruled; observing again tells.
      if (looked.apply(context, grant).kind() == Progress.Kind.PENDING) {
        Grant changed = next.apply(context, grant);
        ask(context, () -> store.replace(name, grant, changed));
      }
    }

    private <T> T ask(ActionContext context, Callable<T> request) throws Exception {
      Optional<Need> need = store.needs().stream().findFirst();
      return need.isPresent() ? context.call(need.get(), request) : request.call();
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }

    @Override
    public Reversibility reversibility() {
      return reversibility;
    }

    @Override
    public List<Need> needs(Direction direction) {
      return store.needs();
    }

    @Override
    public Optional<FailoverAction> undo(Evidence before) {
      return back.apply(before);
    }
  }
}
