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
import subscriber  # noqa: E402

NEW = 10      # items that are new in each document
WINDOW = 20   # items in each document


def origin(port, ready, total):
    """Serves documents with new items at each request."""
    writer_of_items = subscriber.Writer(made_feeds.Maker(), total)
    kept = {}

    def document(path):
        items = kept.setdefault(path, [])
        items.extend(writer_of_items.item(path) for _ in range(NEW))
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
            time.sleep(3)  # until every source has been polled twice
            stages = subscriber.Stages(daemon, ("fetch", "parse", "decide", "commit"))
            delays = subscriber.watch(redis, args.seconds)
            means = stages.means()
        finally:
            daemon.stop()
            redis.stop()
            server.terminate()
        subscriber.report("wake_up", delays, args.seconds, means)


if __name__ == "__main__":
    main()
