#!/usr/bin/env python3
"""How soon a subscriber wakes after a hub's ping: from the moment at which a signed document with a new item is posted to the
callback to the subscriber's XREAD. Figures: websub_wake_up_p50_ms, websub_wake_up_p99_ms.
  tests/bench/run websub_wake_up [--pings-per-second N] [--topics N] [--seconds S]"""
import argparse
import asyncio
import hashlib
import hmac
import json
import multiprocessing
import pathlib
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import hub  # noqa: E402
import made_feeds  # noqa: E402
import origin  # noqa: E402
import services  # noqa: E402
import subscriber  # noqa: E402

WINDOW = 5        # items in each ping, of which the first is new
CONNECTIONS = 16  # of the hub, kept open


def ping_all(subscriptions, rate, seconds, ready):
    """Posts to each callback in turn at the times of the rate, when it has set `ready`. A ping that waits for its connection is late by what it waits:
    its item is written when it is sent."""
    async def run():
        writer_of_items = subscriber.Writer(made_feeds.Maker(), int(rate * seconds) + 1)
        queues = [asyncio.Queue() for _ in range(CONNECTIONS)]
        kept = [[] for _ in subscriptions]

        async def send(queue):
            port = urllib.parse.urlsplit(subscriptions[0][0]).port
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while (number := await queue.get()) is not None:
                callback, topic, secret, hub_url = subscriptions[number]
                parts = urllib.parse.urlsplit(callback)
                kept[number] = [writer_of_items.item(f"/{number}"), *kept[number][:WINDOW - 1]]
                body = f"<rss version=\"2.0\"><channel><title>Feed {number}</title>{''.join(kept[number])}</channel></rss>".encode()
                signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
                writer.write((f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/rss+xml\r\n"
                              f"Link: <{hub_url}>; rel=\"hub\", <{topic}>; rel=\"self\"\r\nX-Hub-Signature: sha256={signature}\r\n"
                              f"Content-Length: {len(body)}\r\n\r\n").encode() + body)
                status = await reader.readuntil(b"\r\n\r\n")
                assert b" 204 " in status or b" 202 " in status or b" 200 " in status, status
            writer.close()

        senders = [asyncio.create_task(send(queue)) for queue in queues]
        ready.set()
        began = time.monotonic()
        for n in range(int(rate * seconds)):
            await asyncio.sleep(max(0, began + n / rate - time.monotonic()))
            number = n % len(subscriptions)
            queues[number % CONNECTIONS].put_nowait(number)
        for queue in queues:
            queue.put_nowait(None)
        await asyncio.gather(*senders)

    asyncio.run(run())


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pings-per-second", type=int, default=200)
    options.add_argument("--topics", type=int, default=100)
    options.add_argument("--seconds", type=float, default=15)
    args = options.parse_args()
    print(f"data: {args.topics} subscriptions, {args.pings_per_second} pings a second in all, each of {WINDOW} items of about 2 kB, one of them new")
    with services.temporary_folder() as folder:
        folder = pathlib.Path(folder)
        redis = services.Redis(folder / "redis", options=("--appendonly", "no"))
        ours, feeds = hub.Hub(), origin.Origin()
        for n in range(args.topics):
            feeds.routes[f"/{n}"] = hub.rss_of([(f"first-{n}", f"First of {n}", "x")], hub=ours.url, topic=feeds.url(f"/{n}"))
        port = services.free_port()
        push = {"public_url": f"http://127.0.0.1:{port}", "listen": f"127.0.0.1:{port}"}
        text = "[push]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in push.items())
        text += "\n".join(f'[[source]]\nid = "s{n}"\nurl = "{feeds.url(f"/{n}")}"\ninterval = "1d"\nallow_private = true' for n in range(args.topics))
        daemon = services.Daemon(ROOT / "build/release", folder / "tidings", redis.url, (ROOT / "tests/bench/cold_start.toml").read_text() + text)
        try:
            daemon.wait_ready()
            services.wait_until(lambda: daemon.metric("tidings_push_subscriptions") >= args.topics, "the hub has verified every subscription", 120, 0.1)
            with ours.lock:
                subscriptions = [(s.callback, s.topic, s.secret, ours.url) for s in ours.subscriptions.values()]
            ready = multiprocessing.Event()
            sender = multiprocessing.Process(target=ping_all, args=(subscriptions, args.pings_per_second, args.seconds + 4, ready), daemon=True)
            sender.start()
            ready.wait()
            time.sleep(2)  # until its connections are open and it has found its pace
            stages = subscriber.Stages(daemon, ("parse", "decide", "commit"))
            delays = subscriber.watch(redis, args.seconds)
            means = stages.means()
            sender.join(30)
            assert sender.exitcode == 0, "the hub's pings were not all taken"
        finally:
            daemon.stop()
            redis.stop()
            ours.close()
        subscriber.report("websub_wake_up", delays, args.seconds, means)


if __name__ == "__main__":
    main()
