package io.drkit.testkit.aws.network;

import io.drkit.Disaster;
import io.drkit.Need;
import io.drkit.Site;
import io.drkit.spi.TimeSource;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeCloud.WhenLost;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;

/**
 * The network between real clients of the AWS SDK and what they ask, on which disasters strike: each request is looked at on its way,
 * for the region, service and plane that have to answer it.
 *
 * <pre>{@code
 * FaultyNetwork network = FaultyNetwork.of(ApacheHttpClient::create).to(emulator.endpoint());
 * Ec2Client west = Ec2Client.builder().region(Region.US_WEST_2).httpClient(network.client()).build();
 * network.strike(Disaster.loss(Site.region("us-east-1")));
 * assertThat(network.asked(Site.region("us-east-1"))).isEmpty();
 * }</pre>
 *
 * <p>The region is that of the host that the SDK resolved, or else of the signature, as behind an {@code endpointOverride}. A service
 * with one control plane for all regions is asked in its home, however it is signed. What is copied from a lost region is refused as
 * well: a {@code SourceRegion}, the ARN of a source, the bucket of a copied object. Where that lies has to be known while a region is
 * lost; see {@link #bucketIn}.
 *
 * <p>It runs on real time: a request that is not answered waits until the SDK's own limit aborts it. Synchronous clients only.
 * Thread-safe.
 */
public final class FaultyNetwork {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supplier<? extends SdkHttpClient> real;
  private final BucketRegions buckets = new BucketRegions();
  private final CallReader reader = new CallReader(buckets);
  private final Strikes strikes = new Strikes();
  private final List<AskedRequest> asked = new ArrayList<>();
  private TimeSource time = TimeSource.system();
  private WhenLost whenLost = WhenLost.HANG;
  private Duration patience = PATIENCE;
  private SplittableRandom chance = new SplittableRandom(0);
  private @Nullable URI server;
  private long requestIds;

  private FaultyNetwork(Supplier<? extends SdkHttpClient> real) {
    this.real = Objects.requireNonNull(real, "real");
  }

  /**
   * Returns a network on which nothing has struck yet.
   *
   * @param real makes the client that really sends requests, anew for each {@link #client}; {@code UrlConnectionHttpClient::create},
   *     {@code ApacheHttpClient::create}
   */
  public static FaultyNetwork of(Supplier<? extends SdkHttpClient> real) {
    return new FaultyNetwork(real);
  }

  /**
   * Sends all requests to a local server in place of AWS, with the host that the SDK resolved in the {@code Host} header. Clients keep
   * the endpoints of their regions and need no {@code endpointOverride}. To where the SDK says unless set.
   *
   * @param address such as {@code http://127.0.0.1:5000}
   * @throws IllegalArgumentException if it is none
   */
  public synchronized FaultyNetwork to(URI address) {
    if (!("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
        || address.getHost() == null
        || address.getPath().length() > 1) {
      throw new IllegalArgumentException(
          "a server's address is one such as http://127.0.0.1:5000, without a path: " + address);
    }
    server = address;
    return this;
  }

  /**
   * Sets what callers see of what is lost; {@link WhenLost#HANG} unless set, as when a region is really lost.
   *
   * @param what no answer, a refused connection, or either by the {@linkplain #seed seed}
   */
  public synchronized FaultyNetwork whenLost(WhenLost what) {
    whenLost = Objects.requireNonNull(what, "what");
    return this;
  }

  /**
   * Sets how long a request waits for an answer that does not come if the SDK sets it no limit; 30 seconds unless set, the socket
   * time-out of the SDK's clients.
   *
   * @param duration positive
   * @throws IllegalArgumentException if it is not positive
   */
  public synchronized FaultyNetwork patience(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("patience must be positive: " + duration);
    }
    patience = duration;
    return this;
  }

  /**
   * Sets the clock by which disasters begin and end; the machine's unless set. Hanging and slow requests take real time all the same.
   *
   * @param clock may be used by several threads
   */
  public synchronized FaultyNetwork time(TimeSource clock) {
    time = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets what decides which requests a storm refuses; the same for the same order of requests.
   *
   * @param number 0 unless set
   */
  public synchronized FaultyNetwork seed(long number) {
    chance = new SplittableRandom(number);
    return this;
  }

  /**
   * Tells in which region a bucket lies, so that copies from it fail while that is lost. It is learnt from answers as well: of a
   * bucket that was read, written or made through this network nothing has to be told. A copy from any other one throws
   * {@code IllegalArgumentException} while a region is lost.
   *
   * @param bucket its name
   * @param region where it is
   * @throws IllegalArgumentException if it is not a region of AWS
   */
  public FaultyNetwork bucketIn(Site region, String bucket) {
    buckets.tell(bucket, checkRegion(region));
    return this;
  }

  /**
   * Returns a client for the SDK, {@code Ec2Client.builder().httpClient(network.client())}; {@code network::client} is what
   * {@code AwsClients.builder().httpClient(…)} takes.
   *
   * @return a new one, closed by the caller as any client that was handed in
   */
  public SdkHttpClient client() {
    return new FaultyClient(this, Objects.requireNonNull(real.get(), "the client that sends"));
  }

  /**
   * Makes a disaster happen now, until it is {@linkplain #heal ended}. Requests that are on their way lose their answers, and may have
   * taken effect.
   *
   * @param disaster a loss of a region, its control planes or its link; a half-open or lossy link; throttling, slowness, no capacity
   *     or expired credentials
   * @throws IllegalArgumentException if it strikes what is not a region of AWS
   * @throws UnsupportedOperationException if no network shows it, such as copies that stall
   */
  public void strike(Disaster disaster) {
    strike(disaster.after(Duration.ZERO));
  }

  /**
   * Makes disasters happen at their times. Several may go on at once.
   *
   * @param all what happens when
   * @throws IllegalArgumentException if one strikes what is not a region of AWS; nothing happens then
   * @throws UnsupportedOperationException if no network shows one; nothing happens then
   */
  public synchronized void strike(Disaster.Strike... all) {
    List<Disaster.Strike> copy = List.of(all);
    copy.forEach(strike -> checkPlayable(strike.disaster()));
    copy.forEach(strike -> strikes.strike(strike, time.uptime()));
  }

  /**
   * Makes a schedule happen, from now on: a flapping link, for example.
   *
   * @param schedule what happens when
   * @throws IllegalArgumentException if it strikes what is not a region of AWS; nothing happens then
   * @throws UnsupportedOperationException if no network shows a part of it; nothing happens then
   */
  public void strike(DisasterSchedule schedule) {
    strike(schedule.strikes().toArray(Disaster.Strike[]::new));
  }

  /**
   * Ends now what struck a region or a zone of it.
   *
   * @param site what comes back
   * @throws IllegalStateException if nothing had struck it
   */
  public synchronized void heal(Site site) {
    if (!strikes.end(
        disaster -> disaster.place().filter(place -> place.isIn(site)).isPresent(),
        time.uptime())) {
      throw new IllegalStateException("nothing has struck " + site);
    }
  }

  /**
   * Ends a disaster now.
   *
   * @param disaster one that is going on
   * @throws IllegalStateException if it is not going on
   */
  public synchronized void heal(Disaster disaster) {
    if (!strikes.end(disaster::equals, time.uptime())) {
      throw new IllegalStateException("there is no " + disaster + " to be ended");
    }
  }

  /** {@return what was asked since the beginning, or since it was last {@linkplain #forget forgotten}, in order} */
  public synchronized List<AskedRequest> asked() {
    return List.copyOf(asked);
  }

  /**
   * Returns what was asked of a region, in order.
   *
   * @param region the region; for a service with one control plane the home of that
   */
  public synchronized List<AskedRequest> asked(Site region) {
    return asked.stream().filter(request -> request.need().site().isIn(region)).toList();
  }

  /** Forgets what was asked until now. */
  public synchronized void forget() {
    asked.clear();
  }

  /** Reads a request and keeps it, before anything becomes of it. */
  AwsCall note(HttpExecuteRequest request) throws IOException {
    AwsCall call = reader.read(request);
    synchronized (this) {
      asked.add(new AskedRequest(call.need(), call.operation()));
    }
    return call;
  }

  synchronized boolean isSilent(AwsCall call) {
    return strikes.silences(call.need(), time.uptime());
  }

  synchronized boolean isHalfOpen(AwsCall call) {
    return strikes
        .at(time.uptime())
        .anyMatch(disaster -> disaster instanceof Disaster.HalfOpen && disaster.takes(call.need()));
  }

  /** Whether a request, or its answer, is lost on a bad line. */
  synchronized boolean dropsOneWay(AwsCall call) {
    return strikes
        .at(time.uptime())
        .anyMatch(disaster -> disaster instanceof Disaster.LossyLink bad
            && call.need().site().isIn(bad.site())
            && share() < bad.share());
  }

  synchronized boolean hangs() {
    return switch (whenLost) {
      case HANG -> true;
      case REFUSE -> false;
      case EITHER -> (chance.nextLong() & 1) == 0;
    };
  }

  synchronized Duration patience() {
    return patience;
  }

  synchronized String nextRequestId() {
    return "drkit-" + requestIds++;
  }

  /** What AWS answers in place of doing as it was asked; nothing if it does that. */
  synchronized Optional<Refusal> refusal(AwsCall call) {
    Duration now = time.uptime();
    for (Disaster disaster : strikes.at(now).toList()) {
      if (disaster instanceof Disaster.ExpiredCredentials && disaster.takes(call.need())) {
        return Optional.of(Refusal.expired(call.protocol()));
      }
      if (disaster instanceof Disaster.Throttling storm
          && storm.concerns(call.need())
          && share() < storm.share()) {
        return Optional.of(Refusal.throttled(call.protocol()));
      }
      if (disaster instanceof Disaster.NoCapacity none
          && call.launches().filter(where -> where.isIn(none.site())).isPresent()) {
        return Optional.of(Refusal.noCapacity(call.protocol()));
      }
    }
    call.untold().ifPresent(bucket -> checkNoneIsLost(bucket, call.need().service(), now));
    return call.others().stream()
        .filter(other -> strikes.silences(other, now))
        .findFirst()
        .map(other -> Refusal.unavailable(call.protocol(), other.site()));
  }

  /** Refuses to guess whether a bucket lies where it can be copied from. */
  private void checkNoneIsLost(String bucket, String service, Duration now) {
    boolean lost = strikes
        .at(now)
        .map(Disaster::place)
        .flatMap(Optional::stream)
        .anyMatch(place -> strikes.silences(Need.data(service, place), now));
    if (lost) {
      throw new IllegalArgumentException("nothing tells the region of the bucket '" + bucket
          + "' that is copied from, and a region is lost; tell it with bucketIn(...)");
    }
  }

  /** From 0 to 1, and below it; of whole numbers, which are the same on every JDK. */
  private double share() {
    return (chance.nextLong() >>> 11) * 0x1.0p-53;
  }

  synchronized double slowness(AwsCall call) {
    return strikes
        .at(time.uptime())
        .mapToDouble(disaster -> disaster.slowness(call.need()))
        .max()
        .orElse(1);
  }

  HttpExecuteRequest detour(HttpExecuteRequest request) {
    URI address;
    synchronized (this) {
      address = server;
    }
    if (address == null) {
      return request;
    }
    HttpExecuteRequest.Builder detour =
        HttpExecuteRequest.builder().request(Detour.to(address, request.httpRequest()));
    request.contentStreamProvider().ifPresent(detour::contentStreamProvider);
    return detour.build();
  }

  /** Keeps what an answer of S3 shows of where a bucket lies. */
  void learn(HttpExecuteRequest request, AwsCall call, SdkHttpResponse answer) {
    if (call.protocol() != Protocol.S3) {
      return;
    }
    SdkHttpRequest http = request.httpRequest();
    S3Target target = S3Target.of(http);
    Optional<Site> told = answer
        .firstMatchingHeader("x-amz-bucket-region")
        .or(() -> answer.isSuccessful() && target.isAnsweredAtHome()
            ? Optional.of(call.need().site().name())
            : Optional.empty())
        .filter(name -> AwsHost.REGION.matcher(name).matches())
        .map(Site::region);
    Optional<Site> made = answer.isSuccessful() && target.createsBucket()
        ? call.others().stream().map(Need::site).reduce((first, last) -> last)
        : Optional.empty();
    target
        .bucket()
        .ifPresent(bucket -> made.or(() -> told).ifPresent(site -> buckets.see(bucket, site)));
  }

  private static void checkPlayable(Disaster disaster) {
    boolean ofRegion = disaster instanceof Disaster.SiteLoss
        || disaster instanceof Disaster.ControlPlaneLoss
        || disaster instanceof Disaster.LinkLoss
        || disaster instanceof Disaster.HalfOpen
        || disaster instanceof Disaster.LossyLink
        || disaster instanceof Disaster.Throttling
        || disaster instanceof Disaster.Slowness;
    if (!ofRegion
        && !(disaster instanceof Disaster.NoCapacity)
        && !(disaster instanceof Disaster.ExpiredCredentials)) {
      throw notModelled(disaster + "; the way from a client to AWS does not show it");
    }
    disaster.place().ifPresent(place -> {
      if (ofRegion && place.kind() == Site.Kind.ZONE) {
        throw notModelled(
            disaster + "; what AWS answers from is a region, and no zone of it alone");
      }
      checkRegion(place.region().orElse(place));
    });
  }

  private static UnsupportedOperationException notModelled(String what) {
    return new UnsupportedOperationException("not modelled by FaultyNetwork: " + what);
  }

  private static Site checkRegion(Site site) {
    boolean known = site.kind() == Site.Kind.REGION
        && Region.regions().stream()
            .anyMatch(region -> region.id().equals(site.name()) && !region.isGlobalRegion());
    if (!known) {
      throw new IllegalArgumentException(
          site + " is no region that this AWS SDK knows; name one such as us-east-1");
    }
    return site;
  }

  @Override
  public synchronized String toString() {
    List<Disaster> now = strikes.at(time.uptime()).toList();
    return "a network" + (server == null ? "" : " to " + server) + " with "
        + (now.isEmpty() ? "no disaster" : now);
  }
}
