"""Corrections of EC2's images (AMIs)."""

from drkit_emulator.patching import around


def apply():
    keep_images_to_their_region()
    launch_from_available_images_only()
    give_each_name_once()
    keep_what_the_request_says()
    let_copies_take_their_time()


def error(code, message):
    from moto.ec2.exceptions import EC2ClientError

    return EC2ClientError(code, message)


def keep_images_to_their_region():
    """An image's id is known in one region only; 44 of moto's own are in each, and 1,177 make its first request slow.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html (each copy has an id of its own). What
    is left are the newest public images of Amazon, by region.
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


def launch_from_available_images_only():
    """What is launched is an available image of the region; moto takes any id, of another region and deregistered ones.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (MissingParameter,
    InvalidAMIID.Malformed, InvalidAMIID.NotFound, also for an image of another region, InvalidAMIID.Unavailable).
    """
    from moto.ec2.models import EC2Backend

    @around(EC2Backend, "run_instances")
    def launch(original, self, image_id, *args, **kwargs):
        template = kwargs.get("launch_template")
        named = image_id or (self._get_template_from_args(template).image_id if template else None)
        if not named:
            raise error("MissingParameter", "The request must contain the parameter ImageId")
        available_image(self, named)
        return original(self, image_id, *args, **kwargs)


def available_image(backend, image_id):
    """The image, if it can be launched or copied."""
    if not image_id.startswith("ami-"):
        raise error("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
    image = backend.amis.get(image_id)
    if image is None and image_id not in backend.deleted_amis:
        raise error("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
    if image is None or image.state != "available":
        raise error("InvalidAMIID.Unavailable", f"The image ID '{image_id}' is not available")
    return image


def give_each_name_once():
    """A name is taken once among an account's images of a region; moto gives it again.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidAMIName.Duplicate,
    InvalidAMIName.Malformed: between 3 and 128 characters).
    """
    from moto.ec2.responses import EC2Response

    for operation in ("copy_image", "create_image", "register_image"):
        _refuse_taken_names(EC2Response, operation)


def _refuse_taken_names(responses, operation):
    @around(responses, operation)
    def named(original, self):
        name = self._get_param("Name")
        if not name:
            raise error("MissingParameter", "The request must contain the parameter Name")
        if not 3 <= len(name) <= 128:
            raise error("InvalidAMIName.Malformed", f"AMI names must be between 3 and 128 characters long: {name}")
        for image in self.ec2_backend.amis.values():
            if image.name == name and image.owner_id == self.current_account:
                raise error("InvalidAMIName.Duplicate", f"AMI name {name} is already in use by AMI {image.id}")
        return original(self)


def keep_what_the_request_says():
    """Tags, architecture and root device of the request are the image's; a copy knows its source. moto drops them.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html (TagSpecification, CopyImageTags),
    API_CreateImage.html, API_RegisterImage.html, API_Image.html (SourceImageId, SourceImageRegion).
    """
    from moto.ec2.responses import EC2Response

    @around(EC2Response, "register_image")
    def register(original, self):
        image, result = _made(original, self)
        image.architecture = self._get_param("Architecture") or "x86_64"
        image.root_device_name = self._get_param("RootDeviceName") or image.root_device_name
        image.virtualization_type = self._get_param("VirtualizationType") or "hvm"
        return result

    @around(EC2Response, "create_image")
    def create(original, self):
        specifications = self._get_param("TagSpecifications", [])
        self.params["TagSpecifications"] = []
        image, result = _made(original, self, specifications)
        image.root_device_name = self.ec2_backend.get_instance(self._get_param("InstanceId")).root_device_name
        return result

    @around(EC2Response, "copy_image")
    def copy(original, self):
        from moto.ec2.models import ec2_backends

        region, identifier = self._get_param("SourceRegion"), self._get_param("SourceImageId")
        source = available_image(ec2_backends[self.current_account][region], identifier)
        image, result = _made(original, self)
        image.root_device_name, image.root_device_type = source.root_device_name, source.root_device_type
        image.source_image_id, image.source_image_region = identifier, region
        if str(self._get_param("CopyImageTags", "")).lower() == "true":
            image.add_tags({tag["key"]: tag["value"] for tag in source.get_tags() if not tag["key"].startswith("aws:")})
        return result


def _made(original, request, specifications=None):
    from moto.ec2.utils import convert_tag_spec

    result = original(request)
    image = request.ec2_backend.amis[result.result["ImageId"]]
    tags = convert_tag_spec(
        specifications if specifications is not None else request._get_param("TagSpecifications", [])
    )
    image.add_tags(tags.get("image", {}))
    image.ebs_snapshot.add_tags(tags.get("snapshot", {}))
    return image, result


def let_copies_take_their_time():
    """An image that is created or copied is pending before it is available; moto's is available at once.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html (imageState: pending, available). The
    next DescribeImages sees it pending, the one after that available.
    """
    from moto.ec2.responses import EC2Response

    for operation in ("copy_image", "create_image"):
        _begin_pending(EC2Response, operation)

    @around(EC2Response, "describe_images")
    def describe(original, self):
        for image in self.ec2_backend.amis.values():
            if image.state == "pending" and _is_asked_for(self, image):
                image.state = image.drkit_next_state
                image.drkit_next_state = "available"
        return original(self)


def _is_asked_for(request, image):
    identifiers, owners = request._get_param("ImageIds", []), request._get_param("Owners", [])
    if identifiers:
        return image.id in identifiers
    return not owners or "self" in owners or image.owner_id in owners


def _begin_pending(responses, operation):
    @around(responses, operation)
    def begin(original, self):
        result = original(self)
        image = self.ec2_backend.amis[result.result["ImageId"]]
        image.state, image.drkit_next_state = "pending", "pending"
        return result
