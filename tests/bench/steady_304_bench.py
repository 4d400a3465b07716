#!/usr/bin/env python3
"""Sources that have not changed, polled as fast as can be: 304 answers a second, with the source's state kept at each, against a
bare curl multi loop (naive_client) at the same nginx in the same run. Figure: steady_304_vs_curl.
  tests/bench/run steady_304 [--sources N] [--seconds S] [--rounds N]"""
import argparse
import email.utils
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

FEEDS = 100
CHANGED = 1780000000  # when the feeds did last


def wanted(daemon):
    return daemon.metric("tidings_polls_not_modified_total")


def ours(folder, base, sources, seconds):
    redis = services.Redis(folder / "redis", options=("--appendonly", "no"))
    text = "\n".join(f'[[source]]\nid = "s{n}"\nurl = "{base}/{n % FEEDS}.xml?{n}"\ninterval = "1s"\nallow_private = true'
                     for n in range(sources))
    daemon = services.Daemon(ROOT / "build/release", folder / "tidings", redis.url, (ROOT / "tests/bench/cold_start.toml").read_text() + text)
    try:
        daemon.wait_ready()
        services.wait_until(lambda: wanted(daemon) >= sources, "every source has answered 304 once", 300, 0.1)
        before, failed, began = wanted(daemon), daemon.metric("tidings_polls_failed_total"), time.monotonic()
        time.sleep(seconds)
        rate = (wanted(daemon) - before) / (time.monotonic() - began)
        assert daemon.metric("tidings_polls_failed_total") == failed, "polls failed"
        return rate
    finally:
        daemon.stop()
        redis.stop()


def bare(base, seconds):
    argv = [ROOT / "build/release/tests/bench/naive_client", "304", base, str(FEEDS), str(seconds), email.utils.formatdate(CHANGED, usegmt=True)]
    return float(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=20000)
    options.add_argument("--seconds", type=float, default=8)
    options.add_argument("--rounds", type=int, default=3)
    args = options.parse_args()
    with services.temporary_folder() as folder:
        folder = pathlib.Path(folder)
        os.chmod(folder, 0o755)
        made_feeds.write(folder / "feeds", "feeds.example", FEEDS, 1)
        for number in range(FEEDS):
            os.utime(folder / f"feeds/{number}.xml", (CHANGED, CHANGED))
        print(f"data: {args.sources} sources, each due every second")
        nginx = services.Nginx(folder / "nginx", folder / "feeds")
        base = f"http://127.0.0.1:{nginx.port}"
        try:
            ratios = []
            for number in range(args.rounds):
                peer = bare(base, args.seconds)
                rate = ours(folder / f"ours{number}", base, args.sources, args.seconds)
                print(f"tidings: {rate:.0f} answers/s, bare curl multi: {peer:.0f} answers/s", flush=True)
                ratios.append(rate / peer)
            print(f"figure steady_304_vs_curl {statistics.median(ratios):.3f} x")
        finally:
            nginx.stop()


if __name__ == "__main__":
    main()
