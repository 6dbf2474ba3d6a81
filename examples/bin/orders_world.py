"""What the scripts beside this file share: the programs that they run, and a look at the orders world by boto3.

The look is taken with another client than drkit's on purpose: it shares no code with what it checks.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import urllib.parse
import urllib.request

import boto3
import botocore.config

EAST, WEST = "us-east-1", "us-west-2"
BUCKET = "orders-receipts-"
DATABASE = "orders-db"
GROUP = "orders-web"
ZONE = "orders.example.com."
RECORD = "www.orders.example.com."
INSTANCES = 2
CAPACITY = 2
OWN_OBJECTS = ".drkit/"

DEFAULT_JAR = pathlib.Path(__file__).resolve().parent.parent / "target" / "drkit-examples.jar"


class Violation(AssertionError):
    """Something that must never be so."""


def expect(condition, sentence):
    if not condition:
        raise Violation(sentence)


class Program:
    """The executable jar."""

    def __init__(self, jar, verbose=False):
        if not pathlib.Path(jar).is_file():
            raise SystemExit(f"{jar} is not there; build it with: mvn -q -DskipTests package")
        # The client compiler alone: these programs live for seconds.
        self.command = ["java", "-XX:TieredStopAtLevel=1", "-jar", str(jar)]
        self.output = None if verbose else subprocess.DEVNULL

    def start(self, *arguments):
        return subprocess.Popen([*self.command, *arguments], stdout=self.output, stderr=self.output)

    def run(self, *arguments):
        """The exit code, and both outputs as text."""
        done = subprocess.run([*self.command, *arguments], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def report(self, journal):
        """The last run's report, or None if there is no run yet."""
        code, out, _ = self.run("report", "--journal", str(journal), "--json")
        return json.loads(out) if code == 0 else None


class Emulator:
    """An emulator of its own, for as long as the block lasts."""

    def __init__(self, program):
        self.process = subprocess.Popen([*program.command, "emulator"], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise SystemExit("the emulator did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def tell(self, verb, **parameters):
        url = f"{self.url}/drkit/{verb}?{urllib.parse.urlencode(parameters)}"
        urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=10).read()


class World:
    """The orders world as boto3 sees it."""

    def __init__(self, url):
        self.url = url

    def client(self, service, region):
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )

    def objects(self, region):
        s3 = self.client("s3", region)
        keys = [
            found["Key"]
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET + region)
            for found in page.get("Contents", [])
        ]
        return {
            key: s3.get_object(Bucket=BUCKET + region, Key=key)["Body"].read()
            for key in keys
            if not key.startswith(OWN_OBJECTS)
        }

    def database(self, region):
        # A change is shown at least once on its way, so a first look may come too early.
        for _ in range(3):
            found = self.client("rds", region).describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]
            if found["DBInstanceStatus"] == "available":
                break
        return found

    def servers(self, region):
        """The ids of all servers that there ever were: those of the group, and the others."""
        group, others = {}, {}
        for reservation in self.client("ec2", region).describe_instances()["Reservations"]:
            for server in reservation["Instances"]:
                tags = {tag["Key"]: tag["Value"] for tag in server.get("Tags", [])}
                kind = group if "aws:autoscaling:groupName" in tags else others
                kind[server["InstanceId"]] = server["State"]["Name"]
        return group, others

    def group(self, region):
        groups = self.client("autoscaling", region).describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])
        return groups["AutoScalingGroups"][0]

    def weights(self):
        route53 = self.client("route53", EAST)
        zone = route53.list_hosted_zones_by_name(DNSName=ZONE)["HostedZones"][0]["Id"]
        records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        return {record["SetIdentifier"]: record["Weight"] for record in records if record["Name"] == RECORD}

    def check_data(self, expected):
        """All that was copied is in the recovery bucket, and the database there stands on its own."""
        found = self.objects(WEST)
        missing = sorted(expected.keys() - found.keys())
        expect(not missing, f"{len(missing)} objects are missing in {WEST}: {missing[:3]}")
        different = [key for key in expected if found[key] != expected[key]]
        expect(not different, f"{len(different)} objects differ in {WEST}: {different[:3]}")
        database = self.database(WEST)
        expect(
            database["DBInstanceStatus"] == "available" and not database.get("ReadReplicaSourceDBInstanceIdentifier"),
            f"the database in {WEST} is no instance of its own: {database['DBInstanceStatus']}",
        )

    def check_servers(self):
        """The wanted number of servers was started in the recovery region, once."""
        group, others = self.servers(WEST)
        expect(
            list(others.values()) == ["running"] * INSTANCES,
            f"{WEST} should have started {INSTANCES} servers, and they should run: {others}",
        )
        running = [state for state in group.values() if state in ("running", "pending")]
        expect(
            self.group(WEST)["DesiredCapacity"] == CAPACITY and len(running) == CAPACITY,
            f"the group in {WEST} should hold {CAPACITY} servers: {group}",
        )

    def check_fenced(self):
        """Nothing writes in the region that was left."""
        group, others = self.servers(EAST)
        alive = [name for name, state in {**group, **others}.items() if state in ("running", "pending")]
        expect(not alive, f"{EAST} still runs {alive}")

    def check_weights(self, east, west):
        weights = self.weights()
        expect(weights == {EAST: east, WEST: west}, f"the weights should be {east} and {west}: {weights}")


def journal():
    """A new directory for a journal, for the length of a block."""
    return tempfile.TemporaryDirectory(prefix="drkit-journal-")


def without_proxies():
    """Loopback is reached directly, whatever proxy this machine has."""
    os.environ["NO_PROXY"] = "127.0.0.1,localhost"
