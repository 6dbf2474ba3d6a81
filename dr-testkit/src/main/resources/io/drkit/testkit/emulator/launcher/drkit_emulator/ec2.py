"""Corrections of EC2."""

import copy
import json

from drkit_emulator.patching import around, state


def apply():
    honour_client_tokens()
    keep_images_to_their_region()


def error(code, message):
    from moto.ec2.exceptions import EC2ClientError

    return EC2ClientError(code, message)


def honour_client_tokens():
    """A request repeated with its ClientToken has no further effect; moto launches again.

    Source: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html. The same token with other parameters
    is IdempotentParameterMismatch. RunInstances keeps its tokens per Availability Zone when the request names one, and
    refuses a token whose instances are terminated: IdempotentInstanceTerminated
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
            raise error("InvalidParameterValue", f"Invalid value '{token}' for ClientToken: up to 64 ASCII characters are allowed.")
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
    return json.dumps({name: value for name, value in params.items() if name != "ClientToken"}, sort_keys=True, default=str)


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
                f"The client token was used to launch instance {instance.id}, which is terminated. Use a new client token.",
            )


def keep_images_to_their_region():
    """An image's id is known in one region only; 44 of moto's own are in each, and 1,177 make its first request slow.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html ("Amazon assigns a unique identifier to the
    AMI" in each region). What is left are the newest public images of Amazon, by region.
    """
    from moto.core.parse import default_timestamp_parser
    from moto.ec2.models import amis
    from moto.utilities.utils import load_resource

    @around(amis.AmiBackend, "_load_amis")
    def load(original, self):
        try:
            images = load_resource(amis.__name__, f"../resources/latest_amis/{self.region_name}.json")
        except FileNotFoundError:
            return  # a region newer than moto's list
        for image in images:
            image["owner_alias"] = "amazon"
            if image.get("creation_date"):
                image["creation_date"] = default_timestamp_parser(image["creation_date"])
            self.amis[image["ami_id"]] = amis.Ami(self, **image)
