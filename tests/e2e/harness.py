"""What the end-to-end tests share: a redis-server, an origin and a tidingsd for each test, and the items that come out."""
import json
import os
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import services  # noqa: E402
from origin import Origin  # noqa: E402
from services import wait_until  # noqa: E402,F401

BUILD = pathlib.Path(os.environ.get("TIDINGS_BUILD", ROOT / "build/release"))
QUICK = """
[schedule]
max_requests_per_second = 10000
host_requests_per_second = 10000
host_burst = 1000
max_fetches_per_host = 64
default_interval = "1s"
min_interval = "1s"
backoff_base = "1s"
refused_base = "1s"
"""


def source(source_id, url, **more):
    """A [[source]] table; an interval of a second where none is given."""
    rows = {"id": source_id, "url": url, "allow_private": True, "interval": "1s", **more}
    text = "\n[[source]]\n"
    for key, value in rows.items():
        if value is not None:
            text += f"{key} = {json.dumps(value)}\n"
    return text


class Case(unittest.TestCase):
    longMessage = True

    def setUp(self):
        self.temporary = services.temporary_folder()
        self.folder = pathlib.Path(self.temporary.name)
        self.addCleanup(self.temporary.cleanup)

    def redis(self, **options):
        server = services.Redis(self.folder / "redis", **options)
        self.addCleanup(lambda: server.process.running() and server.stop())
        return server

    def origin(self, **options):
        server = Origin(**options)
        self.addCleanup(server.close)
        return server

    def daemon(self, redis, text, env=None, plugins=None, schedule=""):
        url = redis if isinstance(redis, str) else redis.url
        daemon = services.Daemon(BUILD, self.folder / "tidings", url, QUICK + schedule + text, env, plugins)

        def end():
            if daemon.process.running():
                daemon.process.kill()
        self.addCleanup(end)
        return daemon

    @staticmethod
    def stream(redis, name):
        """All entries of a stream as (id, fields, item)."""
        return [(i, f, json.loads(f["data"]) if "data" in f else None) for i, f in redis.client().xrange("{tidings}:" + name)]

    def wait_items(self, redis, count, name="items", seconds=30):
        def enough():
            entries = self.stream(redis, name)
            return entries if len(entries) >= count else None
        return wait_until(enough, f"{count} entries in {name}", seconds)


def main():
    unittest.main(verbosity=2)
