"""Corrections of CloudWatch."""

from drkit_emulator import rds
from drkit_emulator.patching import around


def apply():
    publish_replica_lag()
    align_periods()


def publish_replica_lag():
    """RDS publishes AWS/RDS ReplicaLag for each read replica, in seconds, once a minute; moto publishes nothing.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html and
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Monitoring.html ("If the ReplicaLag metric
    returns -1, then replication is currently not active"): so while the source's region is lost. Promotion ends it.
    """
    from moto.cloudwatch.models import CloudWatchBackend, MetricDatum
    from moto.core.utils import utcnow

    @around(CloudWatchBackend, "get_all_metrics")
    def with_lag(original, self):
        return original(self) + [
            MetricDatum(
                "AWS/RDS",
                "ReplicaLag",
                float(replication.lag(moment)),
                [{"Name": "DBInstanceIdentifier", "Value": identifier}],
                moment,
                "Seconds",
            )
            for identifier, replication in rds.replications(self.account_id, self.region_name)
            for moment in replication.minutes(utcnow())
        ]


def align_periods():
    """A start time is rounded down to the minute; moto counts periods from the very second.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html and
    API_GetMetricData.html (StartTime, less than 15 days ago).
    """
    from moto.cloudwatch.models import CloudWatchBackend

    @around(CloudWatchBackend, "get_metric_statistics")
    def statistics(original, self, namespace, metric_name, start_time, end_time, *rest, **options):
        return original(self, namespace, metric_name, start_time.replace(second=0), end_time, *rest, **options)

    @around(CloudWatchBackend, "get_metric_data")
    def data(original, self, queries, start_time, end_time, **options):
        return original(self, queries, start_time.replace(second=0), end_time, **options)
