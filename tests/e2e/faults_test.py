"""What origins do wrong: each fault is one clear line that names the source and the cause, is counted, and costs no other
source anything."""
import json
import resource
import shutil
import signal
import subprocess
import time

from harness import BUILD, QUICK, Case, main, services, source, wait_until
from origin import Answer, bomb, closed_port, reset, retry_after_date, rss, self_signed

GOOD = rss([("g", "A quiet day in the harbour", "Nothing came in but the tide, and nothing went out but the lights of the pier.")])


class Faults(Case):
    def check(self, name, url, cause, errors_metric=True, healthy_items=1, **more):
        """The source fails, and says `cause` (one of several words); the one beside it goes on."""
        redis, origin = self.redis(), self.good
        daemon = self.daemon(redis, source("good", origin.url("/good")) + source(name, url, **more)).wait_ready()
        found = wait_until(lambda: daemon.source(name)["last_error"], f"{name} fails")
        causes = [cause] if isinstance(cause, str) else cause
        self.assertTrue(any(c in found for c in causes), f"'{found}' names none of {causes}")
        wait_until(lambda: daemon.source(name)["failures"] >= 2 or not daemon.source(name)["next_poll"], "a second try", 60)
        self.wait_items(redis, 1)
        events = [f for _, f, _ in self.stream(redis, "sources") if f["source"] == name]
        self.assertEqual(len(events), 1, events)
        self.assertEqual(daemon.process.text().count(f"{name}: "), 1, daemon.process.text())
        self.assertGreaterEqual(daemon.metric("tidings_polls_failed_total"), 1)
        self.assertEqual(daemon.source("good")["failures"], 0)
        self.assertEqual(daemon.stop(), 0)
        return found

    def setUp(self):
        super().setUp()
        self.good = self.origin()
        self.good.set("/good", GOOD)

    def bad(self, route):
        self.good.set("/bad", route)
        return self.good.url("/bad")

    def test_an_error_page_with_status_200(self):
        page = b"<!DOCTYPE html><html><head><title>Down</title></head><body><h1>We are down for maintenance</h1></body></html>"
        self.check("page", self.bad(Answer(page, content_type="text/html")), ["web page", "HTML", "no feed"])

    def test_an_empty_body(self):
        self.check("empty", self.bad(Answer(b"")), "empty")

    def test_a_body_over_the_bound(self):
        self.check("large", self.bad(Answer(b"<rss version='2.0'><channel>" + b"x" * (20 << 20))), ["larger", "MiB", "bytes", "too large"])

    def test_a_compressed_bomb(self):
        self.check("bomb", self.bad(bomb()), ["larger", "MiB", "bytes", "ratio", "times"])

    def test_a_redirect_loop(self):
        self.good.set("/loop", lambda request: Answer(status=302, headers={"Location": "/loop"}))
        self.check("loop", self.good.url("/loop"), "redirect")

    def test_a_tls_error(self):
        other = self.origin(certificate=self_signed(self.folder))
        other.set("/feed", GOOD)
        self.check("tls", other.url("/feed"), ["certificate", "TLS"])

    def test_a_name_that_does_not_resolve(self):
        self.check("dns", "http://no-such-host.invalid/feed", ["resolve", "no such host", "name"])

    def test_a_connection_refused(self):
        self.check("refused", f"http://127.0.0.1:{closed_port()}/feed", ["refused", "connect"])

    def test_a_connection_reset(self):
        self.check("reset", self.bad(reset), ["reset", "closed", "empty", "connection"])

    def test_a_server_that_does_not_answer(self):
        done = []
        self.addCleanup(lambda: done.append(1))

        def slow(request):
            while not done:
                time.sleep(0.05)
        self.good.set("/slow", slow)
        redis = self.redis()
        daemon = self.daemon(redis, "[http]\ntimeout = \"1s\"\n" + source("good", self.good.url("/good")) + source("slow", self.good.url("/slow"))).wait_ready()
        found = wait_until(lambda: daemon.source("slow")["last_error"], "the slow source fails")
        self.assertIn("1", found)
        self.wait_items(redis, 1)
        self.assertEqual(daemon.stop(), 0)

    def test_a_private_address_is_refused_unless_it_is_allowed(self):
        found = self.check("private", self.good.url("/good2"), "private", allow_private=False)
        self.assertIn("allow_private", found)

    def test_not_found_and_gone(self):
        self.check("gone", self.bad(Answer(b"", 410)), "410")

    def test_truncated_xml_keeps_the_whole_items(self):
        redis = self.redis()
        whole = rss([("one", "The first story is whole and stays", "It has all its words and its end."), ("two", "The second story is cut", "It ends in the mid")])
        self.good.set("/cut", whole[:whole.index(b"It ends in the mid") + 12])
        daemon = self.daemon(redis, source("cut", self.good.url("/cut"))).wait_ready()
        entries = self.wait_items(redis, 1)
        self.assertIn("The first story is whole and stays", [f["title"] for _, f, _ in entries])
        wait_until(lambda: daemon.metric("tidings_documents_partial_total") >= 1, "the document counts as partial")
        self.assertEqual(daemon.stop(), 0)

    def check_retry_after(self, answer, blocked):
        """The source itself and, for the status that speaks for the host, the others of its host are left alone."""
        redis = self.redis()
        self.good.set("/busy", answer)
        daemon = self.daemon(redis, source("busy", self.good.url("/busy"))).wait_ready()
        state = wait_until(lambda: daemon.source("busy")["last_error"] and daemon.source("busy"), "busy was polled")
        self.assertIn("Retry-After", state["reason"])
        self.assertEqual(self.good.count("/busy"), 1)
        self.assertEqual(daemon.source("busy")["host"]["blocked_until"] is not None, blocked)
        self.assertEqual(daemon.stop(), 0)

    def test_retry_after_in_seconds_is_obeyed(self):
        self.check_retry_after(Answer(b"", 429, {"Retry-After": "3600"}), True)

    def test_retry_after_as_a_date_is_obeyed(self):
        self.check_retry_after(lambda request: Answer(b"", 503, {"Retry-After": retry_after_date(3600)}), True)

    def test_a_refusal_with_retry_after_means_too_many_requests(self):
        self.check_retry_after(Answer(b"", 403, {"Retry-After": "3600"}), True)

    def test_a_missing_page_with_retry_after_holds_that_source_alone(self):
        self.check_retry_after(Answer(b"", 404, {"Retry-After": "3600"}), False)

    def test_exec_children_that_crash_hang_and_flood(self):
        redis = self.redis()
        scripts = {"crash": "echo '{\"id\": \"x\"'; kill -9 $$", "hang": "sleep 1000", "flood": "yes 0123456789 | tr -d '\\n'"}
        text = source("good", self.good.url("/good"))
        for name, script in scripts.items():
            text += f'\n[[source]]\nid = "{name}"\nplugin = "exec"\ninterval = "1s"\n[source.options]\nrun = ["/bin/sh", "-c", {json.dumps(script)}]\ntimeout = 1\n'
        daemon = self.daemon(redis, text).wait_ready()
        for name in scripts:
            wait_until(lambda: daemon.source(name)["last_error"], f"{name} fails")
        self.wait_items(redis, 1)
        self.assertEqual(daemon.source("good")["failures"], 0)
        self.assertEqual(daemon.stop(), 0)

    def test_a_corrupt_store_is_kept_beside_and_begun_anew(self):
        redis = self.redis()
        daemon = self.daemon(redis, source("good", self.good.url("/good"))).wait_ready()
        self.wait_items(redis, 1)
        self.assertEqual(daemon.stop(), 0)
        store = next((self.folder / "tidings/state").glob("*.db"))
        store.write_bytes(b"this is no database " * 1000)
        daemon.start()
        daemon.wait_ready()
        self.assertIn("corrupt", daemon.process.text())
        self.assertTrue(list((self.folder / "tidings/state").glob("*.corrupt-*")))
        self.assertEqual(daemon.stop(), 0)


    def test_a_full_disk_is_waited_out(self):
        redis = self.redis()
        daemon = self.daemon(redis, "[store]\nretry_interval = \"100ms\"\n" + source("good", self.good.url("/good"))).wait_ready()
        self.wait_items(redis, 1)
        # The limit on a file's size stands for the full disk: the write fails in the same place.
        largest = max(f.stat().st_size for f in (self.folder / "tidings/state").glob("*.db*"))
        pid = daemon.process.child.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, before[1]))
        many = [(f"n{n}", f"Number {n} of the long list", f"{n * 7919} " * 300) for n in range(200)]
        self.good.set("/good", rss(many))
        wait_until(lambda: json.loads(daemon.get("/api/status"))["store_trouble"], "the store says what troubles it")
        self.assertEqual(len([line for line in daemon.process.text().splitlines() if "intake waits until there is room" in line]), 1, daemon.process.text())
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        wait_until(lambda: len(self.stream(redis, "items")) + len(self.stream(redis, "duplicates")) >= 201, "what waited is out")
        self.assertEqual(daemon.stop(), 0)

    def test_while_redis_is_away_the_outbox_grows_to_its_bound_and_nothing_is_lost(self):
        shown = [0]
        self.good.set("/grows", lambda request: Answer(rss([(f"n{n}", f"{n * 7919} things of list {n * 31}", f"{n * 104729} and {n * 1299709}.") for n in reversed(range(shown[0]))])))
        port = services.free_port()
        daemon = self.daemon(f"redis://127.0.0.1:{port}/0", "[store]\nmax_outbox_rows = 100\n" + source("grows", self.good.url("/grows"))).wait_ready()
        while daemon.metric("tidings_outbox_pressure") < 1:
            shown[0] += 30
            polls = daemon.source("grows")["polls"]
            wait_until(lambda: daemon.source("grows")["polls"] > polls or daemon.metric("tidings_outbox_pressure") >= 1, "another poll")
        wait_until(lambda: "polling stops" in daemon.process.text(), "the log says that polling stops")
        self.assertEqual(daemon.get("/healthz"), "ok\n")
        redis = self.redis(port=port)
        wait_until(lambda: len(self.stream(redis, "items")) + len(self.stream(redis, "duplicates")) >= shown[0], "all that was shown is out")
        entries = self.stream(redis, "items") + self.stream(redis, "duplicates")
        self.assertEqual(sorted(i["guid"] for _, _, i in entries), sorted(f"n{n}" for n in range(shown[0])))
        self.assertEqual(daemon.stop(), 0)

    def test_a_plugin_that_cannot_be_loaded_is_said_and_the_others_go_on(self):
        redis = self.redis()
        plugins = self.folder / "plugins"
        plugins.mkdir()
        shutil.copy(BUILD / "plugins/feed.so", plugins)
        (plugins / "broken.so").write_bytes(b"this is no shared object")
        daemon = self.daemon(redis, source("good", self.good.url("/good")), plugins=plugins).wait_ready()
        self.wait_items(redis, 1)
        lines = [line for line in daemon.process.text().splitlines() if "broken.so" in line]
        self.assertEqual(len(lines), 1, lines)
        self.assertEqual(daemon.stop(), 0)


class Service(Case):
    def test_a_bad_configuration_on_reload_changes_nothing_and_says_why(self):
        redis, origin = self.redis(), self.origin()
        origin.set("/good", GOOD)
        daemon = self.daemon(redis, source("good", origin.url("/good"))).wait_ready()
        self.wait_items(redis, 1)
        daemon.write(QUICK + "[[source]]\nid = \"good\"\nulr = \"http://127.0.0.1/\"\n")
        daemon.process.send(signal.SIGHUP)
        wait_until(lambda: "ulr" in daemon.process.text(), "the mistake is in the log")
        polls = origin.count("/good")
        wait_until(lambda: origin.count("/good") > polls, "polling goes on")
        self.assertEqual(daemon.stop(), 0)

    def test_ten_mistakes_are_ten_lines(self):
        config = self.folder / "bad.toml"
        config.write_text('[http]\ntimout = "1s"\nmax_redirects = "five"\n[redis]\nurl = 7\n[schedule]\njitter = 3\n'
                          '[[source]]\nid = "a"\nurl = "http://example.org/feed"\nintervall = "5m"\n'
                          '[[source]]\nid = "a"\nurl = "http://example.org/other"\n'
                          '[[source]]\nid = "b"\nurl = "not a url"\n'
                          '[[source]]\nid = "c"\nplugin = "fed"\nurl = "http://example.org/"\n'
                          '[[source]]\nid = "d"\nurl = "http://example.org/"\ninterval = "soon"\n'
                          '[[rule]]\nid = "r"\nquery = "(ferry AND"\nhooks = ["nowhere"]\n')
        done = subprocess.run([BUILD / "daemon/tidings", "check", config], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "bad.toml:" in line]
        self.assertGreaterEqual(len(lines), 10, done.stdout)
        self.assertIn("timeout", done.stdout + done.stderr)
        self.assertIn("interval", done.stdout + done.stderr)

    def test_it_is_ready_without_a_redis_and_ends_in_order(self):
        import socket
        notify = str(self.folder / "notify")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(notify)
        listener.settimeout(30)
        daemon = self.daemon(f"redis://127.0.0.1:{closed_port()}/0", "", env={"NOTIFY_SOCKET": notify, "WATCHDOG_USEC": "300000"})
        said = ""
        while "READY=1" not in said or "WATCHDOG=1" not in said:
            said += listener.recv(4096).decode() + "\n"
        self.assertEqual(daemon.stop(), 0)
        self.assertIn("STOPPING=1", said + listener.recv(65536).decode() + "".join(iter(lambda: self.more(listener), "")))

    @staticmethod
    def more(listener):
        listener.setblocking(False)
        try:
            return listener.recv(65536).decode()
        except BlockingIOError:
            return ""


if __name__ == "__main__":
    main()
