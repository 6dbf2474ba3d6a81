package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.DrException;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Repeatability;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import io.drkit.testkit.DataCopy.Primary;
import io.drkit.testkit.DataCopy.Promoting;
import io.drkit.testkit.DataCopy.Promotion;
import io.drkit.testkit.DataCopy.Replica;
import io.drkit.testkit.DataCopy.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A dataset of the fake cloud as a plan sees it. */
record FakeReplicator(FakeDataset of) implements Replicator {

  @Override
  public String dataset() {
    return of.name();
  }

  @Override
  public ReplicationKind kind() {
    return of.kind();
  }

  @Override
  public FailoverAction established() {
    return new FakeAction(
        of.name() + " is copied",
        Repeatability.idempotent(),
        direction -> List.of(of.control(direction.from()), of.control(direction.to())),
        context -> of.ask(context, context.to(), now -> flow(context, now)),
        context -> of.ask(context, context.to(), now -> {
          DataCopy source = of.copy(context.from());
          if (!(source.role(now) instanceof Primary) || !source.running(now)) {
            throw new DrException(of.name() + " cannot be copied from " + context.from()
                + ", where it is not written now");
          }
          DataCopy copy = of.copy(context.to());
          if (copy.role(now) instanceof Primary || copy.role(now) instanceof Promoting) {
            throw new DrException(of.name() + " is there in " + context.to()
                + " as it was written there, and is not copied over; retire it first");
          }
          boolean follows = copy.role(now) instanceof Replica replica && replica.source() == source;
          if (!follows) {
            copy.follow(source, now);
          }
          return Progress.reached();
        }));
  }

  private Progress flow(ActionContext context, Instant now) {
    DataCopy copy = of.copy(context.to());
    Role role = copy.role(now);
    if (role instanceof Replica replica && replica.source().site().equals(context.from())) {
      boolean flows = copy.lastFlow(replica, now).equals(now);
      Optional<Instant> complete = copy.completeUntil(replica, now);
      if (flows && complete.isPresent()) {
        return Progress.reached(Evidence.of(point(complete.get())));
      }
      return flows
          ? Progress.underway("the first copy of " + of.name() + " is made")
          : Progress.blocked("copies of " + of.name() + " do not flow from " + context.from()
              + "; bring that site back first");
    }
    if (copy.writable(now) || role instanceof Promoting) {
      return Progress.blocked(of.name() + " is written in " + context.to()
          + " itself; copying over it would lose that: fence it first");
    }
    if (role instanceof Primary) {
      return Progress.blocked(of.name() + " is there in " + context.to()
          + " as it was written there; copying over it would lose that: retire it first");
    }
    return Progress.pending(
        "no copies of " + of.name() + " flow from " + context.from() + " to " + context.to());
  }

  @Override
  public FailoverAction retired() {
    return new FakeAction(
        "what " + of.name() + " held where it was left is kept under a name of its own",
        Repeatability.idempotent(),
        direction -> List.of(of.control(direction.to())),
        context -> of.ask(context, context.to(), now -> retirement(of.copy(context.to()), now)),
        context -> of.ask(context, context.to(), now -> {
          of.copy(context.to()).retire(now);
          return Progress.reached();
        }));
  }

  private Progress retirement(DataCopy copy, Instant now) {
    if (copy.writable(now) || copy.role(now) instanceof Promoting) {
      return Progress.blocked(of.name() + " is written in " + copy.site()
          + " itself; fence it there before it is retired");
    }
    if (copy.role(now) instanceof Primary) {
      return Progress.pending(of.name() + " is where the workload left it in " + copy.site());
    }
    return Progress.reached(
        copy.kept().map(name -> Evidence.of("kept as", name)).orElseGet(() -> Evidence.none()));
  }

  @Override
  public FailoverAction promoted() {
    boolean restore = of.kind() == ReplicationKind.PERIODIC;
    return new FakeAction(
            of.name() + (restore ? " is restored and writable" : " is promoted and writable"),
            Repeatability.observed(Duration.ofSeconds(1)),
            direction -> List.of(of.control(direction.to())),
            context -> of.ask(context, context.to(), now -> promotion(context, now)),
            context -> of.ask(context, context.to(), now -> {
              DataCopy copy = of.copy(context.to());
              if (copy.role(now) instanceof Replica replica) {
                Optional<Instant> wanted = context.recoverTo();
                Instant complete = copy.completeUntil(replica, now, wanted)
                    .orElseThrow(() -> new DrException(nothingWhole(context)));
                of.promotions().add(copy.promote(context.run(), replica, complete, wanted, now));
              }
              return Progress.reached();
            }))
        .oneWay();
  }

  private Progress promotion(ActionContext context, Instant now) {
    DataCopy copy = of.copy(context.to());
    Role role = copy.role(now);
    if (role instanceof Promoting promoting) {
      return Progress.underway(of.name()
          + copy.expected(promoting, now)
              .map(done -> " will be writable at " + done)
              .orElse(" is not getting on: where it is held in " + context.to() + " is lost"));
    }
    if (role instanceof Primary) {
      // Whoever explains what a run would do has no epoch.
      if (context.mode().moves() && context.epoch() > 0) {
        of.seen(context.run(), copy, now);
      }
      Promotion promotion = of.promotion(copy);
      return Progress.reached(
          promotion == null
              ? Evidence.of("role", "it is the primary, and always was")
              : Evidence.of(point(promotion.completeUntil())));
    }
    if (role instanceof Replica replica) {
      Optional<Instant> complete = copy.completeUntil(replica, now, context.recoverTo());
      if (complete.isPresent()) {
        return Progress.pending(
            "the copy of " + of.name() + " in " + context.to() + " is read-only",
            Evidence.of(point(complete.get())));
      }
    }
    return Progress.blocked(nothingWhole(context));
  }

  @Override
  public boolean recoversToPointInTime() {
    return of.keepsStates();
  }

  private String nothingWhole(ActionContext context) {
    if (context.recoverTo().isPresent()) {
      return "no state of " + of.name() + " from " + context.recoverTo().get()
          + " or before is kept in " + context.to();
    }
    return "there is no whole copy of " + of.name() + " in " + context.to()
        + "; a plan's preparation makes one while " + context.from() + " is up";
  }

  @Override
  public ReplicationStatus status(ActionContext context) throws Exception {
    return of.cloud().ask(context, of.control(context.to()), () -> {
      Instant now = of.cloud().time().now();
      DataCopy copy = of.copy(context.to());
      Role role = copy.role(now);
      if (role instanceof Replica replica) {
        Optional<Instant> complete = copy.completeUntil(replica, now);
        if (complete.isPresent()) {
          boolean flows = copy.lastFlow(replica, now).equals(now);
          ReplicationStatus status = ReplicationStatus.of(
              flows ? ReplicationStatus.State.FLOWING : ReplicationStatus.State.STALLED,
              point(complete.get()),
              now,
              "from " + replica.source().site());
          return of.pilesUp() ? lacking(status, copy.backlog(replica, now)) : status;
        }
      }
      RecoveryPoint none = RecoveryPoint.unknown(of.name(), "no copy is flowing");
      return ReplicationStatus.of(
          role instanceof Primary
              ? ReplicationStatus.State.PROMOTED
              : ReplicationStatus.State.ABSENT,
          none,
          now,
          "in " + context.to());
    });
  }

  private static ReplicationStatus lacking(ReplicationStatus status, Backlog backlog) {
    return status.backlog(backlog.bytes(), backlog.eta());
  }

  private RecoveryPoint point(Instant completeUntil) {
    return of.point(
        completeUntil,
        of.kind() == ReplicationKind.PERIODIC ? "last whole backup" : "last write that arrived");
  }
}
