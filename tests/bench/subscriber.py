"""What the wake-up benchmarks have in common: items whose links carry the moment at which they were written, and a subscriber
that blocks on XREAD and compares it with the moment at which it wakes."""
import time


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


def watch(redis, begin, seconds):
    """The delays in ms, ascending, of the new items that come in `seconds` from `begin` on."""
    client, delays, last = redis.client(), [], "$"
    while time.monotonic() < begin + seconds:
        for _, entries in client.xread({"{tidings}:items": last, "{tidings}:duplicates": "$"}, block=1000) or ():
            now = time.monotonic_ns()
            for last_seen, fields in entries:
                if fields["verdict"] == "new" and time.monotonic() > begin and written_at(fields):
                    delays.append((now - written_at(fields)) / 1e6)
                last = last_seen
    return sorted(delays)


def stages(daemon, names):
    """The mean of each stage in ms."""
    mean = lambda name, labels="": daemon.metric(name + "_sum", labels) / daemon.metric(name + "_count", labels) * 1e3  # noqa: E731
    return {**{stage: mean("tidings_stage_seconds", f'stage="{stage}"') for stage in names}, "publish": mean("tidings_publish_delay_seconds")}


def report(name, delays, seconds, means):
    at = lambda share: delays[int(share * (len(delays) - 1))]  # noqa: E731
    print(f"{len(delays)} items, {len(delays) / seconds:.0f} a second; mean {sum(delays) / len(delays):.2f} ms, p90 {at(.9):.2f} ms, "
          f"most {delays[-1]:.2f} ms")
    print("the cores are shared with Redis, the sender and the subscriber")
    print("mean of the stages: " + ", ".join(f"{stage} {ms:.2f} ms" for stage, ms in means.items()))
    print(f"figure {name}_p50_ms {at(.5):.2f} ms")
    print(f"figure {name}_p99_ms {at(.99):.2f} ms")
