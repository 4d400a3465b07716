"""Recorded feeds through the whole route: each entry comes out once as new, an edit as an update, nothing twice, nothing lost."""
import collections
import pathlib
import re
import tarfile
import unittest
import xml.etree.ElementTree

from harness import BUILD, ROOT, Case, main, services, source, wait_until
from origin import rss

SERIES = ROOT.parent / "shared/corpus/series.tar.xz"
WORDS = "anchor barley copper drizzle ember fathom gravel hollow island juniper kettle ladder meadow nickel orchard pepper quarry ribbon saddle timber".split()
OUTLETS, SNAPSHOTS = 4, 40  # of the real series


def story(n):
    pick = [WORDS[(n * 7 + k * (2 * n + 3)) % len(WORDS)] for k in range(24)]
    return (f"story-{n}", f"{pick[0].title()} and {pick[3]} meet {pick[5]} {n * 13 + 7}", " ".join(f"{w}{(n * 17 + k) % 89}" for k, w in enumerate(pick)) + ".")


def identities(document):
    """What the entries of a feed are known by, in a plain reading of it."""
    found = set()
    for item in xml.etree.ElementTree.fromstring(document).iter("item"):
        guid, link = item.findtext("guid"), item.findtext("link")
        if (guid or link or "").strip():
            found.add((guid or link).strip())
    return found


class Replay(Case):
    def replay(self, folder, outlets):
        """A daemon that polls the recordings, a snapshot at each fetch, until all were served."""
        server = services.Process([BUILD / "daemon/tidings", "replay-feeds", folder, "--port", "0", "--by-fetch"], self.folder / "replay.log")
        self.addCleanup(lambda: server.running() and server.stop())
        base = wait_until(lambda: re.search(r"outlets at (http://127\.0\.0\.1:\d+/)", server.text()), "the recordings are served").group(1)
        redis = self.redis()
        # The recordings are years old: polled at once, without the caches and hints of their time.
        options = 'max_hint_wait = "0s"\n'
        daemon = self.daemon(redis, "".join(source(o, base + o) for o in outlets), schedule=options).wait_ready()
        for outlet, snapshots in outlets.items():
            wait_until(lambda: daemon.source(outlet)["polls"] > snapshots, f"all of {outlet} was polled", 200, 0.1)
        wait_until(lambda: daemon.metric("tidings_outbox_pending_rows") == 0, "all is published")
        items, duplicates, events = (self.stream(redis, name) for name in ("items", "duplicates", "sources"))
        counts = {outlet: daemon.source(outlet) for outlet in outlets}
        self.assertEqual(daemon.stop(), 0)
        return items, duplicates, events, counts

    def check_once(self, items, duplicates):
        """Each item has one first telling, and its revisions are counted up without a gap."""
        revisions = collections.defaultdict(list)
        for _, fields, item in items + duplicates:
            revisions[item["source"]["id"], item["guid"] if "guid" in item else item["url"]].append(int(fields["rev"]))
        for key, seen in revisions.items():
            self.assertEqual(sorted(seen), list(range(1, len(seen) + 1)), key)
        return revisions

    def test_a_recorded_day(self):
        folder = self.folder / "days/gazette"
        folder.mkdir(parents=True)
        stories = [story(n) for n in range(30)]
        edited = (stories[12][0], stories[12][1] + " after all", stories[12][2].replace(".", " and 400 more say so."))
        for step in range(11):
            shown = list(reversed(stories[2 * step:2 * step + 10]))
            if step >= 4:
                shown = [edited if s[0] == edited[0] else s for s in shown]
            document = rss(shown)
            if step == 7:
                document = document[:document.rindex(b"<item>") + 40]
            (folder / f"20260301T{step + 6:02}0000Z.xml").write_bytes(document)
        items, duplicates, events, _ = self.replay(folder.parent, {"gazette": 11})
        revisions = self.check_once(items, duplicates)
        self.assertEqual({guid for _, guid in revisions}, {s[0] for s in stories})
        self.assertEqual({guid for (_, guid), seen in revisions.items() if len(seen) > 1}, {edited[0]})
        self.assertEqual([f["verdict"] for _, f, _ in items if f["rev"] == "2"], ["update"])
        self.assertEqual([f["event"] for _, f, _ in events], [], "no gap, no failure")

    @unittest.skipUnless(SERIES.exists(), "the recorded series are not beside the project")
    def test_recorded_series_of_real_outlets(self):
        folder = self.folder / "series"
        recorded = collections.defaultdict(list)
        with tarfile.open(SERIES) as archive:
            for member in archive.getmembers():
                path = pathlib.PurePosixPath(member.name)
                if member.isfile() and path.suffix == ".xml":
                    recorded[path.parent.name].append((path.name, archive.extractfile(member).read()))
        outlets, wanted = {}, set()
        for outlet in sorted(recorded):
            snapshots = sorted(recorded[outlet])[:SNAPSHOTS]
            try:
                found = {(outlet.lower(), guid) for _, document in snapshots for guid in identities(document)}
            except xml.etree.ElementTree.ParseError:
                continue
            if len(outlets) == OUTLETS or not found:
                continue
            (folder / outlet.lower()).mkdir(parents=True)
            for name, document in snapshots:
                (folder / outlet.lower() / name).write_bytes(document)
            outlets[outlet.lower()] = len(snapshots)
            wanted |= found
        items, duplicates, _, counts = self.replay(folder, outlets)
        revisions = self.check_once(items, duplicates)
        told = set(revisions)
        for outlet, state in counts.items():
            print(f"{outlet}: {outlets[outlet]} snapshots, {sum(1 for o, _ in wanted if o == outlet)} entries, "
                  f"{state['items']} new, {state['updates']} updates, {state['duplicates']} duplicates")
        self.assertEqual(wanted - told, set(), "lost")
        self.assertEqual(told - wanted, set(), "made up")


if __name__ == "__main__":
    main()
