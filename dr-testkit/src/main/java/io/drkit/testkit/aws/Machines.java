package io.drkit.testkit.aws;

import io.drkit.Site;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceStatusRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceStatusResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateChange;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceStatus;
import software.amazon.awssdk.services.ec2.model.InstanceStatusSummary;
import software.amazon.awssdk.services.ec2.model.Reservation;

/** The instances of one region: launched where there is room, and moved from state to state. */
final class Machines {
  private static final int MOST_ON_A_PAGE = 1_000;
  private static final int LEAST_ON_A_PAGE = 5;

  private final FakeEc2 ec2;
  private final Map<String, Machine> all = new LinkedHashMap<>();
  private final NumberedPages<Machine> pages;
  private final Ec2Filters<Machine> filters;

  Machines(FakeEc2 ec2) {
    this.ec2 = ec2;
    this.pages = new NumberedPages<>(ec2, Machine::number, "InvalidNextToken");
    this.filters = new Ec2Filters<>(ec2, "DescribeInstances", Machine::tags)
        .by("instance-state-name", machine -> machine.state().toString())
        .by("instance-id", Machine::id)
        .by("instance-type", machine -> machine.launch().type())
        .by("image-id", machine -> machine.launch().image())
        .by("availability-zone", machine -> machine.zone().name())
        .by("subnet-id", Machine::subnet)
        .by("reservation-id", Machine::reservation)
        .by("client-token", machine -> String.valueOf(machine.token()));
  }

  /** How many really run in a place. */
  int running(Site place) {
    return (int) all.values().stream()
        .filter(machine -> machine.zone().isIn(place) && machine.runs())
        .count();
  }

  /** How many more a zone has room for; none while it is lost, or everybody launches there. */
  int room(Site zone) {
    if (!ec2.aws.cloud().launchesIn(zone)) {
      return 0;
    }
    long taken = all.values().stream()
        .filter(machine -> machine.zone().equals(zone) && machine.takesRoom())
        .count();
    return (int) Math.max(0, ec2.aws.machineRoom().capacity(zone) - taken);
  }

  private int quotaLeft() {
    long used = all.values().stream().filter(Machine::counts).count();
    return (int) Math.max(0, ec2.aws.machineRoom().quota(ec2.region) - used);
  }

  /**
   * Launches what there is room for in one zone, as far as the account's quota allows.
   *
   * @param zone the zone that was asked for; without one, EC2 takes the one that has the most room
   */
  List<Machine> launch(
      Machine.Launch what,
      Optional<Site> zone,
      int least,
      int most,
      @Nullable String token,
      Instant at) {
    int allowed = Math.min(most, quotaLeft());
    if (allowed < least) {
      throw overQuota(least);
    }
    Site where = zone.orElseGet(this::roomiest);
    int count = Math.min(allowed, room(where));
    if (count < least) {
      throw zone.isPresent() ? noRoomIn(where, what.type()) : noRoom(what.type());
    }
    String reservation = ec2.aws.newId("r-", 17);
    List<Machine> launched = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Machine.Place place =
          new Machine.Place(where, ec2.subnets().of(where), reservation, i, token);
      Machine machine = new Machine(ec2.aws, all.size(), what, place, at);
      all.put(machine.id(), machine);
      launched.add(machine);
    }
    return launched;
  }

  private Site roomiest() {
    return ec2.zones().stream()
        .max(Comparator.comparingInt(this::room)
            .thenComparing(Comparator.comparing(Site::name).reversed()))
        .orElseThrow(() -> ec2.notModelled("RunInstances in a region without zones"));
  }

  // EC2 answers 500 where it has no machine left: the request may succeed later.
  private AwsServiceException noRoomIn(Site zone, String type) {
    return ec2.refused(
        500,
        "InsufficientInstanceCapacity",
        "We currently do not have sufficient " + type + " capacity in the Availability Zone you"
            + " requested (" + zone + ").");
  }

  private AwsServiceException noRoom(String type) {
    return ec2.refused(
        500,
        "InsufficientInstanceCapacity",
        "There is no Spot or On-Demand capacity of " + type
            + " available that matches your request.");
  }

  private AwsServiceException overQuota(int asked) {
    return ec2.refused(
        400,
        "InstanceLimitExceeded",
        "You have requested more instances (" + asked + ") than your current instance limit of "
            + ec2.aws.machineRoom().quota(ec2.region) + " allows for the specified instance type.");
  }

  /** What readers see; refused if one of them does not show. */
  List<Machine> find(List<String> ids) {
    for (String id : ids) {
      if (!id.matches("i-[0-9a-f]+")) {
        throw ec2.refused(400, "InvalidInstanceID.Malformed", "Invalid id: \"" + id + "\"");
      }
    }
    List<String> unknown = ids.stream()
        .filter(id -> !all.containsKey(id) || !machine(id).visible())
        .toList();
    if (!unknown.isEmpty()) {
      throw ec2.refused(
          400,
          "InvalidInstanceID.NotFound",
          unknown.size() == 1
              ? "The instance ID '" + unknown.get(0) + "' does not exist"
              : "The instance IDs '" + String.join(", ", unknown) + "' do not exist");
    }
    return ids.stream().distinct().map(this::machine).toList();
  }

  private Machine machine(String id) {
    Machine machine = all.get(id);
    if (machine == null) {
      throw new IllegalStateException("no instance " + id);
    }
    return machine;
  }

  DescribeInstancesResponse describe(DescribeInstancesRequest request) {
    RequestFields.only(ec2, request, "InstanceIds", "Filters", "NextToken", "MaxResults");
    List<Machine> found =
        asked(request.instanceIds(), request.filters(), request.maxResults(), request.nextToken());
    NumberedPages.Page<Machine> page =
        pages.page(found, request.nextToken(), size(request.maxResults()));
    Map<String, List<Instance>> byReservation = new LinkedHashMap<>();
    page.items()
        .forEach(machine -> byReservation
            .computeIfAbsent(machine.reservation(), unused -> new ArrayList<>())
            .add(machine.shown()));
    List<Reservation> reservations = new ArrayList<>();
    byReservation.forEach((id, instances) -> reservations.add(reservation(id, instances)));
    return DescribeInstancesResponse.builder()
        .reservations(reservations)
        .nextToken(page.next())
        .build();
  }

  private static Reservation reservation(String id, List<Instance> instances) {
    return Reservation.builder()
        .reservationId(id)
        .ownerId(FakeAws.ACCOUNT)
        .instances(instances)
        .build();
  }

  private List<Machine> asked(
      List<String> ids, List<Filter> wanted, @Nullable Integer size, @Nullable String token) {
    if (!ids.isEmpty() && (size != null || token != null)) {
      throw ec2.refused(
          400,
          "InvalidParameterCombination",
          "The parameter instancesSet cannot be used with the parameter maxResults");
    }
    filters.check(wanted);
    List<Machine> among = ids.isEmpty() ? List.copyOf(all.values()) : find(ids);
    return among.stream()
        .filter(machine -> machine.visible() && filters.met(wanted, machine))
        .toList();
  }

  private int size(@Nullable Integer asked) {
    if (asked != null && (asked < LEAST_ON_A_PAGE || asked > MOST_ON_A_PAGE)) {
      throw ec2.refused(
          400,
          "InvalidParameterValue",
          "Value ( " + asked + " ) for parameter maxResults is invalid. Expecting a value between "
              + LEAST_ON_A_PAGE + " and " + MOST_ON_A_PAGE + ".");
    }
    return asked == null ? MOST_ON_A_PAGE : asked;
  }

  DescribeInstanceStatusResponse describeStatus(DescribeInstanceStatusRequest request) {
    RequestFields.only(
        ec2, request, "InstanceIds", "Filters", "NextToken", "MaxResults", "IncludeAllInstances");
    boolean every = Boolean.TRUE.equals(request.includeAllInstances());
    List<Machine> found = asked(
            request.instanceIds(), request.filters(), request.maxResults(), request.nextToken())
        .stream()
        .filter(machine -> every || machine.state() == InstanceStateName.RUNNING)
        .toList();
    NumberedPages.Page<Machine> page =
        pages.page(found, request.nextToken(), size(request.maxResults()));
    return DescribeInstanceStatusResponse.builder()
        .instanceStatuses(page.items().stream().map(Machines::status).toList())
        .nextToken(page.next())
        .build();
  }

  private static InstanceStatus status(Machine machine) {
    InstanceStatusSummary checks =
        InstanceStatusSummary.builder().status(machine.checks()).build();
    return InstanceStatus.builder()
        .instanceId(machine.id())
        .availabilityZone(machine.zone().name())
        .instanceState(Machine.state(machine.state()))
        .systemStatus(checks)
        .instanceStatus(checks)
        .build();
  }

  List<InstanceStateChange> terminate(List<String> ids) {
    return change(ids, machine -> machine.terminate(ec2.now()));
  }

  List<InstanceStateChange> stop(List<String> ids) {
    for (Machine machine : find(ids)) {
      if (!machine.is(
          InstanceStateName.RUNNING, InstanceStateName.STOPPING, InstanceStateName.STOPPED)) {
        throw cannotBe("stopped", machine);
      }
    }
    return change(ids, machine -> {
      if (machine.state() == InstanceStateName.RUNNING) {
        machine.stop();
      }
    });
  }

  List<InstanceStateChange> start(List<String> ids) {
    Map<Site, Integer> wanted = new LinkedHashMap<>();
    int starting = 0;
    for (Machine machine : find(ids)) {
      if (machine.state() == InstanceStateName.STOPPED) {
        starting++;
        if (wanted.merge(machine.zone(), 1, Integer::sum) > room(machine.zone())) {
          throw noRoomIn(machine.zone(), machine.launch().type());
        }
      } else if (!machine.counts()) {
        throw cannotBe("started", machine);
      }
    }
    if (starting > quotaLeft()) {
      throw overQuota(starting);
    }
    return change(ids, machine -> {
      if (machine.state() == InstanceStateName.STOPPED) {
        machine.start();
      }
    });
  }

  private AwsServiceException cannotBe(String done, Machine machine) {
    return ec2.refused(
        400,
        "IncorrectInstanceState",
        "The instance '" + machine.id() + "' is not in a state from which it can be " + done + ".");
  }

  private List<InstanceStateChange> change(List<String> ids, Consumer<Machine> change) {
    List<InstanceStateChange> changes = new ArrayList<>();
    for (Machine machine : find(ids)) {
      InstanceStateName before = machine.state();
      change.accept(machine);
      changes.add(InstanceStateChange.builder()
          .instanceId(machine.id())
          .previousState(Machine.state(before))
          .currentState(Machine.state(machine.state()))
          .build());
    }
    return changes;
  }
}
