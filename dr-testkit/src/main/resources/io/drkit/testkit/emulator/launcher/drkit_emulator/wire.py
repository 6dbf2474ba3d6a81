"""What a request to AWS asks for, and the shape in which its protocol carries an error."""

import json
import re
import struct
import uuid
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

REGION = re.compile(r"^[a-z]{2,4}(-[a-z]+)+-\d+$")
_HOST_REGION = re.compile(r"[.-](?P<region>[a-z]{2,4}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.com|api\.aws)")
_VIRTUAL_BUCKET = re.compile(r"^(?P<bucket>[a-z0-9][a-z0-9.-]+)\.s3(?:[.-][a-z0-9.-]+)?\.amazonaws\.com")
_ROUTE53_NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"


class Call:
    """One request: which service, which regions, which operation."""

    def __init__(self, environ, body):
        self.environ = environ
        self.body = body
        self.method = environ["REQUEST_METHOD"]
        self.path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        self.query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        self.host = environ.get("HTTP_HOST", "")
        self.service, self.signed_for = self._scope()
        self.form = self._form()

    def header(self, name, default=None):
        name = name.upper().replace("-", "_")
        return self.environ.get(name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + name, default)

    def _scope(self):
        # AKID/20261123/us-east-1/ec2/aws4_request; with the asymmetric signature, AKID/20261123/s3/aws4_request.
        credential = re.search(r"Credential=([^,\s]+)", self.header("Authorization", ""))
        scope = (credential.group(1) if credential else self.query.get("X-Amz-Credential", [""])[0]).split("/")
        if len(scope) == 5:
            return scope[3].lower(), scope[2]
        if len(scope) == 4:
            return scope[2].lower(), None
        return ("s3" if not credential else None), None

    def _form(self):
        if self.header("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            text = self.body.decode("utf-8", "replace")
            return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
        if "Action" in self.query:
            return {name: values[0] for name, values in self.query.items()}
        return {}

    def json(self):
        """The body's top level, for the protocols that send JSON."""
        try:
            members = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return members if isinstance(members, dict) else {}

    def addressed_regions(self):
        """The regions that the signature and the host name."""
        regions = [self.signed_for] if self.signed_for else []
        host = _HOST_REGION.search(self.host)
        if host:
            regions.append(host.group("region"))
        regions.extend(r for r in self.header("X-Amz-Region-Set", "").split(",") if REGION.match(r))
        return regions

    def bucket_and_key(self):
        """What an S3 request is about; either may be missing."""
        virtual = _VIRTUAL_BUCKET.match(self.host)
        if virtual:
            return virtual.group("bucket"), self.path.lstrip("/") or None
        bucket, _, key = self.path.lstrip("/").partition("/")
        return bucket or None, key or None

    def copy_source_bucket(self):
        source = self.header("x-amz-copy-source")
        return unquote(source).lstrip("/").partition("/")[0] if source else None

    def operation(self):
        """The name of the operation where the request says it or its model tells, else its method and path."""
        if "Action" in self.form:
            return self.form["Action"]
        target = self.header("x-amz-target")
        if target:
            return target.rpartition(".")[2]
        cbor = re.match(r"^/service/[^/]+/operation/(\w+)$", self.path)
        if cbor:
            return cbor.group(1)
        return self._modelled_operation() or f"{self.method} {self.path}"

    def _modelled_operation(self):
        from botocore.session import Session

        session = Session()
        for name in session.get_available_services():
            model = self._model(session, name)
            if model is None:
                continue
            for operation in model.operation_names:
                http = model.operation_model(operation).http
                pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(http["requestUri"].split("?")[0]))
                if http["method"] == self.method and re.match(f"^{pattern}/?$", self.path):
                    return operation
        return None

    def _model(self, session, name):
        # Reading every model takes seconds; a service's signing name starts its folder's name but for a few.
        if not self.service or name.replace("-", "")[:4] != self.service.replace("-", "")[:4]:
            return None
        model = session.get_service_model(name)
        return model if model.signing_name == self.service and model.protocol.startswith("rest") else None

    def __str__(self):
        return f"{self.service or 'an unknown service'} {self.operation()}"

    def not_implemented(self):
        """The answer for what moto lacks. No SDK retries a 501; each retries moto's own 500, and says nothing of it."""
        return self.error(501, "NotImplemented", f"moto has no {self}; drkit's emulator cannot answer it.")

    def error(self, status, code, message, headers=()):
        """An answer in the shape that the request's protocol has for errors."""
        content_type, body = self._error_body(code, message)
        return (
            f"{status} {code}",
            [
                ("Content-Type", content_type),
                ("x-amzn-RequestId", str(uuid.uuid4())),
                ("x-amzn-ErrorType", code),
                *headers,
            ],
            body,
        )

    def _error_body(self, code, message):
        if self.header("smithy-protocol") == "rpc-v2-cbor":
            return "application/cbor", b"\xa2" + b"".join(map(_cbor_text, ("__type", code, "message", message)))
        if self.header("x-amz-target"):
            return "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}).encode()
        if self.service == "s3":
            return "application/xml", _xml(
                f"<Error>{_code(code, message)}<RequestId>{uuid.uuid4()}</RequestId></Error>"
            )
        if self.service == "ec2":
            errors = f"<Errors><Error>{_code(code, message)}</Error></Errors>"
            return "text/xml", _xml(f"<Response>{errors}<RequestID>{uuid.uuid4()}</RequestID></Response>")
        if "Action" in self.form or self.service in ("route53", "cloudfront"):
            space = f' xmlns="{_ROUTE53_NAMESPACE}"' if self.service == "route53" else ""
            error = f"<Error><Type>Sender</Type>{_code(code, message)}</Error>"
            return "text/xml", _xml(
                f"<ErrorResponse{space}>{error}<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
            )
        return "application/json", json.dumps({"__type": code, "message": message}).encode()


def is_no_page(status, answer):
    """Whether the answer is the web framework's own page for an address that moto does not know."""
    return status.startswith(("404", "405")) and answer[:15].lower() == b"<!doctype html>"


def _xml(text):
    return ('<?xml version="1.0" encoding="UTF-8"?>' + text).encode()


def _code(code, message):
    return f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"


def _cbor_text(text):
    data = text.encode()
    # Major type 3; the length in the head, in one byte, or in two.
    if len(data) < 24:
        return bytes([0x60 + len(data)]) + data
    if len(data) < 256:
        return bytes([0x78, len(data)]) + data
    return b"\x79" + struct.pack(">H", len(data)) + data
