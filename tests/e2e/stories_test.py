"""Stories as people and programs see them: events, independent outlets, `tidings explain`, `stories` and `compare`."""
import json
import subprocess
import urllib.error
import xml.sax.saxutils

from harness import BUILD, ROOT, Case, main, source, wait_until
from origin import Answer

TOLD = ("A passenger ferry and a gravel barge collided in thick fog outside Varnholm early on Saturday, leaving three people injured, the coast "
        "guard said. The ferry was carrying 140 passengers from Kelsey Island when it struck the barge two miles east of the breakwater. It took "
        "on water but reached the harbour under its own power. Captain Ostrand said that the port was closed while divers inspected the hull.")
OWN = [  # the same event, each in words of its own
    ("Fog blamed as Varnholm ferry hits barge", "Thick fog is blamed after the Varnholm ferry hit a gravel barge on Saturday. Three passengers were "
     "injured, the coast guard said. Parents with prams queued on deck while his crew handed out blankets, a teacher recalled."),
    ("Three hurt in Varnholm ferry collision with barge", "Three people were hurt on Saturday when a ferry from Kelsey Island and a gravel barge collided near "
     "Varnholm, the coast guard said. Police have questioned the skipper, whose radar was allegedly switched off; a lawyer declined comment."),
    ("Varnholm: ferry and barge collide, three injured", "The ferry from Kelsey Island collided with a gravel barge off Varnholm. Three passengers are "
     "injured, Captain Ostrand said. Shops are short of milk and bread until salvage tugs tow the wreck away, a ministry spokeswoman told reporters."),
    ("Ferry strikes gravel barge off Varnholm in fog", "The coast guard counts three injured as the Kelsey Island ferry struck a gravel barge off Varnholm "
     "on Saturday. Seafarers work fourteen hours a day, their union complains, and wants rosters published."),
]
# All that these tests tell is one event: what joins a story is measured elsewhere.
LENIENT = "\n[dedup]\nstory_similarity = 0.02\n"


def feed(host, entries):
    escape = xml.sax.saxutils.escape
    body = "".join(f"<item><title>{escape(title)}</title><link>http://{host}/{n}</link><guid isPermaLink=\"false\">{host}-{n}</guid>"
                   f"<description>{escape(text)}</description></item>" for n, (title, text) in enumerate(entries))
    return (f"<rss version=\"2.0\"><channel><title>{host}</title><link>http://{host}/</link><description>d</description><language>en</language>"
            f"{body}</channel></rss>").encode()


class Stories(Case):
    def start(self, outlets, text="", **more):
        """A daemon that follows an outlet for each (source id, host, entries); they are told one after the other."""
        self.server, self.outlets = self.origin(), outlets
        for name, host, _ in outlets:
            self.server.set("/" + name, feed(host, []))
        self.streams = self.redis()
        tables = "".join(source(name, self.server.url("/" + name), name=name, **more.get(name, {})) for name, _, _ in outlets)
        self.tidingsd = self.daemon(self.streams, LENIENT + text + tables).wait_ready()
        for count, (name, host, entries) in enumerate(outlets, 1):
            self.server.set("/" + name, feed(host, entries))
            wait_until(lambda: len(self.items()) >= count, f"{name} has told")
        return self.tidingsd

    def items(self):
        return self.stream(self.streams, "items") + self.stream(self.streams, "duplicates")

    def item_of(self, name):
        return next(item for _, _, item in self.items() if item["source"]["id"] == name)

    def events(self, kind=None):
        return [f for _, f, _ in self.stream(self.streams, "stories") if kind in (None, f["event"])]

    def run_tidings(self, *arguments):
        return subprocess.run([BUILD / "daemon/tidings", *arguments, "--listen", f"127.0.0.1:{self.tidingsd.port}"], capture_output=True, text=True, timeout=60)

    def good(self, *arguments):
        run = self.run_tidings(*arguments)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def check_schemas(self):
        import jsonschema
        for stream, name in (("stories", "story_event"), ("sources", "source_event")):
            schema = json.loads((ROOT / f"config/schema/{name}.schema.json").read_text())
            for _, fields, _ in self.stream(self.streams, stream):
                jsonschema.validate(fields, schema)

    def test_events_tell_how_a_story_grows(self):
        later = TOLD.replace("three people injured", "seven people injured").replace("140 passengers", "150 passengers")
        daemon = self.start([("wire", "wire.example", [("Ferry and barge collide", TOLD)]),
                             ("copy", "copy.example", [("Ferry hits barge", TOLD)]),
                             ("later", "wire.example", [("Ferry and barge collide, more hurt", later)]),
                             ("one", "one.example", [OWN[0]]), ("two", "two.example", [OWN[1]])])
        kinds = [f["event"] for f in self.events()]
        self.assertEqual(kinds, ["created", "joined", "updated", "joined", "joined", "milestone"])
        self.assertEqual([f["size"] for f in self.events()], ["1", "2", "3", "4", "5", "5"])
        self.assertEqual(len({f["story"] for f in self.events()}), 1)
        milestone = self.events("milestone")[0]
        self.assertEqual((milestone["outlets"], milestone["item"]), ("3", self.item_of("two")["id"]))
        # The item's own record has what its story was at its time.
        self.assertEqual(self.item_of("copy")["story"], {"id": milestone["story"], "size": 2, "outlets": 1})
        self.assertEqual(self.item_of("two")["story"], {"id": milestone["story"], "size": 5, "outlets": 3})
        self.check_schemas()
        self.assertGreater(daemon.metric("tidings_verdicts_total", 'layer="simhash",verdict="duplicate"'), 0)
        for name in ("tidings_dedup_window_items", "tidings_dedup_window_bytes", "tidings_stories_live", "tidings_dedup_verifications_sum"):
            self.assertGreater(daemon.metric(name), 0, name)
        self.assertEqual(daemon.stop(), 0)

    def test_outlets_of_one_owner_or_domain_and_copies_count_once(self):
        text = '\n[dedup.owners]\n"three.example" = "Press House"\n"four.example" = "press house"\n'
        daemon = self.start([("wire", "wire.example", [("Ferry and barge collide", TOLD)]), ("copy", "copy.example", [("Ferry hits barge", TOLD)]),
                             ("domain", "news.wire.example", [OWN[0]]), ("owned", "other.example", [OWN[1]]),
                             ("group", "three.example", [OWN[2]]), ("same-group", "four.example", [OWN[3]])], text, owned={"owner": "wire.example"})
        outlets = {name: self.item_of(name)["story"]["outlets"] for name, _, _ in self.outlets}
        self.assertEqual(len({self.item_of(name)["story"]["id"] for name, _, _ in self.outlets}), 1)
        self.assertEqual(outlets, {"wire": 1, "copy": 1, "domain": 1, "owned": 1, "group": 2, "same-group": 2})
        self.assertEqual(self.events("milestone"), [])
        self.assertEqual(daemon.stop(), 0)

    def test_explain_stories_and_compare(self):
        self.start([("wire", "wire.example", [("Ferry and barge collide", TOLD)]),
                    ("copy", "copy.example", [("Ferry hits barge", "(Agency) " + TOLD + " Sign up for our newsletter today.")]),
                    ("one", "one.example", [OWN[0]])])
        wire, copy, one = (self.item_of(name) for name in ("wire", "copy", "one"))
        told = json.loads(self.good("explain", copy["id"], "--json"))
        self.assertEqual((told["verdict"], told["of"], told["decided"]["layer"]), ("duplicate", wire["id"], "simhash"))
        self.assertEqual(told["decided"]["distance"], copy["decided"]["distance"])
        self.assertEqual(told["story"], {"id": wire["story"]["id"], "live": True, "size": 3, "outlets": 2})
        self.assertTrue(told["in_window"])
        self.assertEqual(told["comparison"]["compared"], "texts")
        self.assertIn("newsletter", told["comparison"]["only_second"]["words"])
        self.assertIn("Varnholm", told["comparison"]["shared"]["names"])
        words = self.good("explain", copy["url"])
        for part in ("duplicate of \"Ferry and barge collide\" of wire", "near text", "of 64 bits", "% of the shorter", "newsletter", "3 items, 2 independent outlets"):
            self.assertIn(part, words)
        self.assertIn("story terms", self.good("explain", one["id"]))

        answer = json.loads(self.good("stories", "--json"))
        self.assertEqual(answer["live"], 1)
        story = answer["stories"][0]
        self.assertEqual((story["id"], story["title"], story["size"], story["outlets"], story["languages"]),
                         (wire["story"]["id"], "Ferry and barge collide", 3, 2, ["en"]))
        self.assertRegex(self.good("stories", "--sort", "last", "--limit", "1"), r"Ferry and barge collide")
        items = json.loads(self.good("stories", story["id"], "--json"))["items"]
        self.assertEqual([i["id"] for i in items], [wire["id"], copy["id"], one["id"]])
        self.assertIn("copy.example", self.good("stories", story["id"].rsplit(":", 1)[1]))

        both = json.loads(self.good("compare", wire["id"], copy["url"], "--json"))
        self.assertEqual((both["relation"], both["same_story"]), ("duplicate", True))
        self.assertIn("fingerprint", self.good("compare", wire["id"], one["id"]))

        for arguments, said in ((("explain", "urn:tidings:item:" + "0" * 32), "no item is known"), (("explain", "nonsense"), "neither an item's id"),
                                (("stories", "0" * 32), "no story"), (("compare", wire["id"], "http://nowhere.example/"), "no item is known")):
            run = self.run_tidings(*arguments)
            self.assertEqual((run.returncode, run.stdout), (1, ""), arguments)
            self.assertIn(said, run.stderr)
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.tidingsd.get("/api/stories?sort=colour")
        self.assertEqual(refused.exception.code, 400)

        # All of it holds over a restart.
        self.assertEqual(self.tidingsd.stop(), 0)
        self.tidingsd.start()
        self.tidingsd.wait_ready()
        again = json.loads(self.good("explain", copy["id"], "--json"))
        self.assertEqual({k: again[k] for k in ("decided", "story", "in_window")}, {k: told[k] for k in ("decided", "story", "in_window")})
        self.assertEqual(self.tidingsd.stop(), 0)

    def test_events_of_sources_fit_their_schema(self):
        self.start([("wire", "wire.example", [("Ferry and barge collide", TOLD)])])
        self.server.set("/wire", Answer(b"", 500))
        wait_until(lambda: [f["event"] for _, f, _ in self.stream(self.streams, "sources")] == ["failing"], "the failure is told")
        self.server.set("/wire", feed("wire.example", [OWN[0]]))
        wait_until(lambda: "recovered" in [f["event"] for _, f, _ in self.stream(self.streams, "sources")], "the end of it is told")
        self.check_schemas()
        self.assertEqual(self.tidingsd.stop(), 0)


if __name__ == "__main__":
    main()
