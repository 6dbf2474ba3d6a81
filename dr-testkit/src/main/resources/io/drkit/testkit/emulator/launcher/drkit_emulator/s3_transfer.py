"""What S3 checks of a request before it looks at the object: where the bucket lives, and whether the bytes are those
sent.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (PermanentRedirect, BadDigest,
InvalidDigest, XAmzContentSHA256Mismatch, IncompleteBody, MalformedTrailerError) and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html.
"""

import base64
import binascii
import hashlib
import io
from xml.sax.saxutils import escape

from drkit_emulator import checksums

_CHECKSUM = "x-amz-checksum-"
# They describe what the checksum is, and are none.
_NOT_CHECKSUMS = {"algorithm", "mode", "type"}


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def home_of(bucket):
    """The region of a bucket, or None."""
    if not bucket:
        return None
    from moto.s3.models import s3_backends

    for _, _, backend in s3_backends.iter_backends():
        found = backend.buckets.get(bucket)
        if found is not None:
            return found.region_name
    return None


def refusal(call):
    """The error to answer with, or None after the body was made what the object is to be."""
    if call.service != "s3":
        return None
    try:
        return _redirection(call) or _check_body(call)
    except Refused as refused:
        return call.error(400, refused.code, str(refused))


def _redirection(call):
    """A client of another region is sent away; moto serves it.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html and
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html (x-amz-bucket-region).
    """
    bucket, key = call.bucket_and_key()
    home = home_of(bucket)
    creates = call.method == "PUT" and not key and not set(call.query) - {"x-id"}
    asks_where = call.method == "GET" and not key and "location" in call.query
    if home is None or call.signed_for in (None, home) or creates or asks_where:
        return None
    status, headers, body = call.error(
        301,
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all "
        "future requests to this endpoint.",
        [("x-amz-bucket-region", home)],
    )
    endpoint = f"<Endpoint>{escape(bucket)}.s3.{home}.amazonaws.com</Endpoint><Bucket>{escape(bucket)}</Bucket>"
    return status, headers, body.replace(b"<RequestId>", endpoint.encode() + b"<RequestId>")


def _check_body(call):
    body, trailer = call.body, {}
    payload = call.header("x-amz-content-sha256", "")
    if payload.startswith("STREAMING-"):
        body, trailer = _unframed(call)
    elif len(payload) == 64 and hashlib.sha256(body).hexdigest() != payload:
        raise Refused(
            "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."
        )
    _check_md5(call, body)
    for name, value in _checksums(call, trailer).items():
        _check_checksum(name, value, body)
        # moto keeps a checksum only when it is told the algorithm.
        call.environ.setdefault("HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM", name.upper())
        call.environ["HTTP_" + (_CHECKSUM + name).upper().replace("-", "_")] = value
    if payload.startswith("STREAMING-"):
        _replace_body(call, body)
    return None


def _unframed(call):
    """The bytes and the trailing headers of a body in chunks.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html.
    """
    frames = io.BytesIO(call.body)
    parts = []
    try:
        size = int(frames.readline().split(b";")[0], 16)
        while size:
            parts.append(frames.read(size))
            if len(parts[-1]) < size or frames.read(2) != b"\r\n":
                raise Refused(
                    "IncompleteBody",
                    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
                )
            size = int(frames.readline().split(b";")[0], 16)
    except ValueError:
        raise Refused("IncompleteBody", "The request body terminated unexpectedly.")
    body = b"".join(parts)
    if len(body) != int(call.header("x-amz-decoded-content-length", len(body))):
        raise Refused(
            "IncompleteBody",
            "You did not provide the number of bytes specified by the x-amz-decoded-content-length header.",
        )
    trailer = {}
    for line in frames.read().decode("latin-1").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            trailer[name.strip().lower()] = value.strip()
    announced = call.header("x-amz-trailer")
    if announced and announced.strip().lower() not in trailer:
        raise Refused(
            "MalformedTrailerError",
            "The request contained trailing data that was not well-formed or did not conform to our published schema.",
        )
    return body, trailer


def _check_md5(call, body):
    told = call.header("Content-MD5")
    if told is None:
        return
    if len(_decoded(told) or b"") != 16:
        raise Refused("InvalidDigest", "The Content-MD5 you specified was invalid.")
    if hashlib.md5(body, usedforsecurity=False).digest() != _decoded(told):
        raise Refused("BadDigest", "The Content-MD5 you specified did not match what we received.")


def _checksums(call, trailer):
    prefix = "HTTP_" + _CHECKSUM.upper().replace("-", "_")
    told = {name[len(prefix) :].lower(): value for name, value in call.environ.items() if name.startswith(prefix)}
    told.update({name[len(_CHECKSUM) :]: value for name, value in trailer.items() if name.startswith(_CHECKSUM)})
    # On CompleteMultipartUpload it is the checksum of the object, not of the request.
    if call.method == "POST" and "uploadId" in call.query:
        return {}
    return {name: value for name, value in told.items() if name not in _NOT_CHECKSUMS}


def _check_checksum(name, value, body):
    if not checksums.known(name):
        raise Refused("InvalidRequest", f"Value for {_CHECKSUM}{name} header is invalid.")
    computed = checksums.compute(name, body)
    if len(_decoded(value) or b"") != len(computed):
        raise Refused("InvalidRequest", f"Value for {_CHECKSUM}{name} header is invalid.")
    if _decoded(value) != computed:
        raise Refused("BadDigest", f"The {name.upper()} you specified did not match the calculated checksum.")


def _decoded(value):
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return None


def _replace_body(call, body):
    environ = call.environ
    encodings = [each.strip() for each in call.header("Content-Encoding", "").split(",")]
    kept = [each for each in encodings if each and each != "aws-chunked"]
    environ.pop("HTTP_CONTENT_ENCODING", None)
    if kept:
        environ["HTTP_CONTENT_ENCODING"] = ",".join(kept)
    environ["HTTP_X_AMZ_CONTENT_SHA256"] = "UNSIGNED-PAYLOAD"
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)
