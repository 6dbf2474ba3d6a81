package io.drkit.testkit.aws;

import io.drkit.Site;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSubnetGroup;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/** The DB instances of a region, and what can be asked of them. How long things take is what the RDS User Guide calls minutes. */
final class RdsInstances {
  /** How many a region has room for, unless that is set (Amazon RDS User Guide, quotas). */
  static final int QUOTA = 40;

  static final Duration BACKING_UP = Duration.ofMinutes(2);
  private static final Duration CREATING = Duration.ofMinutes(5);
  private static final Duration COPYING_THE_SOURCE = Duration.ofMinutes(15);

  private static final int FEWEST_ON_A_PAGE = 20;
  private static final int MOST_ON_A_PAGE = 100;
  private static final String AFTER = "after ";

  private enum Engine {
    POSTGRES("postgres", 5432, "17.6"),
    MYSQL("mysql", 3306, "8.4.6"),
    MARIADB("mariadb", 3306, "11.8.3"),
    ORACLE("oracle-", 1521, "19.0.0.0.ru-2025-07.rur-2025-07.r1"),
    SQLSERVER("sqlserver-", 1433, "16.00.4210.1.v1"),
    DB2("db2-", 50000, "11.5.9.0.sb00058429.r1");

    private final String prefix;
    private final int port;
    private final String version;

    Engine(String prefix, int port, String version) {
      this.prefix = prefix;
      this.port = port;
      this.version = version;
    }
  }

  private final FakeRds rds;
  private final List<Database> all = new ArrayList<>();
  private int quota = QUOTA;

  RdsInstances(FakeRds rds) {
    this.rds = rds;
  }

  void quota(int most) {
    quota = most;
  }

  private List<Database> there() {
    return all.stream()
        .filter(database -> !database.settled(rds.now()).isGone())
        .toList();
  }

  Optional<Database> named(String name) {
    return there().stream().filter(database -> database.name().equals(name)).findFirst();
  }

  @Nullable
  Double lagAt(String name, Instant at) {
    return all.stream()
        .filter(database -> database.settled(rds.now()).hadName(name, at))
        .map(database -> Optional.ofNullable(database.lagAt(at)))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(null);
  }

  /** The DB instance that a request names, if readers see it. */
  Database find(@Nullable String identifier) {
    return Optional.ofNullable(identifier)
        .filter(given -> rds.regionOf(given).equals(rds.region))
        .flatMap(given -> named(FakeRds.nameOf(given)))
        .filter(database -> database.isVisible(rds.now()))
        .orElseThrow(() ->
            rds.refused(404, "DBInstanceNotFound", "DBInstance " + identifier + " not found."));
  }

  Database findAvailable(@Nullable String identifier) {
    Database database = find(identifier);
    String status = database.status(rds.now());
    if (!status.equals("available")) {
      throw state("Database instance " + database.name() + " is not in available state; it is "
          + status + ".");
    }
    return database;
  }

  AwsServiceException state(String message) {
    return rds.refused(400, "InvalidDBInstanceState", message);
  }

  DescribeDbInstancesResponse describe(DescribeDbInstancesRequest request) {
    if (!request.filters().isEmpty()) {
      throw rds.notModelled("describeDBInstances with filters");
    }
    if (request.dbInstanceIdentifier() != null) {
      return DescribeDbInstancesResponse.builder()
          .dbInstances(find(request.dbInstanceIdentifier()).shown(rds.now()))
          .build();
    }
    List<Database> visible =
        there().stream().filter(database -> database.isVisible(rds.now())).toList();
    Page<Database> page = page(visible, Database::name, request.marker(), request.maxRecords());
    return DescribeDbInstancesResponse.builder()
        .dbInstances(
            page.items().stream().map(database -> database.shown(rds.now())).toList())
        .marker(page.marker())
        .build();
  }

  /** A part of an answer, and where the next one begins. */
  record Page<T>(List<T> items, @Nullable String marker) {}

  /** Cuts a page in the order of the names; the marker names the last one on the page before. */
  <T> Page<T> page(
      List<T> all, Function<T, String> name, @Nullable String marker, @Nullable Integer max) {
    int most = max == null ? MOST_ON_A_PAGE : max;
    if (most < FEWEST_ON_A_PAGE || most > MOST_ON_A_PAGE) {
      throw rds.invalidValue("Invalid value " + max + " for MaxRecords. Must be between "
          + FEWEST_ON_A_PAGE + " and " + MOST_ON_A_PAGE);
    }
    String after = marker == null ? "" : after(marker);
    List<T> left = all.stream()
        .filter(item -> name.apply(item).compareTo(after) > 0)
        .sorted(Comparator.comparing(name))
        .toList();
    List<T> items = left.stream().limit(most).toList();
    return new Page<>(
        items, left.size() > most ? marker(name.apply(items.get(items.size() - 1))) : null);
  }

  private static String marker(String last) {
    return Base64.getUrlEncoder().encodeToString((AFTER + last).getBytes(StandardCharsets.UTF_8));
  }

  private String after(String marker) {
    String text = "";
    try {
      text = new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notOurs) {
      // Refused below, as what decodes to nonsense is.
    }
    if (!text.startsWith(AFTER)) {
      throw rds.invalidValue("The marker " + marker + " is not valid.");
    }
    return text.substring(AFTER.length());
  }

  Database create(CreateDbInstanceRequest request) {
    RdsOptions options = new RdsOptions(request);
    if (options.text("Engine").filter(engine -> engine.startsWith("aurora")).isPresent()) {
      throw rds.notModelled("createDBInstance in a cluster");
    }
    rds.checkModelled(
        "createDBInstance",
        options,
        Set.of(
            "DBInstanceIdentifier",
            "DBSubnetGroupName",
            "MasterUserPassword",
            "Port",
            "Tags",
            "VpcSecurityGroupIds"));
    for (String name : List.of(
        "DBInstanceIdentifier",
        "DBInstanceClass",
        "Engine",
        "AllocatedStorage",
        "MasterUsername",
        "MasterUserPassword")) {
      if (!options.has(name)) {
        throw rds.invalidValue(
            "The parameter " + name + " must be provided and must not be blank.");
      }
    }
    if (request.masterUserPassword().length() < 8) {
      throw rds.invalidValue(
          "The parameter MasterUserPassword is not a valid password because it is"
              + " shorter than 8 characters.");
    }
    Engine engine = List.of(Engine.values()).stream()
        .filter(known -> request.engine().startsWith(known.prefix))
        .findFirst()
        .orElseThrow(() -> rds.invalidValue("Invalid DB engine: " + request.engine()));
    DBInstance.Builder settings = DBInstance.builder()
        .backupRetentionPeriod(1)
        .multiAZ(false)
        .deletionProtection(false)
        .storageEncrypted(false)
        .publiclyAccessible(false)
        .engineVersion(engine.version)
        .dbInstancePort(engine.port);
    Database made = add(request.dbInstanceIdentifier(), settings, options, Optional.empty());
    made.create(CREATING, BACKING_UP);
    return made;
  }

  /** Adds a DB instance with what a request says beyond what it takes over. */
  Database add(
      @Nullable String identifier,
      DBInstance.Builder settings,
      RdsOptions options,
      Optional<String> apartFrom) {
    String name = valid("DBInstanceIdentifier", identifier);
    checkClass(options);
    checkRetention(options);
    refuseTaken(name);
    if (there().size() >= quota) {
      throw rds.refused(
          400,
          "InstanceQuotaExceeded",
          "Request would exceed your quota of " + quota + " instances");
    }
    options.onto(settings);
    options.number("Port").ifPresent(settings::dbInstancePort);
    place(settings, options, apartFrom);
    Database made = new Database(rds.aws, rds.region, name, settings.build(), options.tags());
    all.add(made);
    return made;
  }

  private void place(DBInstance.Builder settings, RdsOptions options, Optional<String> apartFrom) {
    List<String> all =
        rds.aws.cloud().zones(rds.region).stream().map(Site::name).toList();
    List<String> zones = all.stream().filter(this::hasRoom).toList();
    boolean twice = Boolean.TRUE.equals(settings.build().multiAZ());
    Optional<String> zone = options.text("AvailabilityZone");
    if (twice && zone.isPresent()) {
      throw rds.invalidCombination(
          "Requesting a specific availability zone is not valid for Multi-AZ instances.");
    }
    if (zone.isPresent() && !all.contains(zone.get())) {
      throw rds.invalidValue(zone.get() + " is not a valid availability zone.");
    }
    if (twice && all.size() < 2) {
      throw tooFewZones();
    }
    if (zones.size() < (twice ? 2 : all.isEmpty() ? 0 : 1)
        || (zone.isPresent() && !zones.contains(zone.get()))
        || !rds.aws.cloud().launchesIn(rds.region)) {
      throw noRoom(settings.build().dbInstanceClass());
    }
    String first = zone.or(() ->
            zones.stream().filter(each -> !apartFrom.equals(Optional.of(each))).findFirst())
        .or(() -> zones.stream().findFirst())
        .orElse(rds.region.name() + "a");
    settings
        .availabilityZone(first)
        .secondaryAvailabilityZone(
            twice
                ? zones.stream().filter(each -> !each.equals(first)).findFirst().orElse(null)
                : null);
  }

  private boolean hasRoom(String zone) {
    return rds.aws.cloud().launchesIn(rds.region.zone(zone));
  }

  /** Refuses a class that no zone of a database has room for. */
  void checkRoom(DBInstance of, String name) {
    List<String> zones = Stream.of(of.availabilityZone(), of.secondaryAvailabilityZone())
        .filter(Objects::nonNull)
        .toList();
    boolean room = rds.aws.cloud().zones(rds.region).isEmpty()
        ? rds.aws.cloud().launchesIn(rds.region)
        : zones.stream().allMatch(this::hasRoom);
    if (!room) {
      throw noRoom(name);
    }
  }

  /** The zone that a standby beside a database gets; refused if none has room for it. */
  String standby(DBInstance beside) {
    List<Site> zones = rds.aws.cloud().zones(rds.region);
    if (zones.size() < 2) {
      throw tooFewZones();
    }
    return zones.stream()
        .map(Site::name)
        .filter(zone -> !zone.equals(beside.availabilityZone()) && hasRoom(zone))
        .findFirst()
        .orElseThrow(() -> noRoom(beside.dbInstanceClass()));
  }

  private AwsServiceException tooFewZones() {
    return rds.refused(
        400,
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.");
  }

  private AwsServiceException noRoom(@Nullable String name) {
    return rds.refused(
        400,
        "InsufficientDBInstanceCapacity",
        "There is no capacity for the DB instance class " + name
            + " in the Availability Zones that the request allows.");
  }

  String valid(String parameter, @Nullable String identifier) {
    if (identifier == null
        || identifier.length() > 63
        || !identifier.matches("[a-zA-Z]([a-zA-Z0-9]|-(?!-))*")
        || identifier.endsWith("-")) {
      throw rds.invalidValue(
          "The parameter " + parameter + " is not a valid identifier. Identifiers"
              + " must begin with a letter; must contain only ASCII letters, digits, and hyphens; and"
              + " must not end with a hyphen or contain two consecutive hyphens.");
    }
    return identifier.toLowerCase(Locale.ROOT);
  }

  void refuseTaken(String name) {
    if (there().stream().anyMatch(database -> database.claims(name))) {
      throw rds.refused(400, "DBInstanceAlreadyExists", "DB instance already exists");
    }
  }

  void checkClass(RdsOptions options) {
    options.text("DBInstanceClass").ifPresent(name -> {
      if (!name.matches("db\\.[a-z0-9-]+\\.[a-z0-9-]+")) {
        throw rds.invalidValue("Invalid DB Instance class: " + name);
      }
    });
  }

  void checkRetention(RdsOptions options) {
    options.number("BackupRetentionPeriod").ifPresent(days -> {
      if (days < 0 || days > 35) {
        throw rds.invalidValue(
            "Invalid backup retention period: " + days + ". Must be between 0 and 35.");
      }
    });
  }

  Database replicate(CreateDbInstanceReadReplicaRequest request) {
    RdsOptions options = new RdsOptions(request);
    rds.checkModelled(
        "createDBInstanceReadReplica",
        options,
        Set.of(
            "DBInstanceIdentifier",
            "DBSubnetGroupName",
            "Port",
            "PreSignedUrl",
            "SourceDBInstanceIdentifier",
            "SourceRegion",
            "Tags",
            "VpcSecurityGroupIds"));
    String identifier = request.sourceDBInstanceIdentifier();
    Site home = identifier == null ? rds.region : rds.regionOf(identifier);
    boolean elsewhere = !home.equals(rds.region);
    Database source = FakeRds.of(rds.aws, home).instances().findAvailable(identifier);
    if (source.source().isPresent()) {
      throw rds.notModelled("createDBInstanceReadReplica of a replica");
    }
    DBInstance original = source.settings();
    if (original.backupRetentionPeriod() == 0) {
      throw state(
          "Automated backups are not enabled for this database instance. To enable automated"
              + " backups, use ModifyDBInstance to set the backup retention period to a non-zero value.");
    }
    boolean encrypted = Boolean.TRUE.equals(original.storageEncrypted());
    if (encrypted && elsewhere && !options.has("KmsKeyId")) {
      throw rds.invalidCombination(
          "Cannot create a cross region unencrypted read replica from encrypted source.");
    }
    if (!encrypted && options.has("KmsKeyId")) {
      throw rds.invalidCombination(
          "Cannot create an encrypted read replica from an unencrypted source.");
    }
    DBInstance.Builder settings = original.toBuilder()
        .backupRetentionPeriod(0)
        .multiAZ(false)
        .deletionProtection(false)
        .availabilityZone(null);
    if (elsewhere) {
      settings
          .dbSubnetGroup((DBSubnetGroup) null)
          .vpcSecurityGroups(List.<VpcSecurityGroupMembership>of());
    }
    Database replica = add(
        request.dbInstanceIdentifier(),
        settings,
        options,
        elsewhere ? Optional.empty() : Optional.ofNullable(original.availabilityZone()));
    replica.createAsReplicaOf(source, COPYING_THE_SOURCE);
    rds.measureLag(replica.name());
    return replica;
  }
}
