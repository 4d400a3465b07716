"""A real HTTP server on loopback whose answers a test decides: feeds that grow, and every fault that origins have."""
import email.utils
import gzip
import http.server
import socket
import ssl
import subprocess
import threading
import time
import xml.sax.saxutils


def rss(items, title="Feed"):
    """items: (guid, title, text), newest first."""
    escape = xml.sax.saxutils.escape
    body = "".join(f"<item><title>{escape(t)}</title><link>http://news.example/{escape(g)}</link><guid isPermaLink=\"false\">{escape(g)}</guid>"
                   f"<description>{escape(text)}</description></item>" for g, t, text in items)
    return f"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{escape(title)}</title><link>http://news.example/</link><description>d</description>{body}</channel></rss>".encode()


class Answer:
    def __init__(self, body=b"", status=200, headers=(), content_type="application/rss+xml"):
        self.body, self.status, self.headers, self.content_type = body, status, dict(headers), content_type


class Origin:
    """routes: path -> Answer, bytes (a feed) or a function of the request handler that writes what it likes."""

    def __init__(self, certificate=None):
        origin = self
        self.routes, self.requests, self.lock = {}, [], threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_GET(self):
                with origin.lock:
                    origin.requests.append((time.monotonic(), self.command, self.path, dict(self.headers)))
                    route = origin.routes.get(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.body = body
                if route is None:
                    route = Answer(b"nothing here\n", 404, content_type="text/plain")
                if callable(route):
                    route = route(self)
                if route is None:
                    return
                if isinstance(route, bytes):
                    route = Answer(route)
                try:
                    self.send_response(route.status)
                    if route.status != 304:
                        self.send_header("Content-Type", route.content_type)
                        self.send_header("Content-Length", str(len(route.body)))
                    for name, value in route.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(route.body)
                except OSError:
                    self.close_connection = True

            do_POST = do_GET

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def url(self, path):
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def set(self, path, route):
        with self.lock:
            self.routes[path] = route

    def count(self, path):
        with self.lock:
            return sum(1 for r in self.requests if r[2] == path)

    def times(self, path):
        with self.lock:
            return [r[0] for r in self.requests if r[2] == path]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def with_etag(body_of):
    """A route that answers 304 where the client has the present document."""
    def route(request):
        body = body_of()
        etag = '"%x"' % (hash(body) & 0xFFFFFFFF)
        if request.headers.get("If-None-Match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return Answer(body, headers={"ETag": etag})
    return route


def reset(request):
    """Closes the connection with a reset instead of an answer."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    request.connection.close()
    request.close_connection = True


def bomb(megabytes=200):
    """A small body that decompresses to a large one."""
    packed = gzip.compress(b"<rss version='2.0'><channel>" + b" " * (megabytes << 20), 9)
    return Answer(packed, headers={"Content-Encoding": "gzip"})


def retry_after_date(seconds):
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


def self_signed(folder):
    """A certificate that nobody trusts, made now."""
    path = f"{folder}/self-signed.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-keyout", path, "-out", path + ".crt"], check=True, capture_output=True)
    with open(path, "a") as key, open(path + ".crt") as certificate:
        key.write(certificate.read())
    return path


def for_loopback(folder):
    """A certificate for 127.0.0.1, made now: who reads this file as its authorities trusts it."""
    path = f"{folder}/loopback.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", path + ".crt"], check=True, capture_output=True)
    with open(path, "a") as key, open(path + ".crt") as certificate:
        key.write(certificate.read())
    return path


def closed_port():
    """A port where nobody listens."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
