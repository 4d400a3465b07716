"""The demo newsroom, as ./start shows it: every story once, copies recognised, changed figures let through, one alert."""
import collections
import json
import pathlib
import re

from harness import BUILD, QUICK, ROOT, Case, main, services, wait_until


class Demo(Case):
    def test_the_invented_day(self):
        redis = self.redis()
        port = services.free_port()
        log = self.folder / "demo.log"
        newsroom = services.Process([BUILD / "daemon/tidings", "demo", "--day", ROOT / "config/demo/newsday.json", "--port", port, "--minutes", "0.4"], log)
        self.addCleanup(lambda: newsroom.running() and newsroom.stop())
        wait_until(lambda: "the day runs" in log.read_text(), "the newsroom is open")
        sources = (ROOT / "config/quickstart/demo.toml").read_text().replace(":7380/", f":{port}/").replace('interval = "2s"', 'interval = "1s"')
        daemon = self.daemon(redis, "[http]\ntimeout = \"2s\"\n" + sources).wait_ready()

        day = json.loads((ROOT / "config/demo/newsday.json").read_text())
        wanted = {(s["outlet"], s.get("guid", s["id"])) for s in day["stories"] if s["at"] >= "06:30" or s["outlet"] == "almanac"}

        def told():
            entries = self.stream(redis, "items") + self.stream(redis, "duplicates")
            seen = {(i["source"]["id"].removeprefix("demo-"), re.sub(r"^tag:[^:]*:|-\d+$" if i["source"]["id"] == "demo-gazette" else r"^tag:[^:]*:", "", i["guid"])) for _, _, i in entries}
            return entries if wanted <= seen | {w for w in wanted if w[0] == "gazette"} and ("meridian", "vote-4") in seen else None
        entries = wait_until(told, "the day is told", 90)

        revisions = collections.defaultdict(dict)
        for _, fields, item in entries:
            revisions[re.sub(r"^tag:[^:]*:", "", item["guid"])][int(fields["rev"])] = fields["verdict"]

        # One of the agency's text and its copies, with boilerplate and under other headlines, is new: whichever was
        # fetched first. The others are duplicates.
        # The gazette's guids end in a number that changes.
        first = lambda guid: next(r[1] for key, r in revisions.items() if re.fullmatch(re.escape(guid) + (r"-\d+" if "gazette" in guid else ""), key))  # noqa: E731
        for copies in (("ferry-1", "ferry-1-post", "ferry-1-gazette", "ferry-1-radio"), ("bank-1", "bank-1-lantern", "bank-1-gazette"),
                       ("vote-3", "vote-3-post", "vote-3-lantern")):
            self.assertEqual(sorted(first(guid) for guid in copies), ["duplicate"] * (len(copies) - 1) + ["new"], copies)
        # Changed figures, corrections and retractions reach the reader, by one outlet or another.
        for copies in (("ferry-2", "ferry-2-lantern"), ("ferry-3",), ("bank-3",), ("vote-2",), ("vote-4",), ("merger-2",), ("storm-2",)):
            self.assertTrue(any(verdict in ("new", "update") for guid in copies for verdict in revisions[guid].values()), copies)
        self.assertEqual(revisions["ferry-1-post"][2], "update")
        # A correction in other words is an update of what its outlet told.
        self.assertEqual(revisions["ferry-3"][1], "update")
        # The flood of results that look alike glues nothing together.
        results = [f["verdict"] for _, f, i in entries if i["source"]["id"] == "demo-scoreboard"]
        self.assertGreater(len(results), 90)
        self.assertLess(results.count("duplicate"), len(results) * 0.1, "results of other matches are taken for copies")
        # The outlet that gives its entries new guids each time tells nothing twice.
        again = collections.Counter(f["title"] for _, f, i in entries if i["source"]["id"] == "demo-gazette")
        self.assertTrue(all(n == 1 for n in again.values()), again)
        self.assertEqual([f["event"] for _, f, _ in self.stream(redis, "sources") if f["source"] == "demo-gazette"], ["rekeyed"])
        # The one that never answers is said once; the one that does not change answers 304.
        events = [f for _, f, _ in self.stream(redis, "sources") if f["source"] == "demo-slow-courier"]
        self.assertEqual(len(events), 1, events)
        self.assertGreater(daemon.source("demo-almanac")["not_modified"], 3)
        # The alert arrives, signed.
        wait_until(lambda: "hook received: rule ferry, signed yes" in log.read_text(), "the alert arrives at the newsroom's desk")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(newsroom.stop(), 0)


if __name__ == "__main__":
    main()
