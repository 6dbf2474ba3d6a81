"""Corrections of S3. What is checked before the object is looked at is in s3_transfer.py."""

from urllib.parse import parse_qs, unquote, urlparse

from drkit_emulator.patching import around

_CONDITION = "x-amz-copy-source-"


def apply():
    honour_the_conditions_of_copies()


def honour_the_conditions_of_copies():
    """A copy is made only while its source is as the request says; moto knows one of the four conditions.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html and API_UploadPartCopy.html
    (x-amz-copy-source-if-match and the others: 412 PreconditionFailed; If-Match and If-None-Match for the destination),
    and NoSuchKey with a body where the source is missing.
    """
    from moto.s3.exceptions import MissingKey
    from moto.s3.responses import S3Response

    @around(S3Response, "copy_object")
    def copy_object(original, self):
        source, _ = _source(self)
        if source is not None:
            _check_source(self.headers, source)
        _check_destination(self)
        return original(self)

    @around(S3Response, "upload_part_copy")
    def upload_part_copy(original, self):
        source, key = _source(self)
        if source is None:
            raise MissingKey(key=key)
        _check_source(self.headers, source)
        return original(self)


def _source(request):
    named = urlparse(request.headers["x-amz-copy-source"])
    bucket, _, key = unquote(named.path).lstrip("/").partition("/")
    version = parse_qs(named.query).get("versionId", [None])[0]
    return request.backend.get_object(bucket, key, version_id=version), key


def _check_source(headers, source):
    from moto.core.utils import str_to_rfc_1123_datetime
    from moto.s3.exceptions import PreconditionFailed

    etag, changed = source.etag.strip('"'), source.last_modified.replace(microsecond=0)
    match, no_match = headers.get(_CONDITION + "if-match"), headers.get(_CONDITION + "if-none-match")
    unmodified, modified = headers.get(_CONDITION + "if-unmodified-since"), headers.get(
        _CONDITION + "if-modified-since"
    )
    if match and match.strip('"') != etag:
        raise PreconditionFailed("x-amz-copy-source-If-Match")
    if no_match and no_match.strip('"') == etag:
        raise PreconditionFailed("x-amz-copy-source-If-None-Match")
    # Each of the two above decides alone, whatever the dates say.
    if unmodified and not match and changed > str_to_rfc_1123_datetime(unmodified):
        raise PreconditionFailed("x-amz-copy-source-If-Unmodified-Since")
    if modified and not no_match and changed <= str_to_rfc_1123_datetime(modified):
        raise PreconditionFailed("x-amz-copy-source-If-Modified-Since")


def _check_destination(request):
    from moto.s3.exceptions import MissingKey, PreconditionFailed

    match, no_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if not match and not no_match:
        return
    there = request.backend.get_object(request.bucket_name, request.parse_key_name())
    if match and there is None:
        raise MissingKey(key=request.parse_key_name())
    if match and match.strip('"') != there.etag.strip('"'):
        raise PreconditionFailed("If-Match")
    if no_match == "*" and there is not None:
        raise PreconditionFailed("If-None-Match")
