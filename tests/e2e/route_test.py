"""The whole route: a feed on a real HTTP server to entries of a real Redis stream, through crashes of either side."""
import json
import os
import signal
import subprocess
import sys

from harness import QUICK, ROOT, Case, main, services, source, wait_until
from origin import rss, with_etag

WORDS = "harbour bridge council engine winter market orchard signal railway forest senate glacier bakery museum tunnel lantern".split()


def article(n):
    """A text of its own for each number."""
    pick = [WORDS[(n * 7 + k * (n % 5 + 3)) % len(WORDS)] for k in range(60)]
    return (f"g{n}", f"{pick[0].title()} {pick[7]} number {n * 37 + 11} opens in district {n}", " ".join(f"{w}{(n * 31 + k) % 97}" for k, w in enumerate(pick)) + ".")


FERRY = ("A passenger ferry and a gravel barge collided in thick fog outside the port early on Saturday, leaving three people injured, the coast "
         "guard said. The ferry was carrying passengers from the island when it struck the barge two miles east of the breakwater. It took on "
         "water but reached the harbour under its own power. The port was closed to traffic while divers inspected the hull of the barge.")


class Route(Case):
    def test_each_entry_comes_out_once_and_an_edit_as_an_update(self):
        redis, origin = self.redis(), self.origin()
        items = [article(n) for n in range(5)]
        origin.set("/feed", with_etag(lambda: rss(items)))
        daemon = self.daemon(redis, source("wire", origin.url("/feed"), name="The Wire")).wait_ready()
        entries = self.wait_items(redis, 5)
        self.assertEqual({f["verdict"] for _, f, _ in entries}, {"new"})
        self.assertEqual({f["source"] for _, f, _ in entries}, {"wire"})

        guid, title, text = items[2]
        items[2] = (guid, title + " at last", text.replace(".", " and closes again after seventeen hours of protest by 400 residents."))
        items.insert(0, article(9))
        entries = self.wait_items(redis, 7)
        self.assertEqual(sorted(f["verdict"] for _, f, _ in entries[5:]), ["new", "update"])
        update = next(f for _, f, _ in entries if f["verdict"] == "update")
        self.assertEqual(update["rev"], "2")
        self.assertEqual(update["id"], next(f["id"] for _, f, _ in entries if f["title"] == title))

        seen = daemon.source("wire")["not_modified"]
        wait_until(lambda: daemon.source("wire")["not_modified"] > seen, "the feed is polled again")
        self.assertEqual(len(self.stream(redis, "items")), 7)
        self.assertEqual(daemon.stop(), 0)

    def test_a_story_told_by_two_outlets_is_published_once(self):
        redis, origin = self.redis(), self.origin()
        origin.set("/one", rss([("a", "Ferry and barge collide, three hurt", FERRY)]))
        origin.set("/two", rss([("b", "Three injured as ferry hits barge in fog", "(Agency) " + FERRY + " Sign up for our newsletter.")]))
        daemon = self.daemon(redis, source("one", origin.url("/one"))).wait_ready()
        first = self.wait_items(redis, 1)[0][1]
        daemon.write(QUICK + source("one", origin.url("/one")) + source("two", origin.url("/two")))
        daemon.process.send(signal.SIGHUP)
        duplicate = self.wait_items(redis, 1, "duplicates")[0][1]
        self.assertEqual(duplicate["verdict"], "duplicate")
        self.assertEqual(duplicate["of"], first["id"])
        self.assertEqual(duplicate["story"], first["story"])
        self.assertEqual(len(self.stream(redis, "items")), 1)
        self.assertEqual(daemon.stop(), 0)

    def test_what_is_published_fits_its_schema(self):
        import jsonschema
        schema = json.loads((ROOT / "config/schema/item.schema.json").read_text())
        redis, origin = self.redis(), self.origin()
        origin.set("/feed", rss([article(n) for n in range(8)]))
        daemon = self.daemon(redis, source("wire", origin.url("/feed"))).wait_ready()
        for _, fields, item in self.wait_items(redis, 8):
            jsonschema.validate(item, schema)
            self.assertEqual(fields["title"], item["title"])
        self.assertEqual(daemon.stop(), 0)

    def test_the_subscribers_of_the_examples_read_the_items(self):
        redis, origin = self.redis(), self.origin()
        origin.set("/feed", rss([article(n) for n in range(3)]))
        daemon = self.daemon(redis, source("wire", origin.url("/feed"))).wait_ready()
        self.wait_items(redis, 3)
        examples = ROOT / "config/examples"
        binary = self.folder / "subscriber"
        subprocess.run(["g++", "-std=c++20", "-o", binary, examples / "subscriber.cc", "-lhiredis"], check=True)
        for argv in ([sys.executable if "/usr/bin" in sys.executable else "/usr/bin/python3", examples / "subscriber.py"], [binary]):
            child = subprocess.Popen([str(a) for a in argv], cwd=self.folder, stdout=subprocess.PIPE, text=True,
                                     env={**os.environ, "TIDINGS_REDIS_URL": redis.url})
            try:
                lines = [child.stdout.readline() for _ in range(3)]
            finally:
                child.kill()
                child.communicate()
            for n in range(3):
                self.assertTrue(any(article(n)[1] in line for line in lines), lines)
            for saved in self.folder.glob("last-id"):
                saved.unlink()
        self.assertEqual(daemon.stop(), 0)

    def test_a_consumer_group_reads_with_redis_cli(self):
        redis, origin = self.redis(), self.origin()
        origin.set("/feed", rss([article(1)]))
        daemon = self.daemon(redis, source("wire", origin.url("/feed"))).wait_ready()
        self.wait_items(redis, 1)

        def cli(*argv):
            return subprocess.run(["redis-cli", "-p", str(redis.port), *argv], capture_output=True, text=True, check=True).stdout
        self.assertIn(article(1)[1], cli("XREAD", "COUNT", "5", "STREAMS", "{tidings}:items", "0"))
        self.assertIn("OK", cli("XGROUP", "CREATE", "{tidings}:items", "desk", "0"))
        self.assertIn(article(1)[1], cli("XREADGROUP", "GROUP", "desk", "one", "COUNT", "5", "STREAMS", "{tidings}:items", ">"))
        self.assertEqual(daemon.stop(), 0)

    def check_exactly_once(self, redis, count):
        entries = self.stream(redis, "items") + self.stream(redis, "duplicates")
        guids = sorted(item["guid"] for _, _, item in entries)
        self.assertEqual(guids, sorted(article(n)[0] for n in range(count)))

    def test_killing_the_daemon_again_and_again_loses_and_repeats_nothing(self):
        redis, origin = self.redis(), self.origin()
        shown = [0]
        origin.set("/feed", with_etag(lambda: rss([article(n) for n in reversed(range(shown[0]))])))
        daemon = self.daemon(redis, source("wire", origin.url("/feed")))
        for round_number in range(8):
            shown[0] += 15
            polls = origin.count("/feed")
            wait_until(lambda: origin.count("/feed") > polls, "the daemon polls")
            daemon.process.kill()
            daemon.start()
        daemon.wait_ready()
        wait_until(lambda: len(self.stream(redis, "items")) + len(self.stream(redis, "duplicates")) >= shown[0], "all items are out")
        self.assertEqual(daemon.stop(), 0)
        self.check_exactly_once(redis, shown[0])

    def test_redis_may_be_away_and_be_killed(self):
        origin = self.origin()
        shown = [10]
        origin.set("/feed", with_etag(lambda: rss([article(n) for n in reversed(range(shown[0]))])))
        port = services.free_port()
        daemon = self.daemon(f"redis://127.0.0.1:{port}/0", source("wire", origin.url("/feed"))).wait_ready()
        wait_until(lambda: daemon.source("wire")["items"] >= 10, "the items are taken without a Redis")
        redis = self.redis(port=port, options=("--appendfsync", "always"))
        self.wait_items(redis, 10)
        for _ in range(3):
            redis.process.kill()
            shown[0] += 5
            redis.start()
        wait_until(lambda: len(self.stream(redis, "items")) + len(self.stream(redis, "duplicates")) >= shown[0], "all items are out")
        self.check_exactly_once(redis, shown[0])
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    main()
