"""Corrections of EC2 Auto Scaling."""

import copy

from drkit_emulator.patching import around


def apply():
    keep_capacity_within_bounds()
    refuse_names_that_are_taken_or_unknown()
    keep_groups_with_instances()
    let_instances_start_pending()
    spread_over_zones()
    keep_the_order_of_instances()


def error(code, message):
    from moto.autoscaling.exceptions import AutoscalingClientError

    return AutoscalingClientError(code, message)


def keep_capacity_within_bounds():
    """The desired capacity is between MinSize and MaxSize, or the request is refused; moto launches whatever is asked.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html,
    API_CreateAutoScalingGroup.html, API_UpdateAutoScalingGroup.html ("must be greater than or equal to the minimum size
    of the group and less than or equal to the maximum size"); ValidationError, CommonErrors.html.
    """
    from moto.autoscaling.responses import AutoScalingResponse

    @around(AutoScalingResponse, "create_auto_scaling_group")
    def create(original, self):
        _check_bounds(
            self._get_int_param("DesiredCapacity"), self._get_int_param("MinSize"), self._get_int_param("MaxSize")
        )
        return original(self)

    @around(AutoScalingResponse, "update_auto_scaling_group")
    def update(original, self):
        group = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
        if group is not None:
            least, most = self._get_int_param("MinSize", group.min_size), self._get_int_param("MaxSize", group.max_size)
            _check_bounds(self._get_int_param("DesiredCapacity"), least, most)
        return original(self)

    @around(AutoScalingResponse, "set_desired_capacity")
    def set_desired(original, self):
        group = known_group(self)
        desired = self._get_int_param("DesiredCapacity")
        if desired > group.max_size:
            raise error(
                "ValidationError",
                f"New SetDesiredCapacity value {desired} is above max value {group.max_size} for the AutoScalingGroup.",
            )
        if desired < group.min_size:
            raise error(
                "ValidationError",
                f"New SetDesiredCapacity value {desired} is below min value {group.min_size} for the AutoScalingGroup.",
            )
        return original(self)


def _check_bounds(desired, least, most):
    if least > most:
        raise error("ValidationError", f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    if desired is not None and not least <= desired <= most:
        raise error(
            "ValidationError",
            f"Desired capacity:{desired} must be between the specified min size:{least} and max size:{most}",
        )


def known_group(request):
    group = request.autoscaling_backend.autoscaling_groups.get(request._get_param("AutoScalingGroupName"))
    if group is None:
        raise error("ValidationError", "AutoScalingGroup name not found - null")
    return group


def refuse_names_that_are_taken_or_unknown():
    """Creating a group again is refused; moto forgets the first one and leaves its instances running.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html (AlreadyExists).
    """
    from moto.autoscaling.responses import AutoScalingResponse

    @around(AutoScalingResponse, "create_auto_scaling_group")
    def create(original, self):
        name = self._get_param("AutoScalingGroupName")
        if name in self.autoscaling_backend.autoscaling_groups:
            raise error(
                "AlreadyExists",
                f"AutoScalingGroup by this name already exists - A group with the name {name} already exists",
            )
        return original(self)


def keep_groups_with_instances():
    """A group that has instances is deleted by force only; moto deletes it.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html (ForceDelete,
    ResourceInUse).
    """
    from moto.autoscaling.responses import AutoScalingResponse

    @around(AutoScalingResponse, "delete_auto_scaling_group")
    def delete(original, self):
        group = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
        if group is not None and group.instance_states and not self._get_bool_param("ForceDelete", False):
            raise error(
                "ResourceInUse",
                "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
                "still in the group.",
            )
        return original(self)


def let_instances_start_pending():
    """An instance is Pending before it is InService; moto's is in service within the call that launches it.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html. The first description
    that shows the instance shows it pending.
    """
    from moto.autoscaling.models import FakeAutoScalingGroup
    from moto.autoscaling.responses import AutoScalingResponse

    FakeAutoScalingGroup.instances = property(lambda group: [_as_shown(each) for each in group.instance_states])

    @around(AutoScalingResponse, "describe_auto_scaling_instances")
    def describe(original, self):
        result = original(self)
        instances = result.result["AutoScalingInstances"]
        result.result["AutoScalingInstances"] = [_as_shown(each) for each in instances]
        return result


def _as_shown(instance):
    if hasattr(instance, "drkit_shown") or instance.lifecycle_state != "InService":
        return instance
    instance.drkit_shown = True
    pending = copy.copy(instance)
    pending.lifecycle_state = "Pending"
    return pending


def spread_over_zones():
    """Instances are spread evenly over the group's zones; moto draws a zone by lot, and takes the first subnet only.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html (instance distribution). An
    image or type that cannot be launched is a ValidationError of the group.
    """
    from moto.autoscaling.models import FakeAutoScalingGroup
    from moto.ec2.exceptions import EC2ClientError

    @around(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
    def launch(original, self, count_needed, propagated_tags):
        zones, subnets = self.availability_zones, self.vpc_zone_identifier
        try:
            for _ in range(count_needed):
                place = min(_places(self, zones, subnets), key=lambda place: _instances_in(self, place[0]))
                self.availability_zones, self.vpc_zone_identifier = [place[0]], place[1]
                original(self, 1, dict(propagated_tags))
        except EC2ClientError as refused:
            raise error("ValidationError", f"You must use a valid fully-formed launch template. {refused.message}")
        finally:
            self.availability_zones, self.vpc_zone_identifier = zones, subnets


def _places(group, zones, subnets):
    if not subnets:
        return [(zone, None) for zone in zones]
    found = group.ec2_backend.describe_subnets(subnet_ids=subnets.split(","))
    return [(subnet.availability_zone, subnet.id) for subnet in found]


def _instances_in(group, zone):
    return sum(1 for each in group.instance_states if each.instance._placement.zone == zone)


def keep_the_order_of_instances():
    """What is left of a group after a scale-in keeps its order; moto's comes out of a set, another one each time."""
    from moto.autoscaling.models import FakeAutoScalingGroup

    @around(FakeAutoScalingGroup, "set_desired_capacity")
    def set_desired(original, self, new_capacity):
        before = {id(each): place for place, each in enumerate(self.instance_states)}
        original(self, new_capacity)
        self.instance_states.sort(key=lambda each: before.get(id(each), len(before)))
