package io.drkit.testkit.aws;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSubnetGroup;
import software.amazon.awssdk.services.rds.model.Tag;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/** What a request to RDS says, by the names of its parameters. */
final class RdsOptions {
  /** What a database is told and tells again under the same name. */
  private static final Set<String> KEPT = Set.of(
      "AllocatedStorage",
      "AutoMinorVersionUpgrade",
      "AvailabilityZone",
      "BackupRetentionPeriod",
      "CopyTagsToSnapshot",
      "DBInstanceClass",
      "DBName",
      "DeletionProtection",
      "Engine",
      "EngineVersion",
      "Iops",
      "KmsKeyId",
      "LicenseModel",
      "MasterUsername",
      "MaxAllocatedStorage",
      "MultiAZ",
      "PreferredBackupWindow",
      "PreferredMaintenanceWindow",
      "PubliclyAccessible",
      "StorageEncrypted",
      "StorageType");

  private final Map<String, Object> given = new TreeMap<>();

  RdsOptions(SdkPojo request) {
    for (SdkField<?> field : request.sdkFields()) {
      Object value = field.getValueOrDefault(request);
      if (value != null && !(value instanceof SdkAutoConstructList)) {
        given.put(field.memberName(), value);
      }
    }
  }

  /** The parameters that are given and that nobody knows here. */
  Set<String> beside(Set<String> known) {
    Set<String> unknown = new TreeSet<>(given.keySet());
    unknown.removeAll(KEPT);
    unknown.removeAll(known);
    return unknown;
  }

  boolean has(String name) {
    return given.containsKey(name);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable((String) given.get(name));
  }

  Optional<Integer> number(String name) {
    return Optional.ofNullable((Integer) given.get(name));
  }

  boolean yes(String name) {
    return Boolean.TRUE.equals(given.get(name));
  }

  List<Tag> tags() {
    return list("Tags").stream().map(Tag.class::cast).toList();
  }

  private List<?> list(String name) {
    Object value = given.get(name);
    return value == null ? List.of() : (List<?>) value;
  }

  /** Tells a database what is said of it. */
  DBInstance.Builder onto(DBInstance.Builder made) {
    for (SdkField<?> field : made.sdkFields()) {
      Object value = given.get(field.memberName());
      if (value != null && KEPT.contains(field.memberName())) {
        field.set(made, value);
      }
    }
    text("DBSubnetGroupName")
        .ifPresent(group ->
            made.dbSubnetGroup(DBSubnetGroup.builder().dbSubnetGroupName(group).build()));
    if (has("VpcSecurityGroupIds")) {
      made.vpcSecurityGroups(list("VpcSecurityGroupIds").stream()
          .map(group -> VpcSecurityGroupMembership.builder()
              .vpcSecurityGroupId((String) group)
              .status("active")
              .build())
          .toList());
    }
    return made;
  }
}
