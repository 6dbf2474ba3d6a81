package io.drkit.testkit.aws;

import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfile;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceState;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.SummaryStatus;

/** One instance of EC2. What it is becoming takes time, and goes on only while its zone is up. */
final class Machine {
  /** How long DescribeInstances shows what is terminated. */
  static final Duration SHOWN_WHEN_TERMINATED = Duration.ofHours(1);

  private static final Duration SHUTS_DOWN_IN = Duration.ofSeconds(30);
  private static final Duration STOPS_IN = Duration.ofSeconds(60);
  private static final Duration CHECKS_EVERY = Duration.ofMinutes(1);
  private static final Duration FIRST_CHECKS_TAKE = Duration.ofMinutes(2);

  /** What was asked for when it was launched. */
  record Launch(
      String image,
      String type,
      @Nullable String key,
      List<String> securityGroups,
      @Nullable String profile,
      Map<String, String> tags) {
    Launch {
      securityGroups = List.copyOf(securityGroups);
      tags = new LinkedHashMap<>(tags);
    }
  }

  /** Where, when and with what others it was launched. */
  record Place(
      Site zone,
      String subnet,
      String reservation,
      int index,
      @Nullable String token) {}

  private record Change(
      InstanceStateName during, InstanceStateName after, Instant at, Duration takes) {}

  private final FakeAws aws;
  private final String id;
  private final long number;
  private final Launch launch;
  private final Place place;
  private final Map<String, String> tags;
  private final Instant visibleAt;
  private Instant started;
  private Change change;

  Machine(FakeAws aws, long number, Launch launch, Place place, Instant at) {
    this.aws = aws;
    this.id = aws.newId("i-", 17);
    this.number = number;
    this.launch = launch;
    this.place = place;
    this.tags = new LinkedHashMap<>(launch.tags());
    this.visibleAt = aws.visibleAt(id);
    this.started = at;
    this.change = boots(at);
  }

  private Change boots(Instant at) {
    return new Change(
        InstanceStateName.PENDING,
        InstanceStateName.RUNNING,
        at,
        aws.machineRoom().bootTime());
  }

  String id() {
    return id;
  }

  long number() {
    return number;
  }

  Launch launch() {
    return launch;
  }

  Site zone() {
    return place.zone();
  }

  String reservation() {
    return place.reservation();
  }

  Map<String, String> tags() {
    return tags;
  }

  Instant started() {
    return started;
  }

  @Nullable
  String token() {
    return place.token();
  }

  String subnet() {
    return place.subnet();
  }

  /** When it is what it is becoming; nothing while its zone is lost. */
  private Optional<Instant> done() {
    return aws.cloud().doneAt(zone(), change.at(), change.takes());
  }

  InstanceStateName state() {
    boolean done = done().filter(at -> !at.isAfter(aws.now())).isPresent();
    return done ? change.after() : change.during();
  }

  /** Whether DescribeInstances shows it. */
  boolean visible() {
    Instant now = aws.now();
    return !visibleAt.isAfter(now)
        && (state() != InstanceStateName.TERMINATED
            || done().filter(at -> at.plus(SHOWN_WHEN_TERMINATED).isAfter(now)).isPresent());
  }

  boolean is(InstanceStateName... states) {
    return List.of(states).contains(state());
  }

  /** Whether it takes the room of a machine in its zone. */
  boolean takesRoom() {
    return !is(InstanceStateName.STOPPED, InstanceStateName.TERMINATED);
  }

  /** Whether it counts for the account's quota. */
  boolean counts() {
    return is(InstanceStateName.PENDING, InstanceStateName.RUNNING);
  }

  /** Whether it really runs: a lost zone's instances do not, and boot when the zone is back. */
  boolean runs() {
    Duration boot = aws.machineRoom().bootTime();
    return state() == InstanceStateName.RUNNING
        && aws.cloud()
            .upSince(zone())
            .filter(up -> up.equals(Instant.MIN) || !up.plus(boot).isAfter(aws.now()))
            .isPresent();
  }

  void start() {
    started = aws.now();
    change = boots(started);
  }

  void stop() {
    change = new Change(InstanceStateName.STOPPING, InstanceStateName.STOPPED, aws.now(), STOPS_IN);
  }

  /** Terminates it, once. */
  void terminate(Instant at) {
    InstanceStateName state = state();
    if (state == InstanceStateName.SHUTTING_DOWN || state == InstanceStateName.TERMINATED) {
      return;
    }
    Duration takes = state == InstanceStateName.STOPPED ? Duration.ZERO : SHUTS_DOWN_IN;
    change = new Change(InstanceStateName.SHUTTING_DOWN, InstanceStateName.TERMINATED, at, takes);
  }

  /** Since when it has not run, if it should; the end of what stopped it or took it away, or of its zone. */
  Optional<Instant> ailingSince() {
    return counts() ? aws.cloud().lostSince(zone()) : Optional.of(change.at());
  }

  /** What the checks of EC2, once a minute, say of a running instance. */
  SummaryStatus checks() {
    FakeCloud cloud = aws.cloud();
    Instant now = aws.now();
    Optional<Instant> lost = cloud.lostSince(zone());
    if (lost.isPresent()) {
      return lost.get().plus(CHECKS_EVERY).isAfter(now) ? SummaryStatus.OK : SummaryStatus.IMPAIRED;
    }
    Instant since = done().orElse(now);
    Instant back = cloud.upSince(zone()).orElse(now);
    Instant begun = back.isAfter(since) ? back : since;
    return begun.plus(FIRST_CHECKS_TAKE).isAfter(now)
        ? SummaryStatus.INITIALIZING
        : SummaryStatus.OK;
  }

  static InstanceState state(InstanceStateName name) {
    int code = switch (name) {
      case PENDING -> 0;
      case RUNNING -> 16;
      case SHUTTING_DOWN -> 32;
      case TERMINATED -> 48;
      case STOPPING -> 64;
      case STOPPED -> 80;
      default -> throw new IllegalArgumentException("not a state of an instance: " + name);
    };
    return InstanceState.builder().name(name).code(code).build();
  }

  Instance shown() {
    Instance.Builder shown = Instance.builder()
        .instanceId(id)
        .imageId(launch.image())
        .instanceType(launch.type())
        .keyName(launch.key())
        .state(state(state()))
        .launchTime(started)
        .amiLaunchIndex(place.index())
        .clientToken(place.token())
        .placement(placement -> placement.availabilityZone(zone().name()))
        .subnetId(place.subnet())
        .tags(FakeEc2.tags(tags))
        .securityGroups(launch.securityGroups().stream()
            .map(group -> GroupIdentifier.builder().groupId(group).build())
            .toList());
    if (launch.profile() != null) {
      shown.iamInstanceProfile(
          IamInstanceProfile.builder().arn(launch.profile()).build());
    }
    return shown.build();
  }
}
