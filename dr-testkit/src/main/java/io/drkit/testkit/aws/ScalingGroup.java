package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/**
 * One Auto Scaling group. It launches and terminates some seconds after it is told to, and whenever it is looked at: what could not be
 * launched is tried again then, and what does not run any more is replaced.
 */
final class ScalingGroup {
  /** How long the group takes to begin what it is told. */
  private static final Duration BEGINS_IN = Duration.ofSeconds(10);

  /** How long an instance is down before the group replaces it; AWS says a few minutes. */
  private static final Duration REPLACES_AFTER = Duration.ofMinutes(5);

  /** What a group is made of and never changes here. */
  record Made(
      long number,
      String name,
      Machine.Launch launch,
      List<Site> zones,
      String subnets,
      Map<String, String> tags,
      Instant created) {}

  /** How many instances a group may and should have. */
  record Sizes(int least, int most, int desired) {}

  /** An instance of the group. */
  static final class Member {
    private final Machine machine;
    private boolean guarded;
    private boolean unhealthy;

    Member(Machine machine) {
      this.machine = machine;
    }

    Machine machine() {
      return machine;
    }

    boolean guarded() {
      return guarded;
    }

    void guard(boolean fromScaleIn) {
      guarded = fromScaleIn;
    }

    boolean healthy() {
      return !unhealthy;
    }

    LifecycleState lifecycle() {
      return switch (machine.state()) {
        case PENDING -> LifecycleState.PENDING;
        case SHUTTING_DOWN, TERMINATED -> LifecycleState.TERMINATING;
        default -> LifecycleState.IN_SERVICE;
      };
    }

    private boolean leaves() {
      return machine.is(InstanceStateName.SHUTTING_DOWN, InstanceStateName.TERMINATED);
    }
  }

  private final FakeEc2 ec2;
  private final Made made;
  private final Set<String> suspended = new LinkedHashSet<>();
  private final List<Member> members = new ArrayList<>();
  private Sizes sizes;
  private Instant quietUntil;
  private boolean deleting;

  ScalingGroup(FakeEc2 ec2, Made made, Sizes sizes) {
    this.ec2 = ec2;
    this.made = made;
    this.sizes = sizes;
    this.quietUntil = made.created();
    beginSoon();
  }

  Made made() {
    return made;
  }

  Sizes sizes() {
    return sizes;
  }

  boolean deleting() {
    return deleting;
  }

  /** The processes that are suspended. */
  Set<String> suspended() {
    return suspended;
  }

  List<Member> members() {
    settle();
    return List.copyOf(members);
  }

  void resize(Sizes wanted) {
    sizes = wanted;
    beginSoon();
  }

  /** Begins to end the group and all that it has. */
  void delete() {
    settle();
    deleting = true;
    sizes = new Sizes(0, 0, 0);
    members.forEach(member -> member.machine().terminate(ec2.now()));
  }

  private void beginSoon() {
    quietUntil = ec2.now().plus(BEGINS_IN);
    ec2.aws.time().schedule(BEGINS_IN, this::settle);
  }

  /** Brings the group to where it should be by now, as far as the control planes of its region work. */
  private void settle() {
    members.removeIf(member -> member.machine().is(InstanceStateName.TERMINATED));
    if (ec2.now().isBefore(quietUntil) || !controlled()) {
      return;
    }
    Instant at = replaceBy();
    long staying = members.stream().filter(member -> !member.leaves()).count();
    if (staying > sizes.desired() && !suspended.contains("Terminate")) {
      shrink(staying - sizes.desired());
    } else if (staying < sizes.desired() && !suspended.contains("Launch")) {
      grow(sizes.desired() - staying, at);
    }
  }

  private boolean controlled() {
    return ec2.aws.cloud().answers(Need.control("autoscaling", ec2.region))
        && ec2.aws.cloud().answers(Need.control("ec2", ec2.region));
  }

  /** Terminates what has been down for long enough, and returns when its replacement begins. */
  private Instant replaceBy() {
    Instant at = ec2.now();
    for (Member member : members) {
      Optional<Instant> due =
          member.machine().ailingSince().map(since -> since.plus(REPLACES_AFTER));
      if (!member.leaves() && due.filter(instant -> !instant.isAfter(ec2.now())).isPresent()) {
        member.unhealthy = true;
        if (!suspended.contains("Terminate")) {
          // It is looked at late: what began meanwhile began when it was due.
          at = due.get().isAfter(quietUntil) ? due.get() : quietUntil;
          member.machine().terminate(at);
        }
      }
    }
    return at;
  }

  private void shrink(long tooMany) {
    Map<Site, Long> perZone = perZone();
    List<Member> leaving = new ArrayList<>(members);
    leaving.removeIf(member -> member.leaves() || member.guarded());
    for (long i = 0; i < tooMany && !leaving.isEmpty(); i++) {
      // The zone that has the most of them gives one, its oldest.
      Member next = leaving.stream()
          .min(Comparator.comparingLong(
                  (Member member) -> -perZone.getOrDefault(member.machine().zone(), 0L))
              .thenComparing(member -> member.machine().started())
              .thenComparingLong(member -> member.machine().number()))
          .orElseThrow();
      leaving.remove(next);
      perZone.merge(next.machine().zone(), -1L, Long::sum);
      next.machine().terminate(ec2.now());
    }
  }

  private Map<Site, Long> perZone() {
    Map<Site, Long> perZone = new LinkedHashMap<>();
    made.zones().forEach(zone -> perZone.put(zone, 0L));
    members.stream()
        .filter(member -> !member.leaves())
        .forEach(member -> perZone.merge(member.machine().zone(), 1L, Long::sum));
    return perZone;
  }

  private void grow(long missing, Instant at) {
    Map<Site, Long> perZone = perZone();
    for (long i = 0; i < missing; i++) {
      Optional<Site> zone = made.zones().stream()
          .filter(each -> ec2.machines().room(each) > 0)
          .min(Comparator.comparingLong(each -> perZone.getOrDefault(each, 0L)));
      if (zone.isEmpty() || !launch(zone.get(), at)) {
        return;
      }
      perZone.merge(zone.get(), 1L, Long::sum);
    }
  }

  /** Launches one; if EC2 does not let it, the group stays short, and its owner is not told. */
  private boolean launch(Site zone, Instant at) {
    try {
      ec2.images().checkUsable(made.launch().image());
      ec2.machines()
          .launch(made.launch(), Optional.of(zone), 1, 1, null, at)
          .forEach(machine -> members.add(new Member(machine)));
      return true;
    } catch (Ec2Exception refused) {
      return false;
    }
  }
}
