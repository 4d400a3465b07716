"""A whole WebSub hub (W3C Recommendation of 23 January 2018) and rssCloud server on loopback, over real HTTP: takes
subscriptions, verifies intent, grants leases, denies, distributes signed content, and forgets who no longer wants it."""
import hashlib
import hmac
import http.client
import http.server
import secrets
import threading
import time
import urllib.parse
import xml.sax.saxutils


class Subscription:
    def __init__(self, callback, topic, secret, lease):
        self.callback, self.topic, self.secret, self.lease = callback, topic, secret, lease
        self.ends = time.time() + lease


class Hub:
    """lease: granted whatever is asked for, where it is set. deny: a reason to deny every subscription. verifies: whether it
    asks at all. answer: (status, headers) for every request instead of taking it."""

    def __init__(self, lease=None, port=0):
        hub = self
        self.lease, self.deny, self.answer, self.verifies = lease, None, None, True
        self.subscriptions, self.registered = {}, {}   # (topic, callback) -> Subscription; (topic, callback) -> time
        self.requests, self.deliveries, self.questions = [], [], []
        self.lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
                with hub.lock:
                    hub.requests.append((time.monotonic(), self.path, form))
                if hub.answer is not None:
                    status, headers = hub.answer
                    self.reply(status, headers=headers)
                elif self.path == "/cloud":
                    self.register(form)
                else:
                    self.subscribe(form)

            def do_GET(self):
                with hub.lock:
                    hub.requests.append((time.monotonic(), "GET " + self.path, {}))
                self.reply(405)

            def reply(self, status, body=b"", headers=()):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, value in dict(headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def subscribe(self, form):
                mode, topic, callback = form.get("hub.mode"), form.get("hub.topic"), form.get("hub.callback")
                if mode not in ("subscribe", "unsubscribe") or not topic or not callback:
                    return self.reply(400, b"hub.mode, hub.topic and hub.callback are needed")
                if len(form.get("hub.secret", "").encode()) >= 200:
                    return self.reply(400, b"hub.secret must be shorter than 200 bytes")
                self.reply(202)
                threading.Thread(target=hub.verify, args=(mode, topic, callback, form), daemon=True).start()

            def register(self, form):
                callback = f"http://{form.get('domain') or self.client_address[0]}:{form['port']}{form['path']}"
                topic = form["url1"]
                challenge = secrets.token_hex(12)
                status, said = hub.ask(callback, {"url": topic, "challenge": challenge})
                good = 200 <= status < 300 and said == challenge
                if good:
                    with hub.lock:
                        hub.registered[(topic, callback)] = time.time()
                body = f'<?xml version="1.0"?><notifyResult success="{str(good).lower()}" msg="{"Thanks" if good else "the challenge failed"}"/>'
                self.reply(200, body.encode(), {"Content-Type": "text/xml"})

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hub"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def ask(self, callback, query):
        """A GET of the callback with these parameters: (status, body)."""
        parts = urllib.parse.urlsplit(callback)
        text = urllib.parse.urlencode(query)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        try:
            connection.request("GET", f"{parts.path}?{parts.query + '&' if parts.query else ''}{text}")
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError as error:
            return 0, str(error)
        finally:
            connection.close()

    def verify(self, mode, topic, callback, form):
        if mode == "subscribe" and self.deny is not None:
            self.ask(callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": self.deny})
            return
        if not self.verifies:
            return
        lease = self.lease or int(form.get("hub.lease_seconds") or 864000)
        challenge = secrets.token_hex(12)
        query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge}
        if mode == "subscribe":
            query["hub.lease_seconds"] = str(lease)
        status, said = self.ask(callback, query)
        with self.lock:
            self.questions.append((mode, topic, callback, status))
            if not (200 <= status < 300 and said == challenge):
                return
            if mode == "subscribe":
                self.subscriptions[(topic, callback)] = Subscription(callback, topic, form.get("hub.secret"), lease)
            else:
                self.subscriptions.pop((topic, callback), None)

    def of(self, topic):
        """The subscriptions of a topic whose lease runs."""
        with self.lock:
            return [s for s in self.subscriptions.values() if s.topic == topic and s.ends > time.time()]

    def asked(self, mode=None):
        with self.lock:
            return [form for _, _, form in self.requests if mode is None or form.get("hub.mode") == mode]

    def publish(self, topic, body, method="sha256", content_type="application/rss+xml", signature=None):
        """Sends content to the subscribers of the topic; their answers' statuses. `signature` stands for the right one."""
        return [self.send(s, body, method, content_type, signature) for s in self.of(topic)]

    def send(self, subscription, body, method="sha256", content_type="application/rss+xml", signature=None):
        headers = {"Content-Type": content_type, "Link": f'<{self.url}>; rel="hub", <{subscription.topic}>; rel="self"'}
        if signature is not None:
            if signature:
                headers["X-Hub-Signature"] = signature
        elif subscription.secret:
            headers["X-Hub-Signature"] = method + "=" + hmac.new(subscription.secret.encode(), body, getattr(hashlib, method)).hexdigest()
        status = self.post(subscription.callback, body, headers)
        if status == 410:
            with self.lock:
                self.subscriptions.pop((subscription.topic, subscription.callback), None)
        return status

    def notify(self, topic):
        """rssCloud: tells those that registered that the feed has changed."""
        with self.lock:
            callbacks = [c for t, c in self.registered if t == topic]
        body = urllib.parse.urlencode({"url": topic}).encode()
        return [self.post(c, body, {"Content-Type": "application/x-www-form-urlencoded"}) for c in callbacks]

    def post(self, callback, body, headers):
        parts = urllib.parse.urlsplit(callback)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        try:
            connection.request("POST", parts.path + ("?" + parts.query if parts.query else ""), body, headers)
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except OSError:
            status = 0
        finally:
            connection.close()
        with self.lock:
            self.deliveries.append((callback, status))
        return status

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def rss_of(items, hub=None, topic=None, cloud=None, title="Feed"):
    """A feed that names its hub, itself and its rssCloud; items: (guid, title, text), newest first."""
    escape = xml.sax.saxutils.escape
    head = ""
    for rel, href in (("hub", hub), ("self", topic)):
        if href:
            head += f'<atom:link rel="{rel}" href="{escape(href)}"/>'
    if cloud:
        host, port, path = cloud
        head += f'<cloud domain="{host}" port="{port}" path="{path}" registerProcedure="" protocol="http-post"/>'
    body = "".join(f'<item><title>{escape(t)}</title><link>http://news.example/{escape(g)}</link><guid isPermaLink="false">{escape(g)}</guid>'
                   f"<description>{escape(text)}</description></item>" for g, t, text in items)
    return (f'<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{escape(title)}</title>'
            f"<link>http://news.example/</link><description>d</description>{head}{body}</channel></rss>").encode()
