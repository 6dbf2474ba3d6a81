"""Corrections of EC2: launches and states of instances, client tokens. Images are in images.py."""

import json

from drkit_emulator import images
from drkit_emulator.patching import around, state


def apply():
    launch_up_to_the_maximum()
    refuse_unknown_types()
    refuse_what_an_instance_cannot_become()
    refuse_zones_of_other_regions()
    images.apply()
    # Around all others: what was answered once is not judged again.
    honour_client_tokens()


def error(code, message):
    from moto.ec2.exceptions import EC2ClientError

    return EC2ClientError(code, message)


def honour_client_tokens():
    """A request repeated with its ClientToken has no further effect; moto launches again.

    Source: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html. The same token with other
    parameters is IdempotentParameterMismatch. RunInstances keeps its tokens per Availability Zone when the request
    names one, and refuses a token whose instances are terminated: IdempotentInstanceTerminated
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html).
    """
    from moto.core.utils import camelcase_to_underscores, get_service_model
    from moto.ec2.responses import EC2Response

    model = get_service_model("ec2")
    for operation in model.operation_names:
        method = camelcase_to_underscores(operation)
        if not hasattr(EC2Response, method):
            continue
        asked = model.operation_model(operation).input_shape
        if asked is not None and "ClientToken" in asked.members:
            _once_per_token(EC2Response, method)


def _once_per_token(responses, method):
    @around(responses, method)
    def once(original, self):
        token = self._get_param("ClientToken")
        if not token or self._get_param("DryRun", False):
            return original(self)
        if len(token) > 64:
            raise error(
                "InvalidParameterValue",
                f"Invalid value '{token}' for ClientToken: up to 64 ASCII characters are allowed.",
            )
        parameters = _parameters(self.params)
        answered = state(self.ec2_backend, "tokens", {})
        key = (method, token, _named_zone(self))
        if key not in answered:
            result = original(self)
            answered[key] = (parameters, result)
            return result
        earlier, result = answered[key]
        if earlier != parameters:
            raise error(
                "IdempotentParameterMismatch",
                "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
            )
        _refuse_if_terminated(result.result)
        return result


def _parameters(params):
    return json.dumps(
        {name: value for name, value in params.items() if name != "ClientToken"}, sort_keys=True, default=str
    )


def _named_zone(request):
    zone = request._get_param("Placement.AvailabilityZone")
    interfaces = request._get_param("NetworkInterfaces", None) or [{}]
    subnet = request._get_param("SubnetId") or (isinstance(interfaces[0], dict) and interfaces[0].get("SubnetId"))
    if not zone and subnet:
        zone = request.ec2_backend.get_subnet(subnet).availability_zone
    return zone


def _refuse_if_terminated(result):
    for instance in getattr(result, "instances", ()):
        if instance.state == "terminated":
            raise error(
                "IdempotentInstanceTerminated",
                f"The client token was used to launch instance {instance.id}, which is terminated. Use a new one.",
            )


def launch_up_to_the_maximum():
    """RunInstances launches MaxCount instances where there is room for them; moto launches MinCount.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html ("Amazon EC2 launches the
    largest possible number of instances above the specified minimum count").
    """
    from moto.ec2.responses import EC2Response

    @around(EC2Response, "run_instances")
    def launch(original, self):
        least, most = int(self._get_param("MinCount") or 1), int(self._get_param("MaxCount") or 1)
        if least < 1 or least > most:
            raise error(
                "InvalidParameterValue",
                f"Value ({least}) for parameter minCount is invalid: it is below 1 or above {most}.",
            )
        self.params["MinCount"] = str(most)
        return original(self)


def refuse_unknown_types():
    """A launch of a type that the region does not offer is an invalid value; moto, told to look, has a code of its own.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidParameterValue).
    """
    from moto.ec2.exceptions import InvalidInstanceTypeError
    from moto.ec2.models import EC2Backend

    @around(EC2Backend, "run_instances")
    def launch(original, self, *args, **kwargs):
        try:
            return original(self, *args, **kwargs)
        except InvalidInstanceTypeError:
            raise error("InvalidParameterValue", f"Invalid value '{kwargs['instance_type']}' for InstanceType.")


def refuse_what_an_instance_cannot_become():
    """A terminated instance is never started, stopped or rebooted again; moto revives it.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html and
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (IncorrectInstanceState,
    IncorrectState).
    """
    from moto.ec2.models.instances import InstanceBackend

    for operation, done in (
        ("start_instances", "started"),
        ("stop_instances", "stopped"),
        ("reboot_instances", "rebooted"),
    ):
        _refuse_for_terminated(InstanceBackend, operation, done)


def _refuse_for_terminated(backend, operation, done):
    @around(backend, operation)
    def checked(original, self, instance_ids):
        for instance in self.get_multi_instances_by_id(instance_ids):
            if instance.state == "terminated":
                raise error(
                    "IncorrectInstanceState",
                    f"The instance '{instance.id}' is not in a state from which it can be {done}.",
                )
        return original(self, instance_ids)


def refuse_zones_of_other_regions():
    """A volume is made in a zone of its own region; moto takes any.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidZone.NotFound).
    """
    from moto.ec2.responses import EC2Response

    @around(EC2Response, "create_volume")
    def create(original, self):
        zone = self._get_param("AvailabilityZone")
        if zone and zone not in [known.name for known in self.ec2_backend.describe_availability_zones()]:
            raise error("InvalidZone.NotFound", f"The zone '{zone}' does not exist.")
        return original(self)
