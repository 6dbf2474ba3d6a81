package io.drkit.testkit.blunder;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.ActionContext;
import io.drkit.Declaration;
import io.drkit.Direction;
import io.drkit.Evidence;
import io.drkit.FailoverAction;
import io.drkit.Need;
import io.drkit.Progress;
import io.drkit.RecoveryPoint;
import io.drkit.Replicator;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** The blunders of plans and actions; each is easily made. */
final class Blunders {
  private static final String SPLIT = "split brain";
  private static final String LATE = "to have recovered within";
  private static final String LOST = "to have lost at most";

  static final List<Blunder> ALL = List.of(
      // Fences.
      new Blunder("nothing keeps the writers from going on", SPLIT, Recipe::withoutFences),
      new Blunder("one of two datasets is not fenced", SPLIT, Recipe::withoutFencesOfReceipts),
      new Blunder(
          "a fence is called reached that stops nobody",
          SPLIT,
          recipe -> recipe.databaseLease = looking()),
      new Blunder("a fence does not wait until the lease has run out", SPLIT, recipe -> {
        recipe.databaseLease = hasty(recipe.database.leaseTaken());
        recipe.receiptsLease = hasty(recipe.receipts.leaseTaken());
      }),
      new Blunder(
          "the writers are fenced only if their site answers",
          SPLIT,
          recipe -> recipe.databaseLease = FailoverAction.when(
              "the site answers",
              context -> recipe.shop.cloud().answers(Need.control("rds", context.from())),
              recipe.database.leaseTaken())),
      new Blunder(
          "a fence needs the site that is lost", SPLIT, recipe -> recipe.databaseLease = null),
      new Blunder(
          "a fence takes the lease for the wrong side",
          "",
          recipe -> recipe.databaseLease =
              Misread.going(recipe.database.leaseTaken(), Direction::reversed)),
      // Recovery points.
      new Blunder(
          "lag that cannot be read counts as none",
          LOST,
          recipe -> recipe.databaseCopies = telling(
              recipe.databaseCopies,
              (context, point) -> RecoveryPoint.completeUntil(
                  "orders-db", context.time().now(), "no lag was read"))),
      new Blunder(
          "a recovery point is told too new",
          "reports a loss of",
          recipe -> recipe.databaseCopies = telling(
              recipe.databaseCopies,
              (context, point) -> RecoveryPoint.completeUntil(
                  "orders-db",
                  point.completeUntil().map(at -> at.plusSeconds(2)).orElse(Instant.EPOCH),
                  "rounded up"))),
      new Blunder(
          "a promotion does not tell to which point",
          "",
          recipe -> recipe.databaseCopies = AlteredReplicator.promoting(
              recipe.databaseCopies,
              action -> Altered.saying(action, progress -> switch (progress.kind()) {
                case REACHED -> Progress.reached();
                case PENDING -> Progress.pending(progress.detail());
                default -> progress;
              }))),
      new Blunder(
          "copies are called established that do not flow",
          "",
          recipe -> recipe.databaseCopies =
              AlteredReplicator.copying(recipe.databaseCopies, action -> looking())),
      new Blunder(
          "the promotion of one dataset is copied from another",
          "",
          recipe -> recipe.receiptsCopies = AlteredReplicator.promoting(
              recipe.receipts.replicator(), action -> recipe.databaseCopies.promoted())),
      new Blunder(
          "the newest state is promoted although an earlier one was asked for",
          "attempts to fail over",
          recipe -> recipe.databaseCopies =
              AlteredReplicator.promoting(recipe.databaseCopies, Misread::toTheNewestState)),
      new Blunder("a dataset is forgotten", LATE, recipe -> {
        recipe.receiptsCopies = null;
        recipe.withoutFencesOfReceipts();
      }),
      new Blunder(
          "a promotion has no time to come about",
          LATE,
          recipe -> recipe.promotions = step -> step.timeLimit(ofSeconds(20))),
      // Asking and looking.
      new Blunder("a refused request is taken for done", "", recipe -> {
        recipe.launch = swallowing(recipe.launch);
        recipe.resize = swallowing(recipe.database.resized(4));
      }),
      new Blunder(
          "what is asked for waits for ever",
          LATE,
          recipe -> recipe.resize = Altered.applying(recipe.database.resized(4), context -> {
            throw recipe.shop.cloud().time().hang();
          })),
      new Blunder(
          "looking promotes",
          "",
          recipe -> recipe.databaseCopies =
              AlteredReplicator.promoting(recipe.databaseCopies, action -> asking(action))),
      new Blunder(
          "looking sends the users over",
          "what is served on a good day",
          recipe -> recipe.redirect = asking(recipe.shop.traffic().allTrafficSwitched())),
      new Blunder(
          "the lost site is asked as well",
          LATE,
          recipe -> recipe.launch = askingTheLost(recipe.launch)),
      new Blunder(
          "the lost site is asked past the engine",
          LATE,
          recipe -> recipe.launch = askingPast(recipe.shop.cloud(), recipe.launch)),
      new Blunder("an action has a fixed site", LATE, recipe -> {
        Site fixed = recipe.primary();
        recipe.resize = Misread.going(
            recipe.database.resized(4), direction -> new Direction(recipe.shop.recovery(), fixed));
      }),
      // What is there, and how much of it.
      new Blunder(
          "too few servers are launched",
          LATE,
          recipe -> recipe.launch = recipe.shop.web().count(3)),
      new Blunder("the database stays small", LATE, recipe -> recipe.resize = null),
      new Blunder("the image is not brought before", "", recipe -> recipe.image = null),
      // Users.
      new Blunder(
          "users remember the old address for an hour",
          LATE,
          recipe -> recipe.shop.traffic().ttl(ofHours(1))),
      new Blunder("users are not sent over", "", recipe -> recipe.redirect = null),
      new Blunder(
          "users are sent over by what went down with the site",
          LATE,
          recipe -> recipe.redirect = recipe.shop.traffic().allTraffic()),
      new Blunder(
          "users are sent over before there is anything to serve them",
          "in this order",
          recipe -> recipe.redirectsAtOnce = true),
      // Reports.
      new Blunder(
          "the verification looks at nothing",
          "reports an outage of",
          recipe -> recipe.verification = looking()),
      new Blunder(
          "the verification counts servers, not served users",
          "reports an outage of",
          recipe -> recipe.verification = FailoverAction.check(
              "servers serve",
              context -> recipe.shop.web().serving(context.to()) >= 4
                  ? Progress.reached()
                  : Progress.underway("servers boot"))),
      new Blunder(
          "the verification may fail",
          "reports an outage of",
          recipe -> recipe.verifying = step -> step.bestEffort()),
      new Blunder(
          "an outage is declared as of the call",
          LOST,
          recipe -> recipe.declaring = truth -> Declaration.of("operator")
              .lost(truth.lost().toArray(Site[]::new))
              .since(recipe.shop.cloud().time().now())
              .acceptLoss("orders-db", "receipts")),
      new Blunder(
          "the end of writing is declared too early",
          LOST,
          recipe -> recipe.declaring = truth -> truth
              .stopped()
              .map(at -> truth.since(at.minus(ofMinutes(1))).stopped(at.minus(ofMinutes(1))))
              .orElse(truth)));

  private Blunders() {}

  private static FailoverAction looking() {
    return FailoverAction.check("all is as it should be", context -> Progress.reached());
  }

  private static FailoverAction hasty(FailoverAction action) {
    return Altered.saying(
        action, progress -> progress instanceof Progress.Underway ? Progress.reached() : progress);
  }

  private static FailoverAction swallowing(FailoverAction action) {
    return new Altered(
        action,
        context -> context.applied() ? Progress.reached() : action.observe(context),
        context -> {
          try {
            action.apply(context);
          } catch (Exception swallowed) {
            // The mistake.
          }
        });
  }

  private static FailoverAction asking(FailoverAction action) {
    return Altered.observing(action, context -> {
      if (action.observe(context).kind() == Progress.Kind.PENDING) {
        action.apply(context);
      }
      return action.observe(context);
    });
  }

  private static FailoverAction askingTheLost(FailoverAction action) {
    return Altered.observing(action, context -> {
      context.call(Need.control("ec2", context.from()), () -> "how many ran there?");
      return action.observe(context);
    });
  }

  private static FailoverAction askingPast(FakeCloud cloud, FailoverAction action) {
    return Altered.observing(action, context -> {
      cloud.request(Need.control("ec2", context.from()), ofMinutes(5), () -> "how many ran there?");
      return action.observe(context);
    });
  }

  /** What somebody makes of the point that was promoted. */
  private interface Telling {
    RecoveryPoint of(ActionContext context, RecoveryPoint truth);
  }

  private static Replicator telling(Replicator copies, Telling telling) {
    UnaryOperator<FailoverAction> promoting = action -> Altered.observing(action, context -> {
      Progress progress = action.observe(context);
      if (progress instanceof Progress.Pending pending
          && pending.before().recoveryPoint().isPresent()) {
        return Progress.pending(
            pending.detail(), Evidence.of(telling.of(context, point(pending.before()))));
      }
      if (progress instanceof Progress.Reached reached
          && reached.evidence().recoveryPoint().isPresent()) {
        return Progress.reached(Evidence.of(telling.of(context, point(reached.evidence()))));
      }
      return progress;
    });
    return AlteredReplicator.promoting(copies, promoting);
  }

  private static RecoveryPoint point(Evidence evidence) {
    return evidence.recoveryPoint().orElseThrow();
  }
}
