"""Push, end to end: a WebSub hub and an rssCloud over real HTTP, from the subscription to entries of a real Redis stream."""
import json
import signal
import time

from harness import QUICK, Case, main, services, source, wait_until
from hub import Hub, rss_of
from origin import Answer, for_loopback
from streams import SseServer, WebSocketServer

WORDS = "harbour bridge council engine winter market orchard signal railway forest senate glacier bakery museum tunnel lantern".split()


def article(n):
    """A text of its own for each number."""
    pick = [WORDS[(n * 7 + k * (n % 5 + 3)) % len(WORDS)] for k in range(60)]
    return (f"g{n}", f"{pick[0].title()} {pick[7]} number {n * 37 + 11} opens in district {n}", " ".join(f"{w}{(n * 31 + k) % 97}" for k, w in enumerate(pick)) + ".")


class PushCase(Case):
    def setUp(self):
        super().setUp()
        self.port = services.free_port()
        self.server, self.feed_origin = self.redis(), self.origin()
        self.items = [article(0)]

    def hub(self, **options):
        hub = Hub(**options)
        self.addCleanup(hub.close)
        return hub

    def topic(self, path="/feed"):
        return self.feed_origin.url(path)

    def serve(self, hub=None, cloud=None, path="/feed"):
        self.feed_origin.set(path, lambda request: Answer(self.document(hub, cloud, path)))

    def document(self, hub, cloud=None, path="/feed"):
        return rss_of(self.items, hub=hub.url if hub else None, topic=self.topic(path), cloud=cloud)

    def push(self, **options):
        """The section [push], with callbacks at a port of their own."""
        rows = {"public_url": f"http://127.0.0.1:{self.port}", "listen": f"127.0.0.1:{self.port}", "verify_timeout": "1s", "backoff_base": "1s", **options}
        return "[push]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in rows.items())

    def start(self, text, **options):
        return self.daemon(self.server, self.push(**options) + text).wait_ready()

    def wait_subscribed(self, hub, count=1, topic=None):
        return wait_until(lambda: (lambda found: found if len(found) >= count else None)(hub.of(topic or self.topic())), "the hub has the subscription")

    def state(self, daemon, name="wire"):
        return [c["state"] for c in daemon.source(name)["push"] or []]


class WebSub(PushCase):
    def test_a_feed_that_names_a_hub_is_subscribed_to_and_its_pings_come_out(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        subscription = self.wait_subscribed(hub)[0]
        self.assertGreaterEqual(len(subscription.callback.rsplit("/", 1)[1]), 32)
        self.assertGreaterEqual(len(subscription.secret), 32)
        polls = wait_until(lambda: self.feed_origin.count("/feed") if self.state(daemon) == ["active"] else 0, "it is active")
        for n, method in enumerate(("sha1", "sha256", "sha384", "sha512"), 1):
            self.items.insert(0, article(n))
            self.assertEqual(hub.publish(self.topic(), self.document(hub), method), [204])
            entries = self.wait_items(self.server, n + 1)
            self.assertEqual(entries[-1][2]["guid"], f"g{n}")
            self.assertEqual(entries[-1][1]["verdict"], "new")
        self.assertLessEqual(self.feed_origin.count("/feed"), polls + 1)
        channel = daemon.source("wire")["push"][0]
        self.assertEqual((channel["kind"], channel["hub"], channel["state"], channel["pings"]), ("WebSub", hub.url, "active", 4))
        self.assertEqual(daemon.metric("tidings_push_pings_total", 'outcome="taken"'), 4)
        self.assertEqual(daemon.metric("tidings_push_subscriptions"), 1)
        self.assertEqual(daemon.stop(), 0)

    def test_link_headers_go_before_the_document(self):
        hub, other = self.hub(), self.hub()
        topic = self.topic("/canonical")
        headers = {"Link": f'<{hub.url}>; rel="hub", </canonical>; rel="self"'}
        self.feed_origin.set("/feed", lambda request: Answer(self.document(other), headers=headers))
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        self.wait_subscribed(hub, topic=topic)
        self.assertEqual(other.asked(), [])
        self.assertEqual(daemon.stop(), 0)

    def test_several_hubs_are_subscribed_to(self):
        hub, second = self.hub(), self.hub()
        links = f'<{hub.url}>; rel="hub", <{second.url}>; rel="hub"'
        self.feed_origin.set("/feed", lambda request: Answer(self.document(hub), headers={"Link": links}))
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        one, two = self.wait_subscribed(hub)[0], self.wait_subscribed(second)[0]
        self.assertNotEqual((one.callback, one.secret), (two.callback, two.secret))
        self.items.insert(0, article(1))
        for each in (hub, second):
            self.assertEqual(each.publish(self.topic(), self.document(hub)), [204])
        self.wait_items(self.server, 2)
        self.assertEqual([f["verdict"] for _, f, _ in self.stream(self.server, "items")], ["new", "new"])
        self.assertEqual(daemon.stop(), 0)

    def test_a_wrong_signature_is_answered_as_a_good_one_and_left_out(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        self.wait_subscribed(hub)
        self.wait_items(self.server, 1)
        polls = self.feed_origin.count("/feed")
        forged = rss_of([article(66)], hub=hub.url, topic=self.topic())
        for signature in ("sha256=" + "0" * 64, "sha256=", "md5=00", "nonsense", ""):
            self.assertEqual(hub.publish(self.topic(), forged, signature=signature), [204])
        self.assertEqual(daemon.metric("tidings_push_pings_total", 'outcome="bad_signature"'), 4)
        self.assertEqual(daemon.metric("tidings_push_pings_total", 'outcome="unsigned"'), 1)
        self.assertEqual(daemon.source("wire")["push"][0]["bad_signatures"], 5)
        self.items.insert(0, article(1))
        hub.publish(self.topic(), self.document(hub))
        self.assertEqual([item["guid"] for _, _, item in self.wait_items(self.server, 2)], ["g0", "g1"])
        self.assertEqual(self.feed_origin.count("/feed"), polls)
        self.assertEqual(daemon.stop(), 0)

    def test_a_replay_brings_no_items(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        self.wait_subscribed(hub)
        self.items.insert(0, article(1))
        old = self.document(hub)
        for _ in range(3):
            self.assertEqual(hub.publish(self.topic(), old), [204])
        self.items.insert(0, article(2))
        hub.publish(self.topic(), self.document(hub))
        hub.publish(self.topic(), old)
        self.assertEqual([(f["verdict"], item["guid"]) for _, f, item in self.wait_items(self.server, 3)], [("new", "g0"), ("new", "g1"), ("new", "g2")])
        self.assertEqual(daemon.source("wire")["updates"], 0)
        self.assertEqual(daemon.stop(), 0)

    def test_a_ping_without_content_or_that_cannot_be_read_has_the_source_polled(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        self.wait_subscribed(hub)
        for n, body in enumerate((b"", b"news!", rss_of([], hub=hub.url, topic=self.topic())), 1):
            self.items.insert(0, article(n))
            self.assertEqual(hub.publish(self.topic(), body, content_type="text/plain"), [204])
            self.assertEqual(self.wait_items(self.server, n + 1)[-1][2]["guid"], f"g{n}")
        self.assertEqual(daemon.metric("tidings_push_pings_total", 'outcome="thin"'), 3)
        wait_until(lambda: daemon.source("wire")["push"][0]["recall"] > 0.7, "what the pings had polled is to the hub's credit")
        self.assertEqual(daemon.stop(), 0)

    def test_a_body_over_the_limit_is_refused(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"), max_body="64KiB")
        self.wait_subscribed(hub)
        self.assertEqual(hub.publish(self.topic(), b"x" * (65 << 10)), [413])
        self.items.insert(0, article(1))
        self.assertEqual(hub.publish(self.topic(), self.document(hub)), [204])
        self.wait_items(self.server, 2)
        self.assertEqual(daemon.stop(), 0)

    def test_questions_that_are_not_ours_are_answered_404(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        subscription = self.wait_subscribed(hub)[0]
        ours = {"hub.mode": "subscribe", "hub.topic": self.topic(), "hub.challenge": "c", "hub.lease_seconds": "60"}
        self.assertEqual(hub.ask(subscription.callback, ours), (200, "c"))
        for change in ({"hub.topic": self.topic("/other")}, {"hub.mode": "unsubscribe"}, {"hub.mode": "nonsense"}, {"hub.challenge": ""}):
            self.assertEqual(hub.ask(subscription.callback, {**ours, **change})[0], 404)
        base = subscription.callback.rsplit("/", 1)[0]
        self.assertEqual(hub.ask(base + "/" + "0" * 48, ours)[0], 404)
        self.assertEqual(hub.post(base + "/" + "0" * 48, b"<rss/>", {}), 410)
        self.assertEqual(daemon.stop(), 0)

    def test_a_lease_is_renewed_before_it_ends(self):
        hub = self.hub(lease=10)
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        first = self.wait_subscribed(hub)[0]
        end = first.ends
        wait_until(lambda: len(hub.asked("subscribe")) >= 2, "the lease is renewed")
        self.assertLess(time.time(), end)
        wait_until(lambda: hub.of(self.topic())[0].ends > end, "the hub has granted it again")
        renewed = hub.of(self.topic())
        self.assertEqual([s.callback for s in renewed], [first.callback])
        self.assertEqual(self.state(daemon), ["active"])
        self.assertEqual(daemon.stop(), 0)

    def test_a_denial_is_told_and_polling_goes_on(self):
        hub = self.hub()
        hub.deny = "paying customers only"
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1s"))
        wait_until(lambda: self.state(daemon) == ["denied"], "the denial has arrived")
        self.assertIn("paying customers only", daemon.source("wire")["push"][0]["last_error"])
        self.items.insert(0, article(1))
        self.wait_items(self.server, 2)
        self.assertEqual(len(hub.asked("subscribe")), 1)
        self.assertEqual(daemon.stop(), 0)

    def test_a_hub_that_fails_or_does_not_ask_back_is_tried_again(self):
        hub = self.hub()
        hub.answer = (503, {})
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        wait_until(lambda: daemon.source("wire").get("push") and "503" in daemon.source("wire")["push"][0]["last_error"], "the failure is shown")
        hub.answer, hub.verifies = None, False
        wait_until(lambda: self.state(daemon) == ["asked"], "the hub took the request")
        hub.verifies = True
        self.wait_subscribed(hub)
        wait_until(lambda: self.state(daemon) == ["active"], "it is active")
        self.assertEqual(daemon.source("wire")["push"][0]["last_error"], "")
        self.assertEqual(daemon.stop(), 0)

    def test_a_hub_may_move_by_307_and_308(self):
        hub = self.hub()
        for status in (307, 308):
            old = self.hub()
            old.answer = (status, {"Location": hub.url})
            self.serve(old, path=f"/feed{status}")
        daemon = self.start("".join(source(f"wire{s}", self.topic(f"/feed{s}"), interval="1h") for s in (307, 308)))
        for status in (307, 308):
            self.wait_subscribed(hub, topic=self.topic(f"/feed{status}"))
        self.assertEqual(daemon.stop(), 0)

    def test_a_source_that_leaves_the_configuration_is_unsubscribed(self):
        hub = self.hub()
        self.serve(hub)
        self.serve(hub, path="/other")
        both = source("wire", self.topic(), interval="1h") + source("other", self.topic("/other"), interval="1h")
        daemon = self.start(both)
        left = self.wait_subscribed(hub)[0]
        self.wait_subscribed(hub, topic=self.topic("/other"))
        daemon.write(QUICK + self.push() + source("other", self.topic("/other"), interval="1h", push=False))
        daemon.process.send(signal.SIGHUP)
        for path in ("/feed", "/other"):
            wait_until(lambda: not hub.of(self.topic(path)), "the hub is told that nobody wants it")
        self.assertEqual({form["hub.topic"] for form in hub.asked("unsubscribe")}, {self.topic(), self.topic("/other")})
        wait_until(lambda: hub.post(left.callback, b"", {}) == 410, "late pings are told that it is over")
        daemon.write(QUICK + self.push() + both)
        daemon.process.send(signal.SIGHUP)
        self.wait_subscribed(hub)
        self.assertNotEqual(self.wait_subscribed(hub)[0].callback, left.callback)
        self.assertEqual(daemon.stop(), 0)

    def test_subscriptions_outlive_the_daemon(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        self.wait_subscribed(hub)
        wait_until(lambda: self.state(daemon) == ["active"], "it is active")
        self.assertEqual(daemon.stop(), 0)
        asked = len(hub.asked())
        daemon.start()
        daemon.wait_ready()
        self.assertEqual(self.state(daemon), ["active"])
        self.items.insert(0, article(1))
        self.assertEqual(hub.publish(self.topic(), self.document(hub)), [204])
        self.wait_items(self.server, 2)
        daemon.process.kill()
        daemon.start()
        daemon.wait_ready()
        self.items.insert(0, article(2))
        self.assertEqual(hub.publish(self.topic(), self.document(hub)), [204])
        self.assertEqual([item["guid"] for _, _, item in self.wait_items(self.server, 3)], ["g0", "g1", "g2"])
        self.assertEqual(len(hub.asked()), asked)
        self.assertEqual(daemon.stop(), 0)

    def test_backup_polls_follow_what_the_hub_has_proven(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        self.wait_subscribed(hub)
        self.assertLess(daemon.source("wire")["push"][0]["proven_recall"], 0.1)
        for n in range(1, 31):
            self.items.insert(0, article(n))
            hub.publish(self.topic(), self.document(hub))
        self.wait_items(self.server, 31)
        self.assertGreater(daemon.source("wire")["push"][0]["proven_recall"], 0.85)
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        daemon.wait_ready()
        self.assertGreater(daemon.source("wire")["push"][0]["proven_recall"], 0.85)
        self.assertEqual(daemon.stop(), 0)

    def test_what_a_hub_keeps_back_is_held_against_it(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.start(source("wire", self.topic(), interval="1s"), late="1s")
        self.wait_subscribed(hub)
        polls = daemon.source("wire")["polls"]
        wait_until(lambda: daemon.source("wire")["polls"] > polls, "a poll since it is up")
        for n in range(1, 9):
            self.items.insert(0, article(n))
        self.wait_items(self.server, 9)
        wait_until(lambda: daemon.source("wire")["push"][0]["recall"] < 0.2, "the hub has missed eight items")
        self.assertEqual(daemon.stop(), 0)

    def test_without_a_public_address_no_hub_is_asked(self):
        hub = self.hub()
        self.serve(hub)
        daemon = self.daemon(self.server, source("wire", self.topic(), interval="1s")).wait_ready()
        wait_until(lambda: daemon.source("wire")["polls"] >= 2, "it is polled")
        self.assertEqual(hub.asked(), [])
        self.assertEqual(daemon.process.text().count("hubs are not subscribed to"), 1)
        self.assertEqual(daemon.stop(), 0)
        daemon.write(QUICK + self.push() + source("wire", self.topic(), interval="1h"))
        daemon.start()
        daemon.wait_ready()
        self.wait_subscribed(hub)
        self.assertEqual(daemon.stop(), 0)


class RssCloud(PushCase):
    def test_a_notification_has_the_source_polled(self):
        hub = self.hub()
        self.serve(cloud=("127.0.0.1", hub.port, "/cloud"))
        daemon = self.start(source("wire", self.topic(), interval="1h"))
        wait_until(lambda: self.state(daemon) == ["active"], "it is registered")
        channel = daemon.source("wire")["push"][0]
        self.assertEqual((channel["kind"], channel["hub"]), ("rssCloud", f"http://127.0.0.1:{hub.port}/cloud"))
        form = hub.asked()[0]
        self.assertEqual((form["protocol"], form["port"], form["url1"]), ("http-post", str(self.port), self.topic()))
        for n in (1, 2):
            self.items.insert(0, article(n))
            self.assertEqual(hub.notify(self.topic()), [200])
            self.assertEqual(self.wait_items(self.server, n + 1)[-1][2]["guid"], f"g{n}")
        self.assertEqual(daemon.metric("tidings_push_pings_total", 'outcome="notified"'), 2)
        self.assertEqual(daemon.stop(), 0)


def event(n):
    """An event with one item, by the names of a JSON API."""
    guid, title, text = article(n)
    return (f"e{n}", json.dumps({"key": guid, "headline": title, "text": text}))


class Streams(Case):
    MAPPING = '[source.options]\nid = "/key"\ntitle = "/headline"\ncontent_text = "/text"\n'
    QUICKLY = '[push]\nstream_backoff_base = "50ms"\nstream_backoff_max = "1s"\n'

    def setUp(self):
        super().setUp()
        self.server = self.redis()

    def stream_server(self, kind, **options):
        server = kind(**options)
        self.addCleanup(server.close)
        return server

    def start(self, server, section=QUICKLY, **more):
        """A daemon that listens to the server as the source `live`."""
        rows = {"plugin": "json", "interval": None, "stream": "sse" if isinstance(server, SseServer) else None, **more}
        return self.daemon(self.server, section + source("live", server.url(rows.pop("path", "/events")), **rows) + self.MAPPING).wait_ready()

    def guids(self):
        return [item["guid"] for _, _, item in self.stream(self.server, "items")]

    def goes_on_where_it_was_left(self, server):
        daemon = self.start(server)
        wait_until(server.listening, "the daemon listens")
        server.tell(event(0), event(1))
        self.wait_items(self.server, 2)
        channel = daemon.source("live")["push"][0]
        self.assertEqual((channel["state"], channel["events"]), ("active", 2))
        self.assertEqual(daemon.metric("tidings_streams_up"), 1)
        # Cut, told more meanwhile, and come back: nothing is lost and nothing comes twice.
        server.drop()
        server.tell(event(2))
        self.wait_items(self.server, 3)
        # The same over a stop, and over a crash, of the daemon.
        for n, end in ((3, lambda: daemon.stop()), (4, lambda: daemon.process.kill())):
            end()
            server.drop()
            server.tell(event(n))
            daemon.start()
            daemon.wait_ready()
            self.wait_items(self.server, n + 1)
        self.assertEqual(self.guids(), [f"g{n}" for n in range(5)])
        self.assertEqual(daemon.stop(), 0)
        return server.seen_ids

    def test_server_sent_events_go_on_after_the_last_one(self):
        seen = self.goes_on_where_it_was_left(self.stream_server(SseServer))
        self.assertEqual(seen, [None, "e1", "e2", "e3"])

    def test_a_websocket_goes_on_after_the_last_entry(self):
        server = self.stream_server(WebSocketServer)
        wanted = [(guid, payload) for guid, payload in ((f"g{n}", event(n)[1]) for n in range(5))]
        told = iter(wanted)
        tell = server.tell
        server.tell = lambda *events: tell(*(next(told) for _ in events))
        self.assertEqual(self.goes_on_where_it_was_left(server), [None, "g1", "g2", "g3"])

    def test_the_wait_that_the_server_asks_for_is_kept(self):
        server = self.stream_server(SseServer)
        server.retry = 1500
        daemon = self.start(server)
        wait_until(server.listening, "the daemon listens")
        server.tell(event(0))
        self.wait_items(self.server, 1)
        cut = time.monotonic()
        server.drop()
        wait_until(lambda: len(server.times) == 2, "the daemon is back")
        self.assertGreaterEqual(server.times[1] - cut, 1.4)
        self.assertEqual(daemon.stop(), 0)

    def test_a_server_that_refuses_is_asked_ever_less_often(self):
        server = self.stream_server(SseServer)
        server.refuse = (500, {})
        daemon = self.start(server, '[push]\nstream_backoff_base = "100ms"\n')
        wait_until(lambda: len(server.times) >= 5, "some attempts")
        waits = [b - a for a, b in zip(server.times, server.times[1:])]
        self.assertGreater(waits[3], waits[0])
        self.assertIn("500", daemon.source("live")["push"][0]["last_error"])
        server.refuse = None
        server.tell(event(0))
        self.wait_items(self.server, 1)
        server.refuse = (204, {})
        server.drop()
        wait_until(lambda: daemon.source("live")["push"][0]["state"] == "ended", "a 204 ends it for good")
        self.assertEqual(daemon.stop(), 0)

    def test_a_silent_stream_is_given_up_and_taken_up_again(self):
        server = self.stream_server(SseServer)
        daemon = self.start(server, self.QUICKLY + '[http]\nstream_idle_timeout = "1s"\n')
        wait_until(lambda: len(server.times) >= 2, "the daemon has come again")
        self.assertEqual(daemon.stop(), 0)

    def test_a_websocket_is_told_what_we_want_and_headers_go_along(self):
        server = self.stream_server(WebSocketServer)
        daemon = self.start(server, path="/socket?since={cursor}", subscribe=['{"want":"news","after":"{cursor}"}'], headers=None)
        wait_until(lambda: server.messages, "the message has arrived")
        self.assertEqual(server.messages, ['{"want":"news","after":""}'])
        self.assertIn("tidings", server.fields[0]["User-Agent"])
        server.tell(("g0", event(0)[1]))
        self.wait_items(self.server, 1)
        server.drop()
        wait_until(lambda: len(server.messages) == 2, "it is told again")
        self.assertEqual(server.messages[1], '{"want":"news","after":"g0"}')
        self.assertEqual(daemon.stop(), 0)

    def test_wss_is_spoken_with_a_server_that_is_trusted(self):
        certificate = for_loopback(self.folder)
        server = self.stream_server(WebSocketServer, certificate=certificate)
        daemon = self.start(server)
        wait_until(lambda: "TLS" in daemon.source("live")["push"][0]["last_error"], "nobody trusts the certificate")
        self.assertEqual(daemon.stop(), 0)
        daemon.write(QUICK + self.QUICKLY + f'[http]\nca_file = "{certificate}"\n' + source("live", server.url(), plugin="json", interval=None) + self.MAPPING)
        daemon.start()
        daemon.wait_ready()
        server.tell(("g0", event(0)[1]))
        self.wait_items(self.server, 1)
        self.assertEqual(daemon.stop(), 0)

    def test_a_private_address_is_not_listened_to_unless_it_is_allowed(self):
        for kind in (SseServer, WebSocketServer):
            server = self.stream_server(kind)
            daemon = self.start(server, allow_private=False)
            wait_until(lambda: "not public" in daemon.source("live")["push"][0]["last_error"], "it is refused")
            self.assertEqual(server.times, [])
            daemon.process.kill()

    def test_many_events_at_once_come_out_whole_and_in_order(self):
        server = self.stream_server(WebSocketServer)
        daemon = self.start(server)
        server.tell(*((f"g{n}", event(n)[1]) for n in range(3000)))
        wait_until(lambda: daemon.source("live")["push"][0]["events"] == 3000, "all were taken")
        wait_until(lambda: len(self.stream(self.server, "items") + self.stream(self.server, "duplicates")) == 3000, "all are out")
        numbers = [int(item["guid"][1:]) for _, _, item in self.stream(self.server, "items")]
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(daemon.stop(), 0)

    def test_a_stream_may_have_a_document_beside_it(self):
        server, origin = self.stream_server(SseServer), self.origin()
        items = [json.loads(event(n)[1]) for n in (0,)]
        origin.set("/list", lambda request: Answer(json.dumps({"items": items}).encode(), content_type="application/json"))
        daemon = self.start(server, backup_url=origin.url("/list"), interval="1s")
        self.wait_items(self.server, 1)
        server.tell(event(1))
        self.wait_items(self.server, 2)
        items.insert(0, json.loads(event(2)[1]))
        self.assertEqual([item["guid"] for _, _, item in self.wait_items(self.server, 3)], ["g0", "g1", "g2"])
        self.assertEqual(daemon.stop(), 0)

    def test_a_stream_that_leaves_the_configuration_is_left(self):
        server = self.stream_server(SseServer)
        daemon = self.start(server)
        wait_until(server.listening, "the daemon listens")
        daemon.write(QUICK)
        daemon.process.send(signal.SIGHUP)
        wait_until(lambda: daemon.get("/api/sources").strip() == "[]", "the source is gone")
        self.assertEqual(daemon.metric("tidings_streams_up"), 0)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    main()
