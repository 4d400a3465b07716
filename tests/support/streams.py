"""Real stream servers on loopback: server-sent events (WHATWG HTML) and WebSockets (RFC 6455), plain or with TLS. Each keeps
what it has told, and tells a listener who comes back with Last-Event-ID all that came after it."""
import base64
import hashlib
import http.server
import socket
import ssl
import struct
import threading
import time
import urllib.parse

WEBSOCKET_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Listeners:
    """events: (id, payload), ever growing. Connections wait for more, and are cut by drop()."""

    def __init__(self, certificate=None):
        self.events, self.connections, self.changed = [], [], threading.Condition()
        self.seen_ids, self.times, self.messages, self.fields = [], [], [], []
        self.refuse = None   # (status, headers): instead of a stream
        self.generation = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_GET(self):
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                last = self.headers.get("Last-Event-ID") or query.get("since")
                with outer.changed:
                    outer.times.append(time.monotonic())
                    outer.seen_ids.append(last)
                    outer.fields.append(dict(self.headers))
                self.close_connection = True
                if outer.refuse is not None:
                    status, headers = outer.refuse
                    self.send_response(status)
                    for name, value in {"Content-Length": "0", **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    return
                try:
                    outer.serve(self, last)
                except OSError:
                    pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.secure = certificate is not None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def tell(self, *events):
        with self.changed:
            self.events.extend(events)
            self.changed.notify_all()

    def drop(self):
        """Cuts every connection that stands."""
        with self.changed:
            self.generation += 1
            connections, self.connections = self.connections, []
            self.changed.notify_all()
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def listening(self):
        with self.changed:
            return len(self.connections)

    def follow(self, handler, last, send):
        """Sends what comes after the event `last`, until the connection is dropped."""
        with self.changed:
            ids = [i for i, _ in self.events]
            at = ids.index(last) + 1 if last in ids else 0
            generation = self.generation
            self.connections.append(handler.connection)
        while True:
            with self.changed:
                self.changed.wait_for(lambda: len(self.events) > at or self.generation != generation, 10)
                if self.generation != generation:
                    return
                new = self.events[at:]
            for event in new:
                send(*event)
            at += len(new)

    def close(self):
        self.drop()
        self.server.shutdown()
        self.server.server_close()


class SseServer(Listeners):
    retry = None

    def url(self, path="/events"):
        return f"http://127.0.0.1:{self.port}{path}"

    def serve(self, handler, last):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(b": welcome\n\n")
        if self.retry is not None:
            handler.wfile.write(f"retry: {self.retry}\n\n".encode())

        def send(event_id, payload):
            lines = "".join(f"data: {line}\n" for line in payload.split("\n"))
            handler.wfile.write(f"id: {event_id}\nevent: news\n{lines}\n".encode())
        self.follow(handler, last, send)


class WebSocketServer(Listeners):
    def url(self, path="/socket"):
        return f"{'wss' if self.secure else 'ws'}://127.0.0.1:{self.port}{path}"

    def serve(self, handler, last):
        key = handler.headers.get("Sec-WebSocket-Key")
        if handler.headers.get("Upgrade", "").lower() != "websocket" or not key:
            handler.send_error(426)
            return
        accept = base64.b64encode(hashlib.sha1((key + WEBSOCKET_KEY).encode()).digest()).decode()
        handler.wfile.write(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode())
        threading.Thread(target=self.read, args=(handler,), daemon=True).start()
        self.follow(handler, last, lambda _, payload: handler.wfile.write(frame(payload.encode())))

    def read(self, handler):
        """The listener's own messages; its pings are answered."""
        try:
            while True:
                opcode, payload = read_frame(handler.rfile)
                if opcode == 8:
                    return
                if opcode == 9:
                    handler.wfile.write(frame(payload, 10))
                elif opcode in (1, 2):
                    with self.changed:
                        self.messages.append(payload.decode())
        except (OSError, EOFError, ValueError):
            return


def frame(payload, opcode=1):
    if len(payload) < 126:
        return struct.pack("!BB", 0x80 | opcode, len(payload)) + payload
    if len(payload) < 65536:
        return struct.pack("!BBH", 0x80 | opcode, 126, len(payload)) + payload
    return struct.pack("!BBQ", 0x80 | opcode, 127, len(payload)) + payload


def read_exactly(file, size):
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data


def read_frame(file):
    first, second = read_exactly(file, 2)
    size = second & 127
    if size == 126:
        size = struct.unpack("!H", read_exactly(file, 2))[0]
    elif size == 127:
        size = struct.unpack("!Q", read_exactly(file, 8))[0]
    mask = read_exactly(file, 4) if second & 128 else bytes(4)
    payload = bytes(b ^ mask[i % 4] for i, b in enumerate(read_exactly(file, size)))
    return first & 15, payload
