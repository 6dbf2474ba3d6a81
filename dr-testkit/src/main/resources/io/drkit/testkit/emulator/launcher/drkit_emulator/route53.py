"""Corrections of Route 53."""

import copy

from drkit_emulator.patching import around, state

_FIELDS_OF_ROUTING = ("failover", "geo_location", "multi_value_answer", "region", "weight")


def apply():
    create_each_zone_once()
    create_each_health_check_once()
    change_whole_batches_or_nothing()
    let_changes_take_their_time()
    list_record_sets_in_order()


def error(code, message):
    from moto.route53.exceptions import Route53ClientError

    return Route53ClientError(code, message)


def create_each_zone_once():
    """A CallerReference makes one zone; moto makes another one.

    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html (HostedZoneAlreadyExists).
    """
    from moto.route53.models import Route53Backend

    @around(Route53Backend, "create_hosted_zone")
    def create(original, self, name, *args, **kwargs):
        reference = kwargs.get("caller_reference")
        for zone in self.zones.values():
            if reference and zone.caller_reference == reference:
                raise error(
                    "HostedZoneAlreadyExists",
                    f"A hosted zone has already been created with the specified caller reference: {reference}",
                )
        return original(self, name, *args, **kwargs)


def create_each_health_check_once():
    """A CallerReference makes one health check, told again with the same settings; moto makes another one.

    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html (CallerReference,
    HealthCheckAlreadyExists).
    """
    from moto.route53.models import Route53Backend

    @around(Route53Backend, "create_health_check")
    def create(original, self, caller_reference, health_check_args):
        created = state(self, "health_checks", {})
        if caller_reference in created:
            earlier, identifier = created[caller_reference]
            if earlier != health_check_args or identifier not in self.health_checks:
                raise error(
                    "HealthCheckAlreadyExists",
                    f"A health check with the caller reference {caller_reference} already exists.",
                )
            return self.health_checks[identifier]
        asked = copy.deepcopy(health_check_args)
        check = original(self, caller_reference, health_check_args)
        created[caller_reference] = (asked, check.id)
        return check


def change_whole_batches_or_nothing():
    """A batch is judged, then made whole or not at all; moto makes change after change, until one is refused.

    CREATE of what is there and DELETE of what is not, or is not as said, are refused, as are weights above 255, two
    ways of routing under one name and type, and a CNAME beside other types; UPSERT replaces in place.

    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html ("Route 53
    validates the changes in the request and then either makes all or none of the changes in the change batch request";
    InvalidChangeBatch) and API_ResourceRecordSet.html (Weight: 0 to 255).
    """
    from moto.route53.exceptions import InvalidActionValue
    from moto.route53.models import RecordSet, Route53Backend

    @around(Route53Backend, "change_resource_record_sets")
    def change(original, self, zoneid, change_list):
        zone = self.get_hosted_zone(zoneid)
        batch = _Batch(zone)
        for each in change_list:
            if each["Action"] not in ("CREATE", "DELETE", "UPSERT"):
                raise InvalidActionValue(each["Action"])
            batch.change(each["Action"], RecordSet(_as_stored(each["ResourceRecordSet"])))
        if batch.refused:
            raise error("InvalidChangeBatch", f"[{', '.join(batch.refused)}]")
        zone.rrsets = batch.records


def _as_stored(asked):
    record = dict(asked)
    record["Name"] = record["Name"].rstrip(".").lower() + "."
    if "ResourceRecords" in record:
        record["ResourceRecords"] = [each["Value"] for each in record["ResourceRecords"]]
    return record


class _Batch:
    """The records of a zone as they would be after the changes so far."""

    def __init__(self, zone):
        self.zone = zone
        self.records = list(zone.rrsets)
        self.refused = []

    def change(self, action, record):
        place = next((i for i, each in enumerate(self.records) if _identity(each) == _identity(record)), None)
        refusal = self._refusal(action, record, None if place is None else self.records[place])
        if refusal:
            self.refused.append(refusal)
        elif action == "DELETE":
            del self.records[place]
        elif place is None:
            self.records.append(record)
        else:
            self.records[place] = record

    def _refusal(self, action, record, there):
        zone = self.zone.name.rstrip(".")
        name = record.name.rstrip(".")
        if name != zone and not name.endswith("." + zone):
            return f"RRSet with DNS name {record.name} is not permitted in zone {self.zone.name}"
        if action == "DELETE":
            return self._refusal_of_delete(record, there)
        if action == "CREATE" and there is not None:
            return f"Tried to create resource record set [{_called(record)}] but it already exists"
        return _refusal_of_values(record) or self._refusal_of_company(record)

    @staticmethod
    def _refusal_of_delete(record, there):
        if there is None:
            return f"Tried to delete resource record set [{_called(record)}] but it was not found"
        if _values(there) != _values(record):
            return (
                f"Tried to delete resource record set [{_called(record)}] but the values provided do not match the "
                "current values"
            )
        return None

    def _refusal_of_company(self, record):
        for each in self.records:
            if each.name.rstrip(".") != record.name.rstrip(".") or _identity(each) == _identity(record):
                continue
            if each.type == record.type and _routing(each) != _routing(record):
                return (
                    f"RRSet with DNS name {record.name}, type {record.type}, SetIdentifier {record.set_identifier} "
                    "cannot be created as other RRSets exist with the same name and type but another routing policy."
                )
            if each.type != record.type and "CNAME" in (each.type, record.type):
                return (
                    f"RRSet of type {record.type} with DNS name {record.name} is not permitted because a conflicting "
                    f"RRSet of type {each.type} with the same DNS name already exists in zone {self.zone.name}"
                )
        return None


def _identity(record):
    return record.name.rstrip(".").lower(), record.type, record.set_identifier


def _called(record):
    called = f"name='{record.name}', type='{record.type}'"
    return called + (f", set identifier='{record.set_identifier}'" if record.set_identifier else "")


def _routing(record):
    return " and ".join(field for field in _FIELDS_OF_ROUTING if getattr(record, field) not in (None, "")) or "simple"


def _values(record):
    whole = vars(record)
    return {name: str(value) for name, value in whole.items() if name not in ("name", "ttl", "region")} | {
        "ttl": str(record.ttl or 0),
        "region": str(record.region),
    }


def _refusal_of_values(record):
    weight = record.weight
    if weight not in (None, "") and not 0 <= int(weight) <= 255:
        return f"Invalid weight {weight} in [{_called(record)}]: Weight must be between 0 and 255"
    routed = _routing(record) != "simple"
    if " and " in _routing(record):
        return f"Invalid request: expected one way of routing, but found {_routing(record)} in [{_called(record)}]"
    if routed and not record.set_identifier:
        return f"Missing field 'SetIdentifier' in Change with [{_called(record)}]"
    if record.set_identifier and not routed:
        return f"Invalid request: expected a way of routing beside SetIdentifier in [{_called(record)}]"
    if not record.alias_target and not record.records:
        return (
            "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords]], but found none in Change with "
            f"[{_called(record)}]"
        )
    return None


def let_changes_take_their_time():
    """Each change has an id of its own and is PENDING before it is INSYNC; moto's has the same id always and is INSYNC.

    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html (PENDING, INSYNC, NoSuchChange).
    The answer to the change and the first GetChange see it pending.
    """
    from moto.core.responses import ActionResult
    from moto.core.utils import utcnow
    from moto.moto_api._internal import mock_random
    from moto.route53.responses import Route53

    def pending(original, self):
        result = original(self)
        identifier = "C" + mock_random.get_random_string(length=20).upper()
        comment = self._get_param("ChangeBatch.Comment") or self._get_param("Comment")
        info = {"Id": f"/change/{identifier}", "Status": "PENDING", "SubmittedAt": utcnow(), "Comment": comment}
        state(self.backend, "changes", {})[identifier] = info
        result.result["ChangeInfo"] = dict(info)
        return result

    for operation in (
        "associate_vpc_with_hosted_zone",
        "change_resource_record_sets",
        "create_hosted_zone",
        "delete_hosted_zone",
        "disassociate_vpc_from_hosted_zone",
    ):
        around(Route53, operation)(pending)

    @around(Route53, "get_change")
    def get_change(original, self):
        identifier = self._get_param("Id").rpartition("/")[2]
        info = state(self.backend, "changes", {}).get(identifier)
        if info is None:
            raise error("NoSuchChange", f"Could not find resource with ID: {identifier}")
        shown = dict(info)
        info["Status"] = "INSYNC"
        return ActionResult({"ChangeInfo": shown})


def list_record_sets_in_order():
    """Record sets of one name and type come by SetIdentifier, and a page goes on from one; moto skips the rest of them.

    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html (sort order,
    StartRecordIdentifier, NextRecordIdentifier).
    """
    from moto.core.responses import ActionResult
    from moto.route53.exceptions import InvalidInput
    from moto.route53.models import reverse_domain_name
    from moto.route53.responses import Route53

    def position(name, record_type, identifier):
        return reverse_domain_name(name.lower()), record_type or "", identifier or ""

    @around(Route53, "list_resource_record_sets")
    def list_record_sets(original, self):
        name, record_type = self._get_param("StartRecordName"), self._get_param("StartRecordType")
        if record_type and not name:
            raise InvalidInput("The input is not valid")
        limit = min(self._get_int_param("MaxItems", 300), 300)
        zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
        records = sorted(zone.rrsets, key=lambda each: position(each.name, each.type, each.set_identifier))
        if name:
            start = position(name, record_type, self._get_param("StartRecordIdentifier"))
            records = [each for each in records if position(each.name, each.type, each.set_identifier) >= start]
        following = records[limit] if len(records) > limit else None
        return ActionResult(
            {
                "ResourceRecordSets": records[:limit],
                "IsTruncated": following is not None,
                "NextRecordName": following and following.name,
                "NextRecordType": following and following.type,
                "NextRecordIdentifier": following and following.set_identifier,
                "MaxItems": limit,
            }
        )
