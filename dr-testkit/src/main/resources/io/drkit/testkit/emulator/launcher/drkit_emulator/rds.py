"""Corrections of RDS."""

import re
from datetime import timedelta

from drkit_emulator import outage
from drkit_emulator.patching import around


def apply():
    show_what_is_under_way()
    give_each_instance_an_id_of_its_own()
    restore_instances_on_their_own()
    make_replicas_of_their_own()
    break_the_link_on_promotion()
    keep_links_when_instances_are_deleted()
    modify_in_steps()


def error(code, message):
    from moto.rds.exceptions import RDSClientError

    return RDSClientError(code, message)


class Course:
    """The states that an instance goes through, one for each DescribeDBInstances that shows it."""

    def __init__(self, instance, *steps):
        self.instance = instance
        self.steps = list(steps)

    def begin(self):
        self.instance.drkit_course = self
        self.instance.status = self.steps[0][0]

    def __deepcopy__(self, memo):
        return None  # moto makes an instance of another one's attributes; this is not one of them

    def advance(self):
        status, effect = self.steps.pop(0)
        self.instance.status = status
        if effect:
            effect(self.instance)
        if not self.steps:
            self.instance.drkit_course = None


def under_way(instance):
    return getattr(instance, "drkit_course", None)


def refuse_unless_available(instance):
    if instance.status != "available":
        raise error(
            "InvalidDBInstanceState",
            f"Database instance {instance.db_instance_identifier} is not in available state; it is {instance.status}.",
        )


def show_what_is_under_way():
    """What takes AWS minutes is seen at least once on its way; moto is done before its answer.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html (DB instance status:
    creating, modifying, rebooting, available).
    """
    from moto.rds.models import DBInstance
    from moto.rds.responses import RDSResponse

    @around(RDSResponse, "describe_db_instances")
    def advance_what_is_shown(original, self):
        result = original(self)
        for instance in result.result["DBInstances"]:
            if under_way(instance):
                under_way(instance).advance()
        return result

    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstanceStatusInfo.html
    DBInstance.status_infos = property(_status_infos)


def _status_infos(instance):
    if not instance.source_db_instance_identifier:
        return []
    source = source_region(instance)
    if outage.is_lost(source):
        message = f"The source region {source} cannot be reached."
        return [{"StatusType": "read replication", "Normal": False, "Status": "error", "Message": message}]
    return [{"StatusType": "read replication", "Normal": True, "Status": "replicating"}]


def source_region(replica):
    source = replica.source_db_instance_identifier
    return source.split(":")[3] if source.startswith("arn:") else replica.region


def give_each_instance_an_id_of_its_own():
    """An instance has a DbiResourceId that no other has; moto gives the same one to each.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html (DbiResourceId:
    "Region-unique, immutable identifier for the DB instance").
    """
    from moto.rds.models import RDSBackend

    @around(RDSBackend, "create_db_instance")
    def create(original, self, db_kwargs):
        instance = original(self, db_kwargs)
        instance.dbi_resource_id = _resource_id()
        return instance


def _resource_id():
    from moto.moto_api._internal import mock_random

    return "db-" + mock_random.get_random_string(length=26).upper()


def restore_instances_on_their_own():
    """A restored instance is created, in a zone of its region, and is no replica, whatever the snapshot was taken of.

    moto takes over zone and source with the other attributes.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html and
    API_RestoreDBInstanceToPointInTime.html (a new instance; AvailabilityZone).
    """
    from moto.rds.models import RDSBackend

    def restore(original, self, source, *args):
        overrides = args[-1]
        instance = original(self, source, *args)
        instance.source_db_instance_identifier = None
        if not overrides.get("availability_zone"):
            instance.availability_zone = f"{self.region_name}a"
        Course(instance, ("creating", None), ("available", None)).begin()
        return instance

    around(RDSBackend, "restore_db_instance_from_db_snapshot")(restore)
    around(RDSBackend, "restore_db_instance_to_point_in_time")(restore)


def make_replicas_of_their_own():
    """A replica has its own zone, tags, backups and id; moto's is a shallow copy of its source, shared lists and all.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html ("RDS creates
    read replicas with backups disabled", the source "must have backup retention enabled", DBInstanceAlreadyExists, the
    default zone is one of the endpoint's region).
    """
    from moto.core.utils import utcnow
    from moto.rds.exceptions import DBInstanceAlreadyExists
    from moto.rds.models import RDSBackend

    @around(RDSBackend, "create_db_instance_read_replica")
    def create(original, self, db_kwargs):
        source = self.find_db_from_id(db_kwargs["source_db_instance_identifier"])
        if db_kwargs["db_instance_identifier"] in self.databases:
            raise DBInstanceAlreadyExists()
        refuse_unless_available(source)
        if not source.backup_retention_period:
            raise error(
                "InvalidDBInstanceState",
                "Automated backups are not enabled for this database instance. To enable automated backups, use "
                "ModifyDBInstance to set the backup retention period to a non-zero value.",
            )
        replica = original(self, db_kwargs)
        elsewhere = replica.region != source.region
        replica.availability_zone = (
            db_kwargs.get("availability_zone") or f"{self.region_name}{'a' if elsewhere else 'b'}"
        )
        replica.multi_az = bool(db_kwargs.get("multi_az"))
        replica.deletion_protection = bool(db_kwargs.get("deletion_protection"))
        replica.backup_retention_period = 0
        replica.tags = list(db_kwargs.get("tags") or [])
        replica.created = replica.instance_create_time = utcnow()
        replica.dbi_resource_id = _resource_id()
        replica.drkit_pending = {}
        replica.pending_modified_values = {}
        replica.db_security_groups = list(source.db_security_groups)
        replica.vpc_security_group_ids = _security_groups(self, source, db_kwargs, elsewhere)
        if elsewhere and not db_kwargs.get("db_subnet_group_name"):
            replica.db_subnet_group_name = None
        replica.drkit_replication = Replication(source.region, replica.created)
        Course(replica, ("creating", None), ("available", None)).begin()
        return replica


def _security_groups(backend, source, db_kwargs, elsewhere):
    if db_kwargs.get("vpc_security_group_ids"):
        return list(db_kwargs["vpc_security_group_ids"])
    if not elsewhere:
        return list(source.vpc_security_group_ids)
    from moto.ec2.models import ec2_backends

    ec2 = ec2_backends[backend.account_id][backend.region_name]
    return [ec2.get_default_security_group(ec2.default_vpc.id).id]


def break_the_link_on_promotion():
    """A promoted instance is nobody's replica any more; moto leaves the link on both sides and promotes anything.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html (replication stops, the
    instance is rebooted, then available) and
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html (DBInstanceNotFound,
    InvalidDBInstanceState, BackupRetentionPeriod is 1 by default).
    """
    from moto.rds.models import RDSBackend

    @around(RDSBackend, "promote_read_replica")
    def promote(original, self, db_kwargs):
        replica = self.describe_db_instances(db_kwargs["db_instance_identifier"])[0]
        if not replica.source_db_instance_identifier:
            raise error(
                "InvalidDBInstanceState", f"DB instance {replica.db_instance_identifier} is not a read replica."
            )
        refuse_unless_available(replica)
        retention = db_kwargs.get("backup_retention_period")
        replica.backup_retention_period = 1 if retention is None else retention
        if db_kwargs.get("preferred_backup_window"):
            replica.preferred_backup_window = db_kwargs["preferred_backup_window"]
        Course(replica, ("modifying", None), ("rebooting", unlink), ("available", None)).begin()
        return replica


def unlink(replica):
    from moto.core.utils import utcnow

    source_id = replica.source_db_instance_identifier
    source = replica.backend.get_backend("rds", source_region(replica), replica.account_id).databases.get(
        source_id.split(":")[-1]
    )
    if source is not None:
        source.remove_replica(replica)
    replica.source_db_instance_identifier = None
    replica.is_replica = False
    replica.drkit_replication.until = utcnow()


def keep_links_when_instances_are_deleted():
    """Deleting a replica, or its source, leaves no dangling link; moto fails on a replica in another region.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html (a deleted source leaves its
    replicas as instances of their own).
    """
    from moto.rds.models import DBInstance, RDSBackend

    @around(DBInstance, "remove_replica")
    def remove(original, self, replica):
        names = (replica.db_instance_identifier, replica.db_instance_arn)
        self.replicas = [name for name in self.replicas if name not in names]

    @around(RDSBackend, "delete_db_instance")
    def delete(original, self, db_instance_identifier, **options):
        instance = self.databases.get(db_instance_identifier)
        if instance is not None and not instance.deletion_protection:
            if instance.source_db_instance_identifier:
                unlink(instance)
            for name in list(instance.replicas):
                unlink(self.find_db_from_id(name))
        return original(self, db_instance_identifier, **options)


_CLASS = re.compile(r"^db\.[a-z0-9-]+\.[a-z0-9-]+$")
# What waits for the maintenance window unless ApplyImmediately is set, and takes its time even then.
_SLOW = {
    "allocated_storage": "AllocatedStorage",
    "backup_retention_period": "BackupRetentionPeriod",
    "db_instance_class": "DBInstanceClass",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "multi_az": "MultiAZ",
    "storage_type": "StorageType",
}


def modify_in_steps():
    """A change is pending, then being made, then there; moto changes the instance within the call, whenever it was due.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html (ApplyImmediately,
    PendingModifiedValues; a retention that stays above zero is changed at once; InvalidDBInstanceState).
    """
    from moto.rds.models import RDSBackend

    @around(RDSBackend, "modify_db_instance")
    def modify(original, self, db_instance_identifier, db_kwargs):
        instance = self.describe_db_instances(db_instance_identifier)[0]
        refuse_unless_available(instance)
        asked = dict(db_kwargs)
        if not _CLASS.match(asked.get("db_instance_class") or "db.t3.micro"):
            raise error("InvalidParameterValue", f"Invalid DB Instance class: {asked['db_instance_class']}")
        pending = dict(getattr(instance, "drkit_pending", {}))
        for name in [name for name in asked if name in _SLOW and asked[name] is not None]:
            at_once = name == "backup_retention_period" and asked[name] and instance.backup_retention_period
            if not at_once:
                pending[name] = asked.pop(name)
        pending = {name: value for name, value in pending.items() if getattr(instance, name, None) != value}
        original(self, db_instance_identifier, asked)
        instance.drkit_pending = pending
        instance.pending_modified_values = {_SLOW[name]: value for name, value in pending.items()}
        if pending and asked.get("apply_immediately"):
            Course(instance, ("modifying", None), ("available", _make_pending_changes)).begin()
        return instance


def _make_pending_changes(instance):
    instance.update(**instance.drkit_pending)
    instance.drkit_pending = {}
    instance.pending_modified_values = {}


class Replication:
    """What CloudWatch is told of one replica, from its making to its promotion."""

    def __init__(self, source_region, since):
        self.source_region = source_region
        self.since = since.replace(second=0, microsecond=0)
        self.until = None
        self.told = []

    def minutes(self, now):
        moment = self.since
        while moment <= (self.until or now):
            yield moment
            moment += timedelta(minutes=1)

    def lag(self, moment):
        """Seconds behind at a moment; -1 while the source cannot be heard."""
        if outage.was_lost(self.source_region, moment):
            return -1
        told = [seconds for since, seconds in self.told if since <= moment]
        return told[-1] if told else moment.minute % 2


def replications(account_id, region):
    """Of each instance that is a replica, or was one: its identifier and its replication."""
    from moto.rds.models import rds_backends

    if account_id not in list(rds_backends) or region not in list(rds_backends[account_id]):
        return []
    instances = rds_backends[account_id][region].databases.values()
    return [(i.db_instance_identifier, i.drkit_replication) for i in instances if hasattr(i, "drkit_replication")]


def set_lag(region, identifier, seconds):
    from moto.core.utils import utcnow
    from moto.rds.models import rds_backends

    for _, name, backend in rds_backends.iter_backends():
        instance = backend.databases.get(identifier) if name == region else None
        if instance is not None and instance.source_db_instance_identifier:
            # The minute that has begun shows it already: a test that asks next sees what it has set.
            instance.drkit_replication.told.append((utcnow().replace(second=0, microsecond=0), seconds))
            return
    raise ValueError(f"there is no read replica {identifier} in {region}")
