#!/usr/bin/env python3
"""From nothing to a full Redis: local feeds from a local nginx, all fetched once. Figures: cold_start_seconds, and as
ratios of a peer's time to ours cold_start_vs_sfeed (sfeed_update, 16 jobs), cold_start_vs_newsboat (16 threads) and
cold_start_vs_floor (naive_client: one thread that only fetches, parses, hashes and XADDs).
  tests/bench/run cold_start [--feeds N] [--rounds N] [--without-peers]"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import made_feeds  # noqa: E402
import services  # noqa: E402

ITEMS = 25


def tidings(folder, base, feeds):
    redis = services.Redis(folder / "redis", options=("--appendonly", "no"))
    sources = "\n".join(f'[[source]]\nid = "f{n}"\nurl = "{base}/{n}.xml"\nallow_private = true' for n in range(feeds))
    started = time.monotonic()
    daemon = services.Daemon(ROOT / "build/release", folder / "tidings", redis.url, (ROOT / "tests/bench/cold_start.toml").read_text() + sources)
    client = redis.client()

    def complete():
        if not daemon.process.running():
            raise SystemExit(daemon.process.text()[-3000:])
        return client.xlen("{tidings}:items") + client.xlen("{tidings}:duplicates") >= feeds * ITEMS

    try:
        services.wait_until(complete, f"{feeds * ITEMS} items are in Redis", 300, 0.005)
        return time.monotonic() - started
    finally:
        daemon.stop()
        redis.stop()


def floor(folder, base, feeds):
    redis = services.Redis(folder, options=("--appendonly", "no"))
    try:
        started = time.monotonic()
        subprocess.run([ROOT / "build/release/tests/bench/naive_client", "cold", base, str(feeds), str(redis.port)], check=True)
        took = time.monotonic() - started
        assert redis.client().xlen("{tidings}:items") == feeds * ITEMS, "the naive client has not read every feed"
        return took
    finally:
        redis.stop()


def sfeed(folder, base, feeds):
    folder.mkdir()
    rc = folder / "sfeedrc"
    lines = "\n".join(f"feed 'f{n}' '{base}/{n}.xml'" for n in range(feeds))
    rc.write_text(f"sfeedpath='{folder}/feeds'\nmaxjobs=16\nfeeds() {{\n{lines}\n}}\n")
    started = time.monotonic()
    subprocess.run(["sfeed_update", rc], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    seconds = time.monotonic() - started
    assert sum(1 for _ in (folder / "feeds").iterdir()) == feeds, "sfeed has not read every feed"
    return seconds


def newsboat(folder, base, feeds):
    folder.mkdir()
    (folder / "urls").write_text("".join(f"{base}/{n}.xml\n" for n in range(feeds)))
    (folder / "config").write_text("reload-threads 16\n")
    argv = ["newsboat", "-u", folder / "urls", "-c", folder / "cache.db", "-C", folder / "config", "-x", "reload"]
    started = time.monotonic()
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, env={**os.environ, "HOME": str(folder)})
    return time.monotonic() - started


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--without-peers", action="store_true")
    args = options.parse_args()
    with services.temporary_folder() as folder:
        folder = pathlib.Path(folder)
        os.chmod(folder, 0o755)
        size = made_feeds.write(folder / "feeds", "feeds.example", args.feeds, ITEMS)
        print(f"data: {args.feeds} feeds of {ITEMS} items, {size / 1e6:.1f} MB")
        nginx = services.Nginx(folder / "nginx", folder / "feeds")
        base = f"http://127.0.0.1:{nginx.port}"
        try:
            ours, floors = [], []
            for round_number in range(args.rounds):
                floors.append(floor(folder / f"floor{round_number}", base, args.feeds))
                ours.append(tidings(folder / f"ours{round_number}", base, args.feeds))
                print(f"tidings: {ours[-1]:.2f} s, naive client: {floors[-1]:.2f} s", flush=True)
            seconds = statistics.median(ours)
            print(f"figure cold_start_seconds {seconds:.3f} s")
            print(f"figure cold_start_vs_floor {statistics.median(floors) / seconds:.2f} x")
            if not args.without_peers:
                for name, peer in (("sfeed", sfeed), ("newsboat", newsboat)):
                    took = peer(folder / name, base, args.feeds)
                    print(f"{name}: {took:.2f} s")
                    print(f"figure cold_start_vs_{name} {took / seconds:.2f} x", flush=True)
        finally:
            nginx.stop()


if __name__ == "__main__":
    main()
