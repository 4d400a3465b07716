"""When sources are asked, as their origins see it: conditional requests, deltas, redirects, gaps and the pages behind them,
the reasons that `tidings why` gives, and how soon items come as figures."""
import email.utils
import json
import random
import subprocess
import time

from harness import BUILD, Case, main, source, wait_until
from origin import Answer

WORDS = "harbour bridge council engine winter market orchard signal railway forest senate glacier bakery museum tunnel lantern".split()


def entry(number, published=None):
    """A text of its own for each number."""
    chance = random.Random(number)
    title = " ".join(chance.sample(WORDS, 6))
    date = f"<pubDate>{email.utils.formatdate(published)}</pubDate>" if published else ""
    text = " ".join(f"{chance.choice(WORDS)}{chance.randrange(10_000)}" for _ in range(60))
    return (f"<item><title>{title} {number}</title><link>http://news.example/{number}</link><guid isPermaLink=\"false\">g{number}</guid>{date}"
            f"<description>{text}</description></item>")


def feed(entries, head=""):
    return (f"<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>Wire</title>"
            f"<link>http://news.example/</link><description>d</description>{head}{''.join(entries)}</channel></rss>").encode()


class Schedule(Case):
    def setUp(self):
        super().setUp()
        self.server = self.redis()
        self.web = self.origin()

    def start(self, text, schedule=""):
        return self.daemon(self.server, text, schedule=schedule).wait_ready()

    def headers_of(self, path):
        with self.web.lock:
            return [r[3] for r in self.web.requests if r[2] == path]

    def wait_polls(self, daemon, count, name="wire"):
        polls = daemon.source(name)["polls"]
        return wait_until(lambda: daemon.source(name)["polls"] >= polls + count, f"{count} more polls of {name}")

    def events(self, kind):
        return [f for _, f, _ in self.stream(self.server, "sources") if f["event"] == kind]

    def test_validators_go_back_as_they_came_and_the_agent_has_a_contact(self):
        for path, etag in (("/weak", 'W/"a-1"'), ("/bare", "no-quotes"), ("/plain", '"v1"')):
            self.web.set(path, lambda r, e=etag: Answer(status=304, headers={"ETag": e}) if r.headers.get("If-None-Match") == e
                         else Answer(feed([entry(1)]), headers={"ETag": e}))
        stamp = "Tue, 24 Nov 2026 10:00:00 GMT"
        self.web.set("/dated", lambda r: Answer(status=304) if r.headers.get("If-Modified-Since") == stamp
                     else Answer(feed([entry(2)]), headers={"Last-Modified": stamp}))
        names = ("weak", "bare", "plain", "dated")
        daemon = self.start("[http]\ncontact = \"https://reader.example/bot\"\n" + "".join(source(n, self.web.url("/" + n)) for n in names))
        for name in names:
            wait_until(lambda: daemon.source(name)["not_modified"] >= 2, f"{name} answers 304")
        self.assertEqual(self.headers_of("/weak")[1]["If-None-Match"], 'W/"a-1"')
        self.assertEqual(self.headers_of("/bare")[1]["If-None-Match"], "no-quotes")
        self.assertRegex(self.headers_of("/weak")[0]["User-Agent"], r"^tidings/[0-9.]+ \(\+https://reader\.example/bot\)$")
        self.assertEqual(daemon.stop(), 0)

    def test_a_source_at_rest_goes_on_where_it_was(self):
        """Without room to stay awake, each poll takes up what the one before left in the store; so does a restart."""
        entries = {name: [entry(number)] for number, name in ((100, "a"), (200, "b"))}
        for name in entries:
            def answer(request, name=name):
                etag = f'"{len(entries[name])}"'
                if request.headers.get("If-None-Match") == etag:
                    return Answer(status=304, headers={"ETag": etag})
                return Answer(feed(entries[name]), headers={"ETag": etag})
            self.web.set("/" + name, answer)
        daemon = self.start("[ingest]\nmax_idle_sources = 0\n" + "".join(source(n, self.web.url("/" + n)) for n in entries))
        self.wait_items(self.server, 2)
        for number, name in ((101, "a"), (201, "b")):
            entries[name].insert(0, entry(number, time.time()))
        self.wait_items(self.server, 4)
        for name in entries:
            wait_until(lambda: daemon.source(name)["not_modified"] >= 2, f"{name} answers 304")
        wait_until(lambda: daemon.metric("tidings_sources_awake") == 0, "both are at rest")
        before = daemon.source("a")
        self.assertEqual(before["freshness"]["detect_delay_seconds"]["count"], 1)
        self.assertGreaterEqual(daemon.metric("tidings_source_wakes_total"), before["polls"])
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        daemon.wait_ready()
        self.wait_polls(daemon, 1, "a")
        after = daemon.source("a")
        self.assertGreater(after["polls"], before["polls"])
        self.assertGreater(after["not_modified"], before["not_modified"], "the validators are those of before")
        self.assertEqual(after["freshness"]["detect_delay_seconds"]["count"], 1)
        self.assertEqual(sorted(item["guid"] for _, _, item in self.stream(self.server, "items")), ["g100", "g101", "g200", "g201"])
        self.assertEqual(self.events("gap"), [])
        self.assertEqual(daemon.stop(), 0)

    def test_a_304_that_hides_items_is_found_out(self):
        """A broken server whose ETag never changes."""
        entries = [entry(1)]
        self.web.set("/liar", lambda r: Answer(status=304, headers={"ETag": '"x"'}) if r.headers.get("If-None-Match")
                     else Answer(feed(entries), headers={"ETag": '"x"'}))
        daemon = self.start(source("wire", self.web.url("/liar")), "unconditional_check_every = 2\n")
        self.wait_items(self.server, 1)
        entries.insert(0, entry(2))
        self.wait_items(self.server, 2)
        why = json.loads(daemon.get("/api/why/wire"))
        wait_until(lambda: json.loads(daemon.get("/api/why/wire"))["schedule"]["distrusts_validators"], "the server is distrusted")
        self.assertIn(False, [p["conditional"] for p in why["last_polls"]])
        self.assertEqual(daemon.stop(), 0)

    def test_a_delta_is_no_gap_and_forgets_nothing(self):
        """RFC 3229: status 226 with the new entries alone."""
        state = {"entries": [1]}

        def route(request):
            count = len(state["entries"])
            etag = f'"{count}"'
            known = request.headers.get("If-None-Match")
            if known == etag:
                return Answer(status=304, headers={"ETag": etag})
            if known and request.headers.get("A-IM") == "feed":
                new = [n for n in state["entries"] if n > int(known.strip('"'))]
                return Answer(feed([entry(n) for n in reversed(new)]), status=226, headers={"ETag": etag, "IM": "feed"})
            return Answer(feed([entry(n) for n in reversed(state["entries"])]), headers={"ETag": etag})
        self.web.set("/delta", route)
        daemon = self.start(source("wire", self.web.url("/delta")))
        for count in (1, 2, 3):
            self.wait_items(self.server, count)
            state["entries"] = list(range(1, count + 2))
        self.wait_items(self.server, 4)
        self.assertEqual(daemon.source("wire")["last_error"], "")
        self.assertEqual(self.events("gap"), [])
        self.assertEqual(daemon.metric("tidings_gaps_total"), 0)
        self.assertEqual(daemon.stop(), 0)

    def test_a_permanent_redirect_is_followed_but_not_believed_at_once(self):
        self.web.set("/old", Answer(status=301, headers={"Location": "/new"}))
        self.web.set("/new", feed([entry(1)]))
        daemon = self.start(source("wire", self.web.url("/old")))
        self.wait_items(self.server, 1)
        self.wait_polls(daemon, 3)
        self.assertGreaterEqual(self.web.count("/old"), 3)
        why = json.loads(daemon.get("/api/why/wire"))
        self.assertEqual(why["url"], self.web.url("/old"))
        self.assertEqual(why["schedule"]["redirect_under_observation"]["to"], self.web.url("/new"))
        self.assertEqual(why["last_polls"][0]["requests"], 2, "both hops count")
        self.assertEqual(daemon.stop(), 0)

    def test_a_permanent_redirect_to_a_page_is_no_move(self):
        self.web.set("/feed", feed([entry(1)]))
        daemon = self.start(source("wire", self.web.url("/feed")))
        self.wait_items(self.server, 1)
        self.web.set("/home", Answer(b"<!DOCTYPE html><html><head><title>News</title></head><body>Welcome</body></html>", content_type="text/html"))
        self.web.set("/feed", Answer(status=301, headers={"Location": "/home"}))
        wait_until(lambda: daemon.source("wire")["failures"] >= 2, "the page is no feed")
        self.assertIsNone(json.loads(daemon.get("/api/why/wire"))["schedule"]["redirect_under_observation"])
        self.assertEqual(daemon.stop(), 0)

    def test_a_redirect_is_observed_on_over_a_restart(self):
        self.web.set("/old", Answer(status=308, headers={"Location": "/new"}))
        self.web.set("/new", feed([entry(1)]))
        daemon = self.start(source("wire", self.web.url("/old")))
        self.wait_items(self.server, 1)
        self.wait_polls(daemon, 1)
        observed = lambda: json.loads(daemon.get("/api/why/wire"))["schedule"]["redirect_under_observation"]
        before = observed()
        self.assertEqual(daemon.stop(), 0)
        daemon = self.start(source("wire", self.web.url("/old")))
        self.assertEqual(observed()["since"], before["since"])
        self.assertGreaterEqual(observed()["sightings"], before["sightings"])
        self.assertEqual(daemon.stop(), 0)

    def test_a_gap_has_an_event_with_its_bounds(self):
        now = int(time.time())
        entries = [entry(n, now - 7200 + n) for n in (3, 2, 1)]
        self.web.set("/feed", lambda r: feed(entries))
        daemon = self.start(source("wire", self.web.url("/feed")))
        self.wait_items(self.server, 3)
        entries[:] = [entry(n, now - 3600 + n) for n in (9, 8, 7)]
        self.wait_items(self.server, 6)
        gaps = wait_until(lambda: self.events("gap"), "a gap is told")
        self.assertEqual(len(gaps), 1)
        at = lambda t: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t))
        self.assertTrue(gaps[0]["after"].startswith(at(now - 7200 + 3)), gaps)
        self.assertTrue(gaps[0]["before"].startswith(at(now - 3600 + 7)), gaps)
        self.wait_polls(daemon, 2)
        self.assertEqual(len(self.events("gap")), 1)
        self.assertTrue(any(p["gap"] for p in json.loads(daemon.get("/api/why/wire"))["last_polls"]))
        self.assertEqual(daemon.stop(), 0)

    def test_the_pages_behind_a_document_close_a_gap(self):
        link = "<atom:link rel=\"{}\" href=\"{}\"/>"
        state = {"first": 1}

        def page(number):
            """Page 0 is the document; each has three entries, and leads to the one before it."""
            newest = state["first"] + 2 - 3 * number
            rel, path = ("prev-archive", "/page1") if number == 0 else ("next", f"/page{number + 1}")
            return feed([entry(n) for n in range(newest, newest - 3, -1) if n > 0], link.format(rel, self.web.url(path)))
        self.web.set("/feed", lambda r: page(0))
        for number in range(1, 6):
            self.web.set(f"/page{number}", lambda r, n=number: page(n))
        daemon = self.start(source("wire", self.web.url("/feed")))
        self.wait_items(self.server, 3)
        self.wait_polls(daemon, 2)
        self.assertEqual(self.web.count("/page1"), 0, "without a gap no page is read")
        state["first"] = 10
        entries = self.wait_items(self.server, 12)
        self.assertEqual(sorted(int(f["url"].rsplit("/", 1)[1]) for _, f, _ in entries), list(range(1, 13)))
        self.assertEqual([self.web.count(f"/page{n}") for n in (1, 2, 3, 4)], [1, 1, 1, 0], "until the first known entry, and no further")
        wait_until(lambda: daemon.metric("tidings_gaps_closed_total") == 1, "the gap counts as closed")
        self.assertEqual(self.events("gap"), [], "nothing was lost")
        self.assertEqual(daemon.stop(), 0)

    def test_pages_that_fail_or_lead_round_in_circles_leave_the_gap_and_harm_nothing(self):
        bases = {"away": 100, "page": 200, "circle": 300}
        behind = {name: f"<atom:link rel=\"next\" href=\"{self.web.url('/behind-' + name)}\"/>" for name in bases}
        for name, base in bases.items():
            self.web.set("/" + name, feed([entry(n) for n in range(base, base + 3)], behind[name]))
        self.web.set("/behind-page", Answer(b"<html><body>no feed</body></html>", content_type="text/html"))
        self.web.set("/behind-circle", feed([entry(n) for n in range(350, 353)], behind["circle"]))
        daemon = self.start("".join(source(n, self.web.url("/" + n)) for n in bases))
        self.wait_items(self.server, 9)
        for name, base in bases.items():
            self.web.set("/" + name, feed([entry(n) for n in range(base + 20, base + 23)], behind[name]))
        wait_until(lambda: {e["source"] for e in self.events("gap")} == set(bases), "the gaps are told")
        for name in bases:
            self.assertEqual(daemon.source(name)["last_error"], "")
            self.assertEqual(self.web.count("/behind-" + name), 1)
        self.assertEqual(daemon.stop(), 0)

    def test_no_false_gaps(self):
        """Two machines behind one name that do not agree, an edit of all, new ids for all, and an empty document between."""
        documents = [[3, 2, 1], [6, 5, 4, 3], [3, 2, 1], [9, 8, 7, 6], [3, 2, 1], [9, 8, 7, 6], [], [10, 9, 8]]
        state = {"at": 0}
        self.web.set("/feed", lambda r: feed([entry(n) for n in documents[min(state["at"], len(documents) - 1)]]))
        daemon = self.start(source("wire", self.web.url("/feed")))
        self.wait_items(self.server, 3)
        for at in range(1, len(documents)):
            state["at"] = at
            self.wait_polls(daemon, 2)
        self.wait_items(self.server, 10)
        self.web.set("/feed", feed([entry(n).replace("g", "new-g", 1).replace("isPermaLink=\"false\">g", "isPermaLink=\"false\">new-g") for n in (10, 9, 8)]))
        self.wait_polls(daemon, 2)
        self.assertEqual(self.events("gap"), [])
        self.assertEqual(daemon.stop(), 0)

    def test_why_says_what_set_the_time_of_each_poll(self):
        self.web.set("/feed", lambda r: Answer(feed([entry(1)], "<ttl>60</ttl>"), headers={"Cache-Control": "max-age=600"}))
        self.web.set("/busy", Answer(b"", 429, {"Retry-After": "1800"}))
        # One after the other: the answer of /busy would hold the other source of its host.
        text = source("wire", self.web.url("/feed"), interval=None)
        daemon = self.start(text)
        self.wait_items(self.server, 1)
        wait_until(lambda: "ttl" in daemon.source("wire")["reason"], "the ttl decides")
        shown = self.tidings("why", "wire", "--listen", f"127.0.0.1:{daemon.port}")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("moved by the feed's ttl to 60 min", shown.stdout)
        self.assertIn("first poll since the start", shown.stdout)
        self.assertIn("127.0.0.1: 1e+04 requests a second", shown.stdout)
        document = json.loads(self.tidings("why", "wire", "--json", "--listen", f"127.0.0.1:{daemon.port}").stdout)
        self.assertEqual(document["last_polls"][0]["status"], 200)
        self.assertEqual(document["last_polls"][0]["new_items"], 1)
        self.assertGreater(document["schedule"]["kappa"], 0)
        refused = self.tidings("why", "nobody", "--listen", f"127.0.0.1:{daemon.port}")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("there is no source 'nobody'", refused.stderr)
        self.assertEqual(daemon.stop(), 0)

    def tidings(self, *arguments):
        return subprocess.run([BUILD / "daemon/tidings", *arguments], capture_output=True, text=True, timeout=60)

    def test_the_figures_of_freshness_are_those_of_known_publish_times(self):
        """Items that state to be 30, 30 and 5000 seconds old when they appear: what was stated is what is measured."""
        entries = [entry(1, time.time() - 9000)]
        self.web.set("/feed", lambda r: feed(entries))
        daemon = self.start("[ingest]\nlate_after = \"10m\"\n" + source("wire", self.web.url("/feed")))
        self.wait_items(self.server, 1)
        self.assertEqual(daemon.metric("tidings_detect_delay_seconds_count"), 0, "what was there before us is no delay of ours")
        self.assertIsNone(daemon.source("wire")["freshness"])
        appeared = time.time()
        entries[:] = [entry(2, appeared - 30), entry(3, appeared - 30), entry(4, appeared - 5000), *entries]
        self.wait_items(self.server, 4)
        wait_until(lambda: daemon.metric("tidings_detect_delay_seconds_count") == 3, "three delays")
        most = time.time() - appeared
        total = daemon.metric("tidings_detect_delay_seconds_sum")
        self.assertGreaterEqual(total, 5060 - 3)  # dates have whole seconds
        self.assertLessEqual(total, 5060 + 3 + 3 * most)
        # The origin asks for nothing and the interval is a second: the item of 5000 seconds ago could not have been had
        # earlier, for the poll before did not show it.
        fresh = daemon.source("wire")["freshness"]
        self.assertEqual(fresh["detect_delay_seconds"]["count"], 3)
        self.assertAlmostEqual(fresh["detect_delay_seconds"]["mean"] * 3, total, places=3)
        self.assertLessEqual(fresh["attainable_mean_seconds"], fresh["attained_mean_seconds"])
        self.assertGreaterEqual(fresh["attainable_mean_seconds"] * 3, 5060 - 6)
        self.assertEqual(fresh["late"], 0)
        for stage in ("fetch", "parse", "decide", "commit"):
            self.assertGreaterEqual(daemon.metric("tidings_stage_seconds_count", f'stage="{stage}"'), 2, stage)
            self.assertGreater(fresh["stage_seconds"][stage]["count"], 0, stage)
        self.assertEqual(daemon.stop(), 0)

    def test_what_could_have_come_earlier_is_late(self):
        """The origin asks for nothing and the floor is a second, but the ceiling of five seconds sets the polls."""
        entries = [entry(1, time.time() - 9000)]
        self.web.set("/feed", lambda r: feed(entries))
        daemon = self.start("[ingest]\nlate_after = \"1s\"\n" + source("wire", self.web.url("/feed"), interval=None, max_interval="5s"),
                            schedule="eagerness = 0.01\n")
        self.wait_items(self.server, 1)
        polls = self.web.count("/feed")
        wait_until(lambda: self.web.count("/feed") > polls, "the next poll")
        entries.insert(0, entry(2, time.time()))
        self.wait_items(self.server, 2)
        fresh = wait_until(lambda: daemon.source("wire")["freshness"], "the delay is noted")
        self.assertEqual(fresh["late"], 1, fresh)
        self.assertEqual(daemon.metric("tidings_items_late_total"), 1)
        self.assertGreater(fresh["attained_mean_seconds"], fresh["attainable_mean_seconds"] + 1)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    main()
