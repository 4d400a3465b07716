#!/usr/bin/env python3
"""A great many sources of which few are due at a time: what each costs in memory, before its first poll and after it, and how
soon the first is polled after the start. What the items of their documents take in the window of duplicates is not counted.
Figures: idle_source_bytes (of the daemon's resident memory, for a source that was polled), start_1m_seconds (from exec to the
first poll). What deciding when to poll costs by itself is the workload `scheduler`.
  tests/bench/run idle_sources [--sources N] [--polled N]"""
import argparse
import os
import pathlib
import re
import signal
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import made_feeds  # noqa: E402
import services  # noqa: E402

FEEDS = 100
ITEMS = 10  # in a document
PER_FILE = 200_000  # a file of the configuration may have 16 MiB


def resident(daemon):
    """But for the window of duplicates."""
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{daemon.process.child.pid}/status").read_text()).group(1)) * 1024 - daemon.metric("tidings_dedup_window_bytes")


def write_lists(folder, base, sources):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.urls"):
        old.unlink()
    for number, begin in enumerate(range(0, sources, PER_FILE)):
        lines = (f"{base}/{n % FEEDS}.xml?{n}\n" for n in range(begin, min(sources, begin + PER_FILE)))
        (folder / f"{number}.urls").write_text("".join(lines))


def wait_polled(daemon, polls):
    services.wait_until(lambda: daemon.healthy() and daemon.metric("tidings_polls_total") >= polls, f"{polls} polls", 900, 0.1)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=1_000_000, help="of which one is polled")
    options.add_argument("--polled", type=int, default=25_000, help="that are all polled, beside as many to begin with, which fill what is bounded (the log of polls, the sources that stay awake)")
    args = options.parse_args()
    if args.sources <= 2 * args.polled:
        options.error("--sources must be more than twice --polled: one of those that were not polled has to be due")
    with services.temporary_folder() as folder:
        folder = pathlib.Path(folder)
        os.chmod(folder, 0o755)
        made_feeds.write(folder / "feeds", "feeds.example", FEEDS, ITEMS)
        nginx = services.Nginx(folder / "nginx", folder / "feeds")
        redis = services.Redis(folder / "redis", options=("--appendonly", "no"))
        base = f"http://127.0.0.1:{nginx.port}"
        ours = folder / "tidings"
        # Politeness to the one local host that serves them all is off. After its first poll no source is due again.
        pace = (ROOT / "tests/bench/cold_start.toml").read_text().replace("[http]", "[http]\nallow_private = true")
        pace = pace.replace('max_interval = "1h"', 'min_interval = "1d"\nmax_interval = "2d"')
        slow = pace.replace("max_requests_per_second = 100000", "max_requests_per_second = 1").replace('default_interval = "1s"', 'default_interval = "1d"')
        daemon = None
        try:
            # What is there however many sources there are (pools, caches) is there with the first of them.
            write_lists(ours / "sources.d", base, args.polled)
            daemon = services.Daemon(ROOT / "build/release", ours, redis.url, pace)
            wait_polled(daemon, args.polled)
            first = resident(daemon)

            write_lists(ours / "sources.d", base, 2 * args.polled)
            daemon.process.send(signal.SIGHUP)
            wait_polled(daemon, 2 * args.polled)
            polled = (resident(daemon) - first) / args.polled
            print(f"data: {args.polled} sources polled once, of {ITEMS} items each: {polled:.0f} bytes a source", flush=True)
            daemon.stop()

            write_lists(ours / "sources.d", base, args.sources)
            daemon.write(slow)
            began = time.monotonic()
            daemon.start()
            wait_polled(daemon, 1)
            started = time.monotonic() - began
            print(f"data: {args.sources} sources: first poll after {started:.1f} s, {(resident(daemon) - first) / args.sources:.0f} bytes a source")
            print(f"figure idle_source_bytes {polled:.0f} bytes")
            print(f"figure start_1m_seconds {started * 1_000_000 / args.sources:.1f} s")
        finally:
            if daemon and daemon.process.running():
                daemon.stop()
            redis.stop()
            nginx.stop()


if __name__ == "__main__":
    main()
