package io.drkit.testkit.contract;

import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A store of leases that run out, with something wrong in it. */
final class WrongLeases implements LeaseStore {

  /** What is wrong, and the test of the contract that fails for it at least. */
  enum Wrong {
    NOTHING(""),
    NOBODY_IS_TOLD_THE_HOLDER("aFreeLeaseCanBeTaken"),
    ITS_OWNER_GETS_IT_AGAIN("aHeldLeaseIsRefusedToEveryone"),
    INSTANCES_HAVE_LEASES_OF_THEIR_OWN("aHeldLeaseIsRefusedToEveryone"),
    GIVING_BACK_KEEPS_IT("aLeaseThatIsGivenBackIsFree"),
    GIVING_BACK_FREES_WHOEVER_HAS_IT("givingBackAgainDoesNothing"),
    WHAT_REMAINS_IS_NOT_TOLD("aLeaseRemainsForAsLongAsTheStoreSays"),
    WHAT_WAS_GIVEN_BACK_REMAINS("aLeaseRemainsForAsLongAsTheStoreSays"),
    RENEWING_TAKES_IT_BACK("aLeaseThatWasGivenBackCannotBeRenewed"),
    PLANS_SHARE_A_LEASE("plansHaveLeasesOfTheirOwn"),
    OWNERS_ARE_TRIMMED("theOwnerIsToldAsItWasGiven"),
    BLANK_OWNERS_ARE_TAKEN("aBlankOwnerIsRefused"),
    LOOKING_AND_TAKING_ARE_TWO_STEPS("ofManyWhoAskExactlyOneGetsIt"),
    LEASES_LAST_FOR_GOOD("aLeaseThatIsNotRenewedRunsOut"),
    RENEWALS_ADD_NOTHING("aRenewedLeaseLastsForTheWholeDurationAgain"),
    WHAT_IS_OVER_IS_RENEWED("aLeaseThatIsOverIsNeverHeldAgain"),
    OLD_LEASES_ARE_TAKEN_AT_FIRST_SIGHT("aContenderWatchesForAWholeDuration"),
    THE_DEAD_GIVE_BACK_WHAT_OTHERS_TOOK("aContenderWatchesForAWholeDuration"),
    RENEWALS_ARE_NOT_SEEN("aRenewalMakesTheWatchingBeginAnew");

    final String found;

    Wrong(String found) {
      this.found = found;
    }
  }

  private static final Duration DURATION = Duration.ofSeconds(30);

  private final Wrong wrong;
  private final HandClock clock;
  private final Map<String, Held> leases;
  private final Map<String, Seen> watched = new HashMap<>();
  private final Meeting meeting;

  WrongLeases(Wrong wrong, HandClock clock) {
    this(wrong, clock, new HashMap<>(), new Meeting());
  }

  private WrongLeases(Wrong wrong, HandClock clock, Map<String, Held> leases, Meeting meeting) {
    this.wrong = wrong;
    this.clock = clock;
    this.leases = leases;
    this.meeting = meeting;
  }

  /** Another instance, as another process would open it. */
  WrongLeases reopen() {
    return wrong == Wrong.INSTANCES_HAVE_LEASES_OF_THEIR_OWN
        ? new WrongLeases(wrong, clock)
        : new WrongLeases(wrong, clock, leases, meeting);
  }

  @Override
  public Optional<Duration> duration() {
    return Optional.of(DURATION);
  }

  @Override
  public Optional<String> holder(String plan) {
    synchronized (leases) {
      return wrong == Wrong.NOBODY_IS_TOLD_THE_HOLDER
          ? Optional.empty()
          : Optional.ofNullable(leases.get(key(plan))).map(held -> held.owner);
    }
  }

  @Override
  public Optional<Lease> tryAcquire(String plan, String owner) {
    if (owner.isBlank() && wrong != Wrong.BLANK_OWNERS_ARE_TAKEN) {
      throw new IllegalArgumentException("owner must not be blank");
    }
    Held before;
    synchronized (leases) {
      before = leases.get(key(plan));
      if (before != null && !mayBeTaken(before, owner)) {
        return Optional.empty();
      }
    }
    if (wrong == Wrong.LOOKING_AND_TAKING_ARE_TWO_STEPS) {
      meeting.waitForAnother();
    }
    synchronized (leases) {
      if (!Objects.equals(leases.get(key(plan)), before)
          && wrong != Wrong.LOOKING_AND_TAKING_ARE_TWO_STEPS) {
        return Optional.empty();
      }
      Held taken = new Held(key(plan), wrong == Wrong.OWNERS_ARE_TRIMMED ? owner.trim() : owner);
      leases.put(taken.key, taken);
      return Optional.of(taken);
    }
  }

  private String key(String plan) {
    return wrong == Wrong.PLANS_SHARE_A_LEASE ? "the only one" : plan;
  }

  private boolean mayBeTaken(Held held, String owner) {
    return switch (wrong) {
      case ITS_OWNER_GETS_IT_AGAIN -> held.owner.equals(owner);
      case OLD_LEASES_ARE_TAKEN_AT_FIRST_SIGHT -> clock.uptime().compareTo(held.end) >= 0;
      default -> {
        Seen now = new Seen(held, held.beat, clock.uptime());
        Seen seen = watched.merge(held.key, now, (old, fresh) -> old.same(fresh) ? old : fresh);
        yield now.at.minus(seen.at).compareTo(DURATION) >= 0;
      }
    };
  }

  /** A lease as somebody else saw it. */
  private record Seen(Held held, int beat, Duration at) {
    boolean same(Seen other) {
      return held == other.held && beat == other.beat;
    }
  }

  private final class Held implements Lease {
    private final String key;
    private final String owner;
    private int beat;
    private Duration end = clock.uptime().plus(DURATION);

    Held(String key, String owner) {
      this.key = key;
      this.owner = owner;
    }

    private boolean over() {
      return wrong != Wrong.LEASES_LAST_FOR_GOOD && clock.uptime().compareTo(end) >= 0;
    }

    @Override
    public boolean held() {
      synchronized (leases) {
        return leases.get(key) == this && !over();
      }
    }

    @Override
    public Optional<Duration> remaining() {
      return switch (wrong) {
        case WHAT_REMAINS_IS_NOT_TOLD -> Optional.empty();
        case WHAT_WAS_GIVEN_BACK_REMAINS -> Optional.of(end.minus(clock.uptime()));
        default -> Optional.of(held() ? end.minus(clock.uptime()) : Duration.ZERO);
      };
    }

    @Override
    public boolean renew() {
      synchronized (leases) {
        if (wrong == Wrong.RENEWING_TAKES_IT_BACK) {
          leases.put(key, this);
        }
        if (!held() && !(wrong == Wrong.WHAT_IS_OVER_IS_RENEWED && leases.get(key) == this)) {
          return false;
        }
        beat += wrong == Wrong.RENEWALS_ARE_NOT_SEEN ? 0 : 1;
        end = wrong == Wrong.RENEWALS_ADD_NOTHING ? end : clock.uptime().plus(DURATION);
        return true;
      }
    }

    @Override
    public void close() {
      synchronized (leases) {
        boolean mine = switch (wrong) {
          case GIVING_BACK_KEEPS_IT -> false;
          case GIVING_BACK_FREES_WHOEVER_HAS_IT -> true;
          case THE_DEAD_GIVE_BACK_WHAT_OTHERS_TOOK -> over() || held();
          default -> held();
        };
        if (mine) {
          leases.remove(key);
        }
      }
    }
  }
}
