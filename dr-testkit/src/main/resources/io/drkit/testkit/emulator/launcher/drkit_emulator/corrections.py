"""Which corrections a service needs before its first request is answered."""

import moto

from drkit_emulator import autoscaling, cloudwatch, ec2, rds, route53, s3

MOTO = "5.2.1"

# A service that calls another one inside moto needs that one's corrections, too.
_NEEDED_BY = {
    "autoscaling": (autoscaling, ec2),
    "cloudformation": (autoscaling, ec2, rds, route53, s3),
    "cloudwatch": (cloudwatch, rds),
    "ebs": (ec2,),
    "ec2": (ec2,),
    "elb": (ec2,),
    "elbv2": (ec2,),
    "neptune": (rds,),
    "rds": (rds,),
    "route53": (route53,),
    "s3": (s3,),
    "s3control": (s3,),
}
_applied = set()


def apply_for(service):
    """Corrects what the service stands on. Only then is moto's part imported: that keeps the start quick."""
    for module in _NEEDED_BY.get(service, ()):
        if module not in _applied:
            try:
                module.apply()
            except (AttributeError, ImportError) as changed:
                raise RuntimeError(
                    f"drkit's corrections are made for moto {MOTO}, and do not fit moto {moto.__version__}: {changed}"
                ) from changed
            _applied.add(module)
