"""What a source shows again: archives, new ids for old entries, old entries of a new source. None of it is news."""
import datetime
import email.utils
import json
import random
import re
import xml.sax.saxutils

from harness import ROOT, Case, main, source, wait_until

SYLLABLES = "ba ko lu mer ti son dra vel pin gor sha num fel tor wen zi".split()


def text(n):
    """Forty words that no other number has."""
    rng = random.Random(n)
    return " ".join("".join(rng.choices(SYLLABLES, k=4)) for _ in range(40)) + "."


def feed(numbers, days_old=None, key="g", host="news.example"):
    """A feed with these entries, the newest first; `days_old` gives each its date."""
    now = datetime.datetime.now(datetime.timezone.utc)
    body = ""
    for n in numbers:
        date = f"<pubDate>{email.utils.format_datetime(now - datetime.timedelta(days=days_old(n)))}</pubDate>" if days_old else ""
        body += (f"<item><title>{xml.sax.saxutils.escape(text(n)[:40])} {n}</title><link>http://{host}/{n}</link>"
                 f"<guid isPermaLink=\"false\">{key}{n}</guid>{date}<description>{text(n)}</description></item>")
    return f"<rss version=\"2.0\"><channel><title>Feed</title><link>http://{host}/</link><description>d</description>{body}</channel></rss>".encode()


class Repeats(Case):
    def polled(self, daemon, name="wire"):
        """Waits for two more polls, so that what the origin shows now was read."""
        seen = daemon.source(name)["polls"]
        wait_until(lambda: daemon.source(name)["polls"] >= seen + 2, "the source is polled again")

    def events(self, redis, daemon):
        self.polled(daemon)
        return [f["event"] for _, f, _ in self.stream(redis, "sources")]

    def test_new_ids_for_all_entries_give_no_item_and_one_event(self):
        redis, origin = self.redis(), self.origin()
        origin.set("/feed", feed(range(20)))
        daemon = self.daemon(redis, source("wire", origin.url("/feed"))).wait_ready()
        self.wait_items(redis, 20)
        for key in ("new-", "newer-"):
            origin.set("/feed", feed(range(20), key=key))
            self.assertEqual(self.events(redis, daemon), ["rekeyed"])
        self.assertEqual(len(self.stream(redis, "items")), 20)
        self.assertEqual(len(self.stream(redis, "duplicates")), 0)
        self.assertEqual(daemon.stop(), 0)

    def test_new_ids_and_new_addresses_give_no_item_and_one_event(self):
        redis, origin = self.redis(), self.origin()
        origin.set("/feed", feed(range(20)))
        daemon = self.daemon(redis, source("wire", origin.url("/feed"))).wait_ready()
        self.wait_items(redis, 20)
        origin.set("/feed", feed(range(20), key="new-", host="moved.example"))
        self.assertEqual([e for e in self.events(redis, daemon) if e != "gap"], ["rekeyed"])
        self.assertEqual(len(self.stream(redis, "items")), 20)
        self.assertEqual(daemon.stop(), 0)

    def test_an_archive_that_is_listed_again_gives_no_item_and_one_event(self):
        redis, origin = self.redis(), self.origin()
        age = lambda n: 30 + n / 24  # noqa: E731
        origin.set("/feed", feed(range(600), age))
        daemon = self.daemon(redis, source("wire", origin.url("/feed"))).wait_ready()
        self.wait_items(redis, 600)
        origin.set("/feed", feed(range(20), age))
        self.assertEqual(self.events(redis, daemon), [])
        origin.set("/feed", feed(range(600), age))
        self.assertEqual(self.events(redis, daemon), ["backfill"])
        origin.set("/feed", feed(range(20), age))
        self.polled(daemon)
        origin.set("/feed", feed(range(601), age))
        self.assertEqual(self.events(redis, daemon), ["backfill"])
        entries = self.stream(redis, "items")
        self.assertEqual(len(entries), 601)
        self.assertEqual(entries[-1][1]["backfill"], "true", "an old entry that was never seen is no news")
        event = self.stream(redis, "sources")[0][1]
        self.assertEqual(event["entries"], "580")
        self.assertEqual(daemon.stop(), 0)

    def test_old_entries_of_a_new_source_are_marked_and_alert_nobody(self):
        redis, origin = self.redis(), self.origin()
        origin.set("/feed", feed(range(10), lambda n: 0.1 if n < 4 else 30))
        rule = '\n[alert]\nmax_item_age = "0s"\n[[rule]]\nid = "all"\nquery = "source:wire"\nonce_per_story = false\n'
        daemon = self.daemon(redis, rule + source("wire", origin.url("/feed"))).wait_ready()
        entries = self.wait_items(redis, 10)
        marked = {item["guid"] for _, fields, item in entries if fields.get("backfill") == "true"}
        self.assertEqual(marked, {f"g{n}" for n in range(4, 10)})
        self.assertEqual(marked, {item["guid"] for _, _, item in entries if item.get("backfill") is True})
        alerts = self.wait_items(redis, 4, "alerts")
        self.polled(daemon)
        self.assertEqual(len(self.stream(redis, "alerts")), len(alerts))
        self.assertEqual(len(alerts), 4)
        self.assertEqual(self.events(redis, daemon), [])
        import jsonschema
        schema = json.loads((ROOT / "config/schema/item.schema.json").read_text())
        for _, _, item in entries:
            jsonschema.validate(item, schema)
        self.assertEqual(daemon.stop(), 0)

    def test_an_entry_that_an_editor_takes_out_tells_nothing(self):
        redis, origin = self.redis(), self.origin()
        origin.set("/feed", feed(range(20)))
        daemon = self.daemon(redis, source("wire", origin.url("/feed"))).wait_ready()
        self.wait_items(redis, 20)
        origin.set("/feed", feed(range(100, 110)).replace(b"</channel>", re.search(rb"<item>.*</item>", feed(range(10)), re.S).group() + b"</channel>"))
        self.wait_items(redis, 30)
        origin.set("/feed", feed(list(range(101, 110)) + list(range(11))))
        self.assertEqual(self.events(redis, daemon), [])
        self.assertEqual(len(self.stream(redis, "items")), 30)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    main()
