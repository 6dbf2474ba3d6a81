package io.drkit.testkit;

import io.drkit.ActionContext;
import io.drkit.Disaster;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/**
 * Regions, zones and places of one's own in which a workload runs: datasets that are written and copied, servers, the
 * traffic of users, and disasters. It answers the calls of a plan's actions as a cloud would, late or not at all, and it
 * knows the {@linkplain #truth truth} that no real cloud tells: which writes were lost, and how long users were without
 * service.
 *
 * <p>Everything is computed from instants and rates: a day costs as much as what is asked of it, and the same seed gives
 * the same day. Not thread-safe; it lives on the thread of its {@link VirtualTime}.
 */
public final class FakeCloud {

  /** What a caller sees of a site that was lost. */
  public enum WhenLost {
    /** No answer, until the caller's time limit passes. */
    HANG,
    /** A refused connection, at once. */
    REFUSE,
    /** The one or the other for each call, by the seed. */
    EITHER
  }

  private final VirtualTime time;
  private final long seed;
  private final Map<Site, List<Site>> sites;
  /** The sites and their zones. */
  private final Set<Site> places = new HashSet<>();

  private final Site dnsHome;
  private final Instant start;
  private final Outages outages = new Outages();
  private final Requests requests;
  private final FakeNetwork network = new FakeNetwork(this);
  private final Map<String, FakeDataset> datasets = new LinkedHashMap<>();
  private final Map<String, FakeServers> servers = new LinkedHashMap<>();
  private final Map<String, FakeTraffic> traffic = new LinkedHashMap<>();
  private final Map<String, FakeService> services = new LinkedHashMap<>();
  private final Map<Class<?>, CloudExtension> extensions = new LinkedHashMap<>();

  FakeCloud(FakeCloudBuilder builder) {
    this.time = builder.clock();
    time.take();
    this.seed = builder.seed;
    this.sites = new LinkedHashMap<>(builder.sites);
    sites.forEach((site, zones) -> {
      places.add(site);
      places.addAll(zones);
    });
    this.dnsHome = builder.dnsHome();
    this.start = time.now();
    this.requests = new Requests(this, builder.whenLost, builder.latencyUpTo);
  }

  /** {@return a builder; without further calls it gives us-east-1 and us-west-2 with three zones each, and seed 0} */
  public static FakeCloudBuilder builder() {
    return new FakeCloudBuilder();
  }

  /** {@return the clock that this cloud lives by} */
  public VirtualTime time() {
    return time;
  }

  /** {@return the seed of everything that is left to chance} */
  public long seed() {
    return seed;
  }

  /** {@return the regions and the places of one's own, in the order in which they were given} */
  public List<Site> sites() {
    return List.copyOf(sites.keySet());
  }

  /**
   * Returns the zones of a site.
   *
   * @param site a region or a place of one's own; the latter has no zones
   * @throws IllegalArgumentException if this cloud has no such site
   */
  public List<Site> zones(Site site) {
    return Objects.requireNonNull(sites.get(check(site)));
  }

  /**
   * Adds a dataset. It is written in one site and has no copy yet.
   *
   * @param name its name, unique among the datasets
   * @param primary where it is written
   * @return the dataset, to be told more about
   * @throws IllegalArgumentException if there is one of that name, or no such site
   */
  public FakeDataset addDataset(String name, Site primary) {
    return add(datasets, name, new FakeDataset(this, name, check(primary)));
  }

  /**
   * Returns a dataset.
   *
   * @param name its name
   * @throws IllegalArgumentException if there is none
   */
  public FakeDataset dataset(String name) {
    return get("dataset", datasets, name);
  }

  /**
   * Adds a group of servers of one image. The image is in the site where the first of them run.
   *
   * @param name the group's name, unique among the groups
   * @param site where they run
   * @param count how many do
   * @return the group, to be told more about
   * @throws IllegalArgumentException if there is one of that name, or no such site
   */
  public FakeServers addServers(String name, Site site, int count) {
    return add(servers, name, new FakeServers(this, name, check(site), count));
  }

  /**
   * Returns a group of servers.
   *
   * @param name its name
   * @throws IllegalArgumentException if there is none
   */
  public FakeServers servers(String name) {
    return get("group of servers", servers, name);
  }

  /**
   * Adds a name by which users find a service.
   *
   * @param name for example {@code orders.example.com}, unique among the names
   * @param site where all users are sent at first
   * @return the traffic, to be told more about
   * @throws IllegalArgumentException if there is one of that name, or no such site
   */
  public FakeTraffic addTraffic(String name, Site site) {
    return add(traffic, name, new FakeTraffic(this, name, check(site)));
  }

  /**
   * Returns the traffic to a name.
   *
   * @param name for example {@code orders.example.com}
   * @throws IllegalArgumentException if there is none
   */
  public FakeTraffic traffic(String name) {
    return get("traffic", traffic, name);
  }

  /**
   * Adds a business service: users that come by a name to servers that write datasets.
   *
   * @param name its name, unique among the services
   * @param usersComeBy the traffic
   * @param servedBy the servers
   * @param writes the datasets that every request writes; at least one
   * @return the service, to be told more about
   * @throws IllegalArgumentException if there is one of that name, no dataset, or a part is of another cloud
   */
  public FakeService addService(
      String name, FakeTraffic usersComeBy, FakeServers servedBy, FakeDataset... writes) {
    checkOwn(usersComeBy.name(), usersComeBy.cloud());
    checkOwn(servedBy.name(), servedBy.cloud());
    for (FakeDataset dataset : writes) {
      checkOwn(dataset.name(), dataset.cloud());
    }
    return add(services, name, new FakeService(this, name, usersComeBy, servedBy, List.of(writes)));
  }

  /**
   * Returns a service.
   *
   * @param name its name
   * @throws IllegalArgumentException if there is none
   */
  public FakeService service(String name) {
    return get("service", services, name);
  }

  /**
   * Adds a machine outside of every site, from which somebody asks: an operator's laptop, say. Who asks from no host at all is outside,
   * too.
   *
   * @param name its name, unique among the hosts
   * @throws IllegalArgumentException if there is one of that name, or the name is blank
   */
  public FakeHost addHost(String name) {
    return network.add(name, null);
  }

  /**
   * Adds a machine in a site, from which somebody asks: a runner's server, say.
   *
   * @param name its name, unique among the hosts
   * @param site a region, a zone, or a place of one's own
   * @throws IllegalArgumentException if there is one of that name, the name is blank, or there is no such site
   */
  public FakeHost addHost(String name, Site site) {
    return network.add(name, checkPlace(site));
  }

  /**
   * Returns a host.
   *
   * @param name its name
   * @throws IllegalArgumentException if there is none
   */
  public FakeHost host(String name) {
    return network.host(name);
  }

  /**
   * Returns the link that everybody uses who asks in a site and is not in it, or asks elsewhere and is; the same one each time.
   *
   * @param site a region, a zone, or a place of one's own
   * @throws IllegalArgumentException if there is no such site
   */
  public FakeLink link(Site site) {
    return network.link(checkPlace(site));
  }

  /**
   * Returns the link between two sites, which carries what hosts in the one ask of the other; the same one each time, in either order.
   *
   * @param one a region, a zone, or a place of one's own
   * @param other another one
   * @throws IllegalArgumentException if there is no such site, or one lies in the other
   */
  public FakeLink link(Site one, Site other) {
    if (one.isIn(other) || other.isIn(one)) {
      throw new IllegalArgumentException(
          "a link is between two places, but was from " + one + " to " + other);
    }
    return network.link(checkPlace(one), checkPlace(other));
  }

  /**
   * Makes a disaster happen now, until it is {@linkplain #heal ended}.
   *
   * @param disaster what happens
   * @throws IllegalArgumentException if this cloud has no such site or dataset
   * @throws UnsupportedOperationException if it is not modelled, as in {@link #strike(Disaster.Strike...)}
   */
  public void strike(Disaster disaster) {
    strike(disaster.after(Duration.ZERO));
  }

  /**
   * Makes disasters happen at their times. Several may go on at once, also of the same kind.
   *
   * @param strikes what happens when
   * @throws IllegalArgumentException if this cloud has no such site or dataset; nothing happens then
   * @throws UnsupportedOperationException if it is not modelled: what happens to control planes or to the copy of a dataset happens in a
   *     whole region; nothing happens then
   */
  public void strike(Disaster.Strike... strikes) {
    List<Disaster.Strike> all = List.of(strikes);
    all.forEach(strike -> checkHas(strike.disaster()));
    all.forEach(strike -> outages.strike(strike, time.now()));
  }

  private void checkHas(Disaster disaster) {
    checkModelled(disaster);
    if (disaster instanceof Disaster.ReplicationStall stall) {
      boolean elsewhere =
          extensions.values().stream().anyMatch(extension -> extension.replicates(stall.dataset()));
      if (!elsewhere) {
        dataset(stall.dataset());
      }
    }
    if (disaster instanceof Disaster.Corruption corruption) {
      corruption.datasets().forEach(this::dataset);
    }
    if (disaster instanceof Disaster.CorruptReplica damage) {
      dataset(damage.dataset());
    }
    if (disaster instanceof Disaster.MachineLoss loss) {
      servers(loss.group());
    }
    if (disaster instanceof Disaster.Partition cut) {
      checkPlace(cut.from());
    }
    FakeNetwork.hostOf(disaster).ifPresent(network::host);
    disaster.place().ifPresent(place -> {
      if (!place.equals(dnsHome)) {
        checkPlace(place);
      }
    });
  }

  /** Control planes are those of a region, and so are the copies of a dataset: nothing can happen to those of a zone alone. */
  private static void checkModelled(Disaster disaster) {
    boolean ofRegions = disaster instanceof Disaster.ControlPlaneLoss
        || disaster instanceof Disaster.Throttling
        || disaster instanceof Disaster.CorruptReplica;
    disaster.place().filter(place -> ofRegions).flatMap(Site::region).ifPresent(region -> {
      if (!disaster.place().equals(Optional.of(region))) {
        throw NotModelled.byFakeCloud(disaster + ", a zone; strike " + region);
      }
    });
  }

  Site checkPlace(Site place) {
    if (!places.contains(place)) {
      Site site = check(place.region().orElse(place));
      throw new IllegalArgumentException(
          "this cloud has no zone " + place + "; " + site + " has " + zones(site));
    }
    return place;
  }

  /**
   * Ends now what struck a site or a part of it. Servers boot again, copies catch up, and whatever was not fenced goes on
   * writing.
   *
   * @param site what comes back
   * @throws IllegalStateException if nothing had struck it
   */
  public void heal(Site site) {
    if (!outages.heal(site, time.now())) {
      throw new IllegalStateException(
          "nothing has struck " + site + ", or only together with what it lies in; heal that");
    }
    network.wake();
  }

  /**
   * Ends a disaster now.
   *
   * @param disaster one that is going on
   * @throws IllegalStateException if it is not going on
   */
  public void heal(Disaster disaster) {
    if (!outages.heal(disaster, time.now())) {
      throw new IllegalStateException("there is no " + disaster + " to be ended");
    }
    network.wake();
  }

  /**
   * Returns a number that the seed gives a name: for what a test wants to leave to chance and still see again.
   *
   * @param name what is left to chance; the same name gives the same number
   * @return from 0 to 1, and below it
   */
  public double chance(String name) {
    return Chance.at(seed, name, 0);
  }

  /** {@return what really happened until now} */
  public CloudTruth truth() {
    return new CloudTruth(this);
  }

  Outages outages() {
    return outages;
  }

  Requests requests() {
    return requests;
  }

  FakeNetwork network() {
    return network;
  }

  /** How much can be sent to a trailing copy, beside all that go the same way at an instant. */
  long part(DataCopy.Way way, Instant instant) {
    if (!network.isNarrow()) {
      return Long.MAX_VALUE;
    }
    List<DataCopy.Way> all = datasets.values().stream()
        .filter(FakeDataset::trails)
        .flatMap(dataset -> dataset.copies().stream())
        .flatMap(copy -> copy.way(instant).stream())
        .toList();
    return network.part(way, all, instant);
  }

  Instant start() {
    return start;
  }

  /** {@return the region in which the control plane of DNS lives, for the whole world} */
  public Site dnsHome() {
    return dnsHome;
  }

  List<String> datasetNames() {
    return List.copyOf(datasets.keySet());
  }

  Iterable<FakeService> services() {
    return services.values();
  }

  /** All instants from the first to now at which anything began or ended. */
  NavigableSet<Instant> changes() {
    NavigableSet<Instant> all = new TreeSet<>();
    outages.changes(all);
    datasets.values().forEach(dataset -> dataset.changes(all));
    servers.values().forEach(group -> group.changes(all));
    traffic.values().forEach(name -> name.changes(all));
    services.values().forEach(service -> service.changes(all));
    network.changes(all);
    Instant now = time.now();
    NavigableSet<Instant> past = new TreeSet<>(all.subSet(start, false, now, false));
    past.add(start);
    past.add(now);
    return past;
  }

  /** The places at a site in which something can run: its zones, or the site itself where there are none. */
  List<Site> places(Site site) {
    List<Site> zones = zones(site);
    return zones.isEmpty() ? List.of(site) : zones;
  }

  /**
   * Returns a client of a vendor's SDK that asks this cloud, if an extension for it is on the class path: those of AWS, with the SDK's
   * modules of the services.
   *
   * @param type the client's type, for example {@code Ec2Client.class}
   * @param region where its requests go, for example {@code us-west-2}; the {@linkplain FakeCloudBuilder#dnsHome home} of what serves the whole
   *     world need not be one of this cloud's
   * @return a new client
   * @throws IllegalArgumentException if this cloud has no such region, or nothing knows clients of that type
   */
  public <C> C client(Class<C> type, String region) {
    Site site = Site.region(region);
    if (!site.equals(dnsHome)) {
      check(site);
    }
    for (CloudExtension.Factory factory : ServiceLoader.load(CloudExtension.Factory.class)) {
      Optional<C> client = extension(factory.type()).client(type, site);
      if (client.isPresent()) {
        return client.get();
      }
    }
    throw new IllegalArgumentException(
        "no fake of " + type.getName() + " is there; see io.drkit.testkit.aws for those that are");
  }

  /**
   * Returns an extension of this cloud; the same one each time.
   *
   * @param type its type
   * @throws IllegalArgumentException if no such extension is on the class path
   */
  public <E extends CloudExtension> E extension(Class<E> type) {
    CloudExtension known = extensions.get(type);
    if (known == null) {
      for (CloudExtension.Factory factory : ServiceLoader.load(CloudExtension.Factory.class)) {
        if (factory.type() == type) {
          known = factory.extend(this);
          extensions.put(type, known);
        }
      }
    }
    if (known == null) {
      throw new IllegalArgumentException(
          "no extension " + type.getName() + " is on the class path");
    }
    return type.cast(known);
  }

  /**
   * Makes a request as somebody's client does: over a network that takes its time, to something that may be lost. It comes from the
   * {@linkplain FakeHost host} on which this is called, or else from outside of every site.
   *
   * @param endpoint what is asked
   * @param patience how long the client waits for an answer that does not come
   * @param request what the service does with it, half-way through the time that the request takes
   * @return the answer
   * @throws EndpointUnavailableException if the endpoint is lost; its cause is a {@link TimeoutException} if that was not answered
   * @throws Exception what the request throws
   */
  public <T> T request(Need endpoint, Duration patience, Callable<T> request) throws Exception {
    Instant before = time.now();
    try {
      return requests.make(Optional.empty(), endpoint, request);
    } catch (Requests.NoAnswer lost) {
      Duration waited = Duration.between(before, time.now());
      if (patience.compareTo(waited) > 0) {
        time.charge(patience.minus(waited));
      }
      throw new EndpointUnavailableException(
          endpoint,
          "the " + endpoint + " did not answer within " + patience,
          new TimeoutException("no answer within " + patience));
    }
  }

  /**
   * Returns whether an endpoint answers just now somebody who asks outside of every site.
   *
   * @param endpoint what would be asked
   */
  public boolean answers(Need endpoint) {
    return outages.answers(endpoint, time.now());
  }

  /**
   * Returns whether an endpoint answers just now somebody who asks in a site.
   *
   * @param from where that is
   * @param endpoint what would be asked
   */
  public boolean answers(Site from, Need endpoint) {
    return outages.answers(from, endpoint, time.now());
  }

  /**
   * Returns since when a site has been up, after the last outage that is over; the beginning of time if it had none. Nothing if it is
   * down now.
   *
   * @param site a region, a zone, or a place of one's own
   * @throws IllegalArgumentException if there is no such site
   */
  public Optional<Instant> upSince(Site site) {
    return outages.up(checkPlace(site), time.now())
        ? Optional.of(outages.upSince(site, time.now()))
        : Optional.empty();
  }

  /**
   * Returns since when a site has been lost; nothing if it is up.
   *
   * @param site a region, a zone, or a place of one's own
   * @throws IllegalArgumentException if there is no such site
   */
  public Optional<Instant> lostSince(Site site) {
    return Optional.ofNullable(outages.lostSince(checkPlace(site), time.now()));
  }

  /**
   * Returns when something is done that goes on only while a site is up: an outage interrupts it for as long as it lasts.
   *
   * @param site a region, a zone, or a place of one's own
   * @param begun when it began
   * @param takes how long it takes without an outage
   * @return that instant, as far as it is known now; nothing if an outage is in the way that has no end yet
   */
  public Optional<Instant> doneAt(Site site, Instant begun, Duration takes) {
    return Optional.ofNullable(outages.doneAt(site, begun, takes));
  }

  /**
   * Returns whether an endpoint answered.
   *
   * @param endpoint what would have been asked
   * @param at when; now or earlier
   */
  public boolean answered(Need endpoint, Instant at) {
    return outages.answers(endpoint, at);
  }

  /**
   * Returns whether an endpoint answered somebody who asked in a site.
   *
   * @param from where that is
   * @param endpoint what would have been asked
   * @param at when; now or earlier
   */
  public boolean answered(Site from, Need endpoint, Instant at) {
    return outages.answers(from, endpoint, at);
  }

  /**
   * Returns whether copies of something {@linkplain Disaster#replicationStall received nothing}, and nobody was told.
   *
   * @param dataset what is copied
   * @param at when; now or earlier
   */
  public boolean stalled(String dataset, Instant at) {
    Disaster stall = Disaster.replicationStall(dataset);
    return outages.active(at).contains(stall);
  }

  /** {@return the instants until now at which something was lost or came back, in order} */
  public NavigableSet<Instant> turns() {
    NavigableSet<Instant> turns = new TreeSet<>();
    outages.changes(turns);
    return turns.headSet(time.now(), true);
  }

  /** Makes a request as an action does: through the engine, and over a network that takes its time. */
  <T> T ask(ActionContext context, Need endpoint, Callable<T> request) throws Exception {
    FakeHost.trueTime(context.time()).filter(other -> other != time).ifPresent(other -> {
      throw new IllegalStateException("an action of this cloud (seed " + seed
          + ") was called by an engine that lives by another cloud's time; give the engine time() of"
          + " this cloud, and the plan things of this cloud only");
    });
    return context.call(endpoint, () -> {
      try {
        return requests.make(Optional.of(context.run()), endpoint, request);
      } catch (Requests.NoAnswer lost) {
        throw time.hang();
      }
    });
  }

  /**
   * Returns whether a machine can be launched in a place now, as far as disasters go.
   *
   * @param place a zone, or a place without zones
   */
  public boolean launchesIn(Site place) {
    return outages.up(place, time.now())
        && outages.active(time.now()).stream()
            .noneMatch(disaster ->
                disaster instanceof Disaster.NoCapacity none && place.isIn(none.site()));
  }

  Site check(Site site) {
    if (!sites.containsKey(site)) {
      throw new IllegalArgumentException("this cloud has no site " + site + ", only " + sites()
          + "; add it to the builder with region(...) or onPremises(...)");
    }
    return site;
  }

  private void checkOwn(String name, FakeCloud of) {
    if (of != this) {
      throw new IllegalArgumentException("'" + name + "' is of another cloud, of seed " + of.seed
          + "; a service is of one cloud's things");
    }
  }

  private static <T> T add(Map<String, T> all, String name, T added) {
    if (all.putIfAbsent(name, added) != null) {
      throw new IllegalArgumentException(
          "'" + name + "' is there already; give each thing a name of its own");
    }
    return added;
  }

  private static <T> T get(String kind, Map<String, T> all, String name) {
    T found = all.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "this cloud has no " + kind + " '" + name + "', only " + all.keySet());
    }
    return found;
  }
}
