#!/usr/bin/python3
# Follows the items from where it stopped last: python3 subscriber.py (apt install python3-redis)
import json, os, pathlib, redis

saved = pathlib.Path("last-id")
last = saved.read_text() if saved.exists() else "0"
client = redis.Redis.from_url(os.environ.get("TIDINGS_REDIS_URL", "redis://127.0.0.1:6379"), decode_responses=True)
while True:
    for _, entries in client.xread({"{tidings}:items": last}, count=100, block=5000):
        for last, fields in entries:
            item = json.loads(fields["data"])
            print(fields["verdict"], item["source"]["id"], item.get("title", ""), flush=True)
            saved.write_text(last)
