"""Regions that are lost, and which requests fail for it.

What depends on which region is taken from the AWS whitepaper "AWS Fault Isolation Boundaries", page "Global services"
(https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html).
"""

import re
import threading
from datetime import timedelta

from moto.core.utils import utcnow

from drkit_emulator.wire import REGION

# A resource is no source.
_SOURCE = re.compile("(?<!re)source", re.IGNORECASE)
MODES = ("refuse", "hang", "reset")
HANG_LIMIT_SECONDS = 60

# "Global services that are unique by partition" and "Global services in the edge network": where the one control
# plane is. Every operation of these APIs is a control-plane one; DNS answers and IAM's evaluation are not served here.
CONTROL_PLANES = {
    "account": "us-east-1",
    "cloudfront": "us-east-1",
    "globalaccelerator": "us-west-2",
    "iam": "us-east-1",
    "networkmanager": "us-west-2",
    "organizations": "us-east-1",
    "route53": "us-east-1",
    "route53-recovery-control-config": "us-west-2",
    "route53-recovery-readiness": "us-west-2",
    "shield": "us-east-1",
    "waf": "us-east-1",
}
# "Global single-Region operations", Amazon S3: bucket names are made unique in us-east-1, and these settings of a
# bucket depend on it, wherever the bucket is.
_S3_HOME = "us-east-1"
_S3_SETTINGS_OF_US_EAST_1 = {
    "accelerate", "acl", "cors", "encryption", "lifecycle", "logging", "notification", "object-lock",
    "ownershipControls", "policy", "publicAccessBlock", "replication", "requestPayment", "tagging", "versioning",
}  # fmt: skip
# The same, Route 53: a load balancer gets its DNS name from the control plane in us-east-1.
_LOAD_BALANCER_NAMES = {"CreateLoadBalancer", "DeleteLoadBalancer"}
# "The control plane for Amazon S3 Multi-Region Access Points is hosted only in us-west-2."
_ACCESS_POINTS = "/v20180820/async-requests/mrap"

_lost = {}
_past = []


class Lost:
    """One loss of one region."""

    def __init__(self, region, mode, since):
        self.region = region
        self.mode = mode
        self.since = since
        self.until = None
        self.waiting = 0
        self._counting = threading.Lock()
        self._over = threading.Event()

    def wait_until_restored(self):
        self._count(1)
        self._over.wait(HANG_LIMIT_SECONDS)
        self._count(-1)

    def _count(self, difference):
        with self._counting:
            self.waiting += difference

    def end(self):
        self.until = utcnow()
        self._over.set()

    def covers(self, region, moment):
        return self.region == region and self.since <= moment and (self.until is None or moment < self.until)


def lose(region, mode, seconds_ago=0):
    """Loses a region, as if that had happened a while ago: what is measured over time then shows it at once."""
    if not REGION.match(region or ""):
        raise ValueError(f"region must be the name of one, such as us-east-1: {region!r}")
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}: {mode!r}")
    restore(region)
    _lost[region] = Lost(region, mode, utcnow() - timedelta(seconds=seconds_ago))


def restore(region):
    """Brings the region back; all of them without a name."""
    for name in [region] if region else list(_lost):
        lost = _lost.pop(name, None)
        if lost:
            lost.end()
            _past.append(lost)


def forget():
    restore(None)
    _past.clear()


def losses():
    return [
        {"region": lost.region, "mode": lost.mode, "since": lost.since.isoformat() + "Z", "waiting": lost.waiting}
        for lost in _lost.values()
    ]


def was_lost(region, moment):
    return any(lost.covers(region, moment) for lost in [*_past, *_lost.values()])


def is_lost(region):
    return region in _lost


def what_is_lost_to(call):
    """The lost region without which the call cannot be answered, or None."""
    if not _lost:
        return None
    return next((_lost[region] for region in _regions_needed(call) if region in _lost), None)


def _regions_needed(call):
    yield from call.addressed_regions()
    if call.service in CONTROL_PLANES:
        yield CONTROL_PLANES[call.service]
    if call.service == "elasticloadbalancing" and call.form.get("Action") in _LOAD_BALANCER_NAMES:
        yield CONTROL_PLANES["route53"]
    if call.service == "s3":
        yield from _regions_of_s3(call)
    else:
        yield from _regions_of_sources(call)


def _regions_of_s3(call):
    from drkit_emulator.s3_transfer import home_of

    if call.path.startswith(_ACCESS_POINTS):
        yield "us-west-2"
    bucket, key = call.bucket_and_key()
    for name in (bucket, call.copy_source_bucket()):
        home = home_of(name)
        if home:
            yield home
    settings = set(call.query) - {"x-id"}
    if bucket and not key and call.method in ("PUT", "DELETE"):
        if not settings or settings & _S3_SETTINGS_OF_US_EAST_1:
            yield _S3_HOME
        location = call.body.partition(b"<LocationConstraint>")[2].partition(b"<")[0].decode("ascii", "replace")
        if REGION.match(location):
            yield location


def _regions_of_sources(call):
    # CopyImage and CopySnapshot name a SourceRegion; RDS names the source of a replica or a copy by its ARN.
    members = call.form or (call.json() if call.header("x-amz-target") else {})
    for name, value in members.items():
        if not isinstance(value, str) or not _SOURCE.search(name):
            continue
        if REGION.match(value):
            yield value
        elif value.startswith("arn:") and len(value.split(":")) > 4:
            yield value.split(":")[3]
