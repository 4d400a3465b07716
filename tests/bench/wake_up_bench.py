#!/usr/bin/env python3
"""How soon a subscriber wakes: from the moment the origin answers with a document that has new items to the subscriber's XREAD,
which is the whole route without the wait for the poll. Figures: wake_up_p50_ms, wake_up_p99_ms at 1,000 items a second.
  tests/bench/run wake_up [--items-per-second N] [--seconds S]"""
import argparse
import asyncio
import multiprocessing
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import made_feeds  # noqa: E402
import services  # noqa: E402

NEW = 10      # items that are new in each document
WINDOW = 20   # items in each document


def origin(port, ready, total):
    """Serves documents whose items carry the moment at which they were written; `total` texts are made before the first."""
    maker = made_feeds.Maker()
    texts = [" ".join(maker.sentence(14) + "." for _ in range(12)) for _ in range(total)]
    titles = [maker.sentence(8) for _ in range(total)]
    kept = {}
    count = 0

    def document(path):
        nonlocal count
        items = kept.setdefault(path, [])
        for _ in range(NEW):
            count += 1
            items.append(f"<item><title>{titles[count % total]}</title><link>http://origin.example{path}/{time.monotonic_ns()}-{count}</link>"
                         f"<guid isPermaLink=\"false\">{path}-{count}</guid>"
                         f"<description>{texts[count % total]}</description></item>")
        del items[:-WINDOW]
        return f"<rss version=\"2.0\"><channel><title>Feed {path}</title>{''.join(reversed(items))}</channel></rss>".encode()

    async def serve(reader, writer):
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                body = document(request.split(b" ", 2)[1].decode())
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run():
        server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024)
        ready.set()
        await server.serve_forever()

    asyncio.run(run())


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items-per-second", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=15)
    args = options.parse_args()
    sources = args.items_per_second // NEW
    print(f"data: {sources} sources polled every second, {NEW} new items of about 2 kB in each document")
    with services.temporary_folder() as folder:
        folder = pathlib.Path(folder)
        port, ready = services.free_port(), multiprocessing.Event()
        server = multiprocessing.Process(target=origin, args=(port, ready, int(args.items_per_second * (args.seconds + 10))), daemon=True)
        server.start()
        ready.wait()
        redis = services.Redis(folder / "redis", options=("--appendonly", "no"))
        # First polls are spread over the time that the budget needs for all sources: so they do not come in step.
        budget = f"max_requests_per_second = {sources * 1.2}"
        text = "\n".join(f'[[source]]\nid = "s{n}"\nurl = "http://127.0.0.1:{port}/{n}"\ninterval = "1s"\nallow_private = true'
                         for n in range(sources))
        daemon = services.Daemon(ROOT / "build/release", folder / "tidings", redis.url,
                                 (ROOT / "tests/bench/cold_start.toml").read_text().replace("max_requests_per_second = 100000", budget) + text)
        try:
            daemon.wait_ready()
            client = redis.client()
            delays, last, begin = [], "$", time.monotonic() + 3
            while time.monotonic() < begin + args.seconds:
                for _, entries in client.xread({"{tidings}:items": last, "{tidings}:duplicates": "$"}, block=1000) or ():
                    now = time.monotonic_ns()
                    for last_seen, fields in entries:
                        if fields["verdict"] == "new" and time.monotonic() > begin:
                            delays.append((now - int(fields["url"].rsplit("/")[-1].split("-")[0])) / 1e6)
                        last = last_seen
            stages = {stage: daemon.metric("tidings_stage_seconds_sum", f'stage="{stage}"') / daemon.metric("tidings_stage_seconds_count", f'stage="{stage}"')
                      for stage in ("fetch", "parse", "decide", "commit")}
            stages["publish"] = daemon.metric("tidings_publish_delay_seconds_sum") / daemon.metric("tidings_publish_delay_seconds_count")
        finally:
            daemon.stop()
            redis.stop()
            server.terminate()
        delays.sort()
        at = lambda share: delays[int(share * (len(delays) - 1))]  # noqa: E731
        print(f"{len(delays)} items, {len(delays) / args.seconds:.0f} a second; mean {sum(delays) / len(delays):.2f} ms, "
              f"p90 {at(.9):.2f} ms, most {delays[-1]:.2f} ms")
        print("mean of the stages: " + ", ".join(f"{stage} {1e3 * seconds:.2f} ms" for stage, seconds in stages.items()))
        print(f"figure wake_up_p50_ms {at(.5):.2f} ms")
        print(f"figure wake_up_p99_ms {at(.99):.2f} ms")


if __name__ == "__main__":
    main()
