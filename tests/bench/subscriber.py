"""What the wake-up benchmarks have in common: items whose links carry the moment at which they were written, and a subscriber
that blocks on XREAD and compares it with the moment at which it wakes."""
import os
import time

STREAM = "{tidings}:items"


class Writer:
    """Makes `total` texts beforehand, so that an item costs next to nothing when its time has come."""

    def __init__(self, maker, total):
        self.texts = [" ".join(maker.sentence(14) + "." for _ in range(12)) for _ in range(total)]
        self.titles = [maker.sentence(8) for _ in range(total)]
        self.count = 0

    def item(self, path):
        self.count += 1
        n = self.count % len(self.texts)
        return (f"<item><title>{self.titles[n]}</title><link>http://origin.example{path}/{time.monotonic_ns()}-{self.count}</link>"
                f"<guid isPermaLink=\"false\">{path}-{self.count}</guid><description>{self.texts[n]}</description></item>")


def written_at(fields):
    """When the item was written, in ns; 0 where it is none of a Writer's."""
    moment = fields["url"].rsplit("/")[-1].split("-")[0]
    return int(moment) if moment.isdigit() else 0


def watch(redis, seconds):
    """The delays in ms, ascending, of the new items that come within `seconds` from now."""
    client, delays = redis.client(), []
    last, end = client.xinfo_stream(STREAM)["last-generated-id"], time.monotonic() + seconds
    while time.monotonic() < end:
        for _, entries in client.xread({STREAM: last}, block=1000) or ():
            now = time.monotonic_ns()
            last = entries[-1][0]
            delays.extend((now - written_at(fields)) / 1e6 for _, fields in entries if fields["verdict"] == "new" and written_at(fields))
    return sorted(delays)


class Stages:
    """The mean time of each stage in ms, of what comes after it was made: what the start took is not counted."""

    def __init__(self, daemon, names):
        self.daemon = daemon
        self.places = {name: ("tidings_stage_seconds", f'stage="{name}"') for name in names}
        self.places["publish"] = ("tidings_publish_delay_seconds", 'stream="items"')
        self.before = self.read()

    def read(self):
        return {name: (self.daemon.metric(metric + "_sum", labels), self.daemon.metric(metric + "_count", labels))
                for name, (metric, labels) in self.places.items()}

    def means(self):
        after = self.read()
        return {name: (after[name][0] - total) / max(1, after[name][1] - count) * 1e3 for name, (total, count) in self.before.items()}


def report(name, delays, seconds, means):
    at = lambda share: delays[int(share * (len(delays) - 1))]  # noqa: E731
    print(f"{len(delays)} items, {len(delays) / seconds:.0f} a second; mean {sum(delays) / len(delays):.2f} ms, p90 {at(.9):.2f} ms, "
          f"most {delays[-1]:.2f} ms")
    print(f"the {os.cpu_count()} cores are shared with Redis, the sender and the subscriber; {os.getloadavg()[0]:.1f} processes ran or waited "
          "for one in the last minute")
    print("mean of the stages (publish: from the begin of the commit): " + ", ".join(f"{stage} {ms:.2f} ms" for stage, ms in means.items()))
    print(f"figure {name}_p50_ms {at(.5):.2f} ms")
    print(f"figure {name}_p99_ms {at(.99):.2f} ms")
