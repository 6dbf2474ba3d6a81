"""The HTTP server in front of moto."""

import io
import socket
import threading
import traceback
from http.server import BaseHTTPRequestHandler

from moto.backends import list_of_moto_modules
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from drkit_emulator import control, corrections, outage, s3_transfer, wire

# Each of these would wait for another request to this server while it is being answered.
_CALLS_BACK = {"apigateway", "cloudformation", "events", "lambda", "sns", "states"}


class Dropped(Exception):
    """The connection ends without an answer."""


class Handler(WSGIRequestHandler):
    """One connection, kept open between requests.

    Reads each request to its end before it is judged: half an upload must leave nothing behind. moto's own server
    closes every connection, lingers 10 ms over each, and answers ``Expect: 100-continue`` twice, which no client
    expects.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, *args, **kwargs):
        pass

    def version_string(self):
        return "AmazonS3"

    def run_wsgi(self):
        try:
            body = self.read_body()
            environ = self.make_environ()
            environ.pop("HTTP_TRANSFER_ENCODING", None)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = io.BytesIO(body)
            status, headers, answer = self.server.app.answer(environ, body)
        except (Dropped, ConnectionError, socket.timeout):
            self.drop()
            return
        except Exception:
            traceback.print_exc()
            self.drop()
            return
        try:
            self.write_answer(status, headers, answer)
        except (ConnectionError, socket.timeout):
            self.close_connection = True

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return b"".join(iter(self.read_chunk, b""))
        return self.read_exactly(int(self.headers.get("Content-Length") or 0))

    def read_chunk(self):
        size = int(self.rfile.readline().split(b";")[0], 16)
        chunk = self.read_exactly(size)
        self.rfile.readline()
        return chunk

    def read_exactly(self, size):
        body = self.rfile.read(size)
        if len(body) < size:
            raise ConnectionResetError(f"the client sent {len(body)} of {size} bytes")
        return body

    def write_answer(self, status, headers, answer):
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        names = set()
        for name, value in headers:
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
                names.add(name.lower())
        if "content-length" not in names and int(code) not in (204, 304):
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)
        self.wfile.flush()

    def send_header(self, keyword, value):
        # moto's own Date and Server win over those that the base class has already written.
        if keyword.lower() in ("date", "server") and hasattr(self, "_headers_buffer"):
            prefix = (keyword + ":").lower().encode()
            self._headers_buffer = [line for line in self._headers_buffer if not line.lower().startswith(prefix)]
        BaseHTTPRequestHandler.send_header(self, keyword, value)

    def drop(self):
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the client was quicker


class Dispatcher(DomainDispatcherApplication):
    """moto's choice of the service, which says so when there is none."""

    def get_backend_for_host(self, host):
        if host is None or host == "moto_api" or host in list_of_moto_modules():
            return host
        for backend, pattern in self.backend_url_patterns:
            if pattern.match(f"http://{host}"):
                return backend
        raise NotImplementedError(host)


class Front:
    """Judges a request against the lost regions, then lets corrected moto answer it."""

    def __init__(self):
        self.moto = Dispatcher(self.create)
        # moto checks and changes its state in separate steps on many threads. AWS's calls are atomic: a conditional
        # write or a client token that two requests present at once has one winner. A region that is lost has answered
        # its last request when the call that loses it returns.
        self.one_at_a_time = threading.Lock()

    @staticmethod
    def create(service):
        corrections.apply_for(service)
        return create_backend_app(service)

    def answer(self, environ, body):
        path = environ.get("PATH_INFO", "")
        if path.startswith("/drkit/"):
            return control.answer(environ, self.one_at_a_time)
        if path.startswith("/moto-api"):
            with self.one_at_a_time:
                return self.moto_answer(environ)
        call = wire.Call(environ, body)
        with self.one_at_a_time:
            lost = outage.what_is_lost_to(call)
            refusal = None if lost else s3_transfer.refusal(call)
            if not lost and not refusal and call.service not in _CALLS_BACK:
                return self.corrected_answer(call)
        if lost:
            return self.refuse(call, lost)
        return refusal or self.corrected_answer(call)

    @staticmethod
    def refuse(call, lost):
        if lost.mode == "hang":
            lost.wait_until_restored()
        if lost.mode in ("hang", "reset"):
            raise Dropped
        return call.error(503, "ServiceUnavailable", f"drkit's emulator was told that {lost.region} is lost.")

    def corrected_answer(self, call):
        try:
            status, headers, answer = self.moto_answer(call.environ)
        except NotImplementedError:
            return call.not_implemented()
        except Exception as broken:
            traceback.print_exc()
            return call.error(500, "InternalFailure", f"moto failed in {call}: {type(broken).__name__}: {broken}")
        if wire.is_no_page(status, answer):
            return call.not_implemented()
        return status, headers, answer

    def moto_answer(self, environ):
        head = []

        def start_response(status, headers, exc_info=None):
            head[:] = [status, headers]
            return lambda data: None

        parts = self.moto(environ, start_response)
        try:
            answer = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return head[0], head[1], answer


def serve(port):
    """Serves until the process ends, and prints the address first."""
    server = make_server("127.0.0.1", port, Front(), threaded=True, request_handler=Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
