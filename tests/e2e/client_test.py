"""The command as a user runs it, where no daemon is needed: every answer, error and exit status."""
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import urllib.error
import urllib.request

from harness import BUILD, ROOT, Case, main, services, wait_until
from origin import Answer, closed_port, rss

TIDINGS = BUILD / "daemon/tidings"
COMMANDS = ["add", "check", "compare", "dedup", "demo", "explain", "export", "import", "parse", "plugin", "replay-feeds", "sources", "stories", "tail"]
TEN_MISTAKES = """[schedule]
jiter = 0.1
min_interval = 90
[stores]
path = "x"
[publish]
window = 1000
on_reset = "replays"
[[source]]
id = "a"
url = "htp://example.org/feed"
[[source]]
id = "a"
plugin = "exec"
options = {run = ["/bin/true"], time_out = 3}
[[rule]]
id = "r"
query = "quake AND"
hooks = ["desk", "dsk"]
[[hook]]
id = "desk"
url = "https://example.org/hook"
timeout = "20 s"
"""
TOLD = [
    "2:1: [schedule] has no option 'jiter' (did you mean 'jitter'?)",
    "3:16: schedule.min_interval must be a duration such as \"90s\" or \"1h30m\", not 90",
    "4:2: the configuration has no option 'stores' (did you mean 'store'?)",
    "7:10: publish.window must be from 1 to 64, not 1000",
    "8:12: publish.on_reset must be one of replay, resume, not \"replays\" (did you mean 'replay'?)",
    "11:7: url must be a URL that begins with http:// or https://: \"htp://example.org/feed\"",
    "13:6: there is already a source 'a' at {file}:9",
    "15:33: the plugin 'exec' has no option 'time_out' (did you mean 'timeout'?)",
    "18:16: the query of the rule 'r': AND has nothing on its right",
    "19:18: the rule 'r' names a hook 'dsk' that is not there (did you mean 'desk'?)",
    "23:11: timeout must be a duration such as \"90s\" or \"1h30m\", not \"20 s\"",
]


class Client(Case):
    def setUp(self):
        super().setUp()
        self.config = self.folder / "tidings.toml"
        # No daemon of somebody else is asked to reload.
        self.config.write_text(f'[web]\nlisten = "127.0.0.1:{closed_port()}"\n')

    def run_tidings(self, *arguments, config=True, **options):
        """The finished run; `config` names the test's own configuration in the environment."""
        environment = {**os.environ, "TZ": "UTC"}
        environment.pop("TIDINGS_REDIS_URL", None)
        if config:
            environment["TIDINGS_CONFIG"] = str(self.config)
        return subprocess.run([TIDINGS, *map(str, arguments)], capture_output=True, text=True, env=environment, timeout=60,
                              **{"stdin": subprocess.DEVNULL, **options})

    def good(self, *arguments, **options):
        run = self.run_tidings(*arguments, **options)
        self.assertEqual(run.returncode, 0, run.stderr + run.stdout)
        return run.stdout

    def refused(self, status, *arguments, **options):
        """What a run that ends with this status says: one sentence on standard error, nothing else."""
        run = self.run_tidings(*arguments, **options)
        self.assertEqual(run.returncode, status, run.stderr + run.stdout)
        self.assertEqual(run.stdout, "")
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        return run.stderr.strip()


class Arguments(Client):
    def test_every_command_has_a_help_with_its_exit_statuses(self):
        listed = re.findall(r"^  ([a-z-]+)  +[A-Z]", self.good("--help").split("Subcommands:")[1], re.M)
        self.assertLessEqual(set(COMMANDS), set(listed))
        for command in listed:
            for flag in ("--help", "-h"):
                text = self.good(command, flag)
                self.assertIn(f"Usage: tidings {command}", text)
                self.assertRegex(text, "Exit status:\n  0  .+\n  1  .+\n  2  .+\n", command)
                self.assertNotIn("\x1b", text)

    def test_what_is_off_is_one_sentence_with_status_2(self):
        self.assertEqual(self.refused(2, "chek"), "tidings: there is no command 'chek' (did you mean 'check'?); `tidings --help` lists all")
        self.assertEqual(self.refused(2, "tail", "--frm", "0"),
                         "tidings tail: there is no option '--frm' (did you mean '--from'?); `tidings tail --help` tells more")
        self.assertIn("no entry ID", self.refused(2, "tail", "--from", "yesterday"))
        self.assertIn("URL is required", self.refused(2, "add"))
        self.assertIn("--id: 1 required", self.refused(2, "add", "example.org", "--id"))
        self.assertIn("23:00", self.refused(2, "demo", "--from", "25:00"))
        self.assertEqual(self.run_tidings().returncode, 2)

    def test_version(self):
        self.assertRegex(self.good("--version"), r"^\d+\.\d+\.\d+\n$")


class Check(Client):
    def mistakes(self):
        self.config.write_text(TEN_MISTAKES)
        return [f"{self.config}:{line}".replace("{file}", str(self.config)) for line in TOLD]

    def without_plugins(self, lines):
        """What is said where no plugin is built: only exec, which is built in, is known."""
        return [line for line in lines if "there is no plugin" not in line]

    def test_every_mistake_is_a_line_with_its_place(self):
        told = self.mistakes()
        run = self.run_tidings("check", self.config, "--plugins", self.folder)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(self.without_plugins(run.stdout.splitlines()), told)
        self.assertRegex(run.stderr, r"^1[12] mistakes\n$")

    def test_mistakes_as_json(self):
        told = self.mistakes()
        run = self.run_tidings("check", "--json", "--plugins", self.folder)
        self.assertEqual(run.returncode, 1)
        answer = json.loads(run.stdout)
        self.assertFalse(answer["fine"])
        lines = [f"{m['file']}:{m['line']}:{m['column']}: {m['message']}" + (f" (did you mean '{m['suggestion']}'?)" if m["suggestion"] else "")
                 for m in answer["mistakes"]]
        self.assertEqual(self.without_plugins(lines), told)

    def test_mistakes_of_included_files_name_those(self):
        (self.folder / "sources.d").mkdir()
        (self.folder / "sources.d/a.toml").write_text('[[sorce]]\nid = "a"\n')
        run = self.run_tidings("check")
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"{self.folder}/sources.d/a.toml:1:3: a file beside the main one has no option 'sorce' (did you mean 'source'?)\n", run.stdout)

    def test_a_good_file(self):
        self.assertEqual(self.good("check", self.config), f"{self.config}: 0 sources, 0 rules, 0 hooks: fine\n")
        self.assertEqual(json.loads(self.good("check", "--json")), {"fine": True, "mistakes": [], "sources": 0, "rules": 0, "hooks": 0})

    def test_a_file_that_is_not_there(self):
        run = self.run_tidings("check", "/nowhere.toml")
        self.assertEqual((run.returncode, run.stdout), (1, "/nowhere.toml: cannot be read: No such file or directory\n"))

    def test_options_are_the_example_configuration(self):
        self.assertEqual(self.good("check", "--options"), (ROOT / "config/tidings.toml").read_text())
        rows = {row["path"]: row for row in json.loads(self.good("check", "--options", "--json"))}
        self.assertEqual(rows["redis.url"]["default"], "redis://127.0.0.1:6379/0")
        self.assertTrue(rows["source.id"]["required"])

    def test_one_value(self):
        self.assertEqual(self.good("check", "--get", "publish.prefix"), "{tidings}\n")
        self.assertIn("check --options", self.refused(2, "check", "--get", "publish.prefx"))

    def on_a_terminal(self, *arguments, **environment):
        """What is written to a terminal of 80 columns."""
        parent, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        run = subprocess.Popen([TIDINGS, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=child, stderr=subprocess.DEVNULL,
                               env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm", **environment})
        os.close(child)
        text = b""
        while True:
            try:
                more = os.read(parent, 65536)
            except OSError:  # the other side is closed
                break
            if not more:
                break
            text += more
        os.close(parent)
        run.wait(60)
        return text.decode().replace("\r\n", "\n")

    def test_colours_and_carets_on_a_terminal_only(self):
        self.config.write_text('[[rule]]\nid = "r"\nquery = "Überschwemmung AND"\n')
        plain = f"{self.config}:3:25: the query of the rule 'r': AND has nothing on its right\n"
        self.assertEqual(self.run_tidings("check").stdout, plain)
        excerpt = '    query = "Überschwemmung AND"\n' + " " * 28 + "^\n"
        self.assertEqual(self.on_a_terminal("check", self.config, NO_COLOR="1"), plain + excerpt)
        coloured = self.on_a_terminal("check", self.config)
        self.assertIn(f"\x1b[1m{self.config}:3:25:\x1b[0m", coloured)
        self.assertEqual(re.sub("\x1b\\[[0-9]*m", "", coloured), plain + excerpt)


def page(*links, body=""):
    heads = "".join(f'<link rel="alternate" type="application/{kind}+xml" title="{title}" href="{href}">' for kind, title, href in links)
    return Answer(f"<!DOCTYPE html><html><head><title>A site</title>{heads}</head><body>{body}</body></html>".encode(), content_type="text/html")


class Add(Client):
    def setUp(self):
        super().setUp()
        self.site = self.origin()
        self.site.set("/", page(("rss", "Main", "/main.xml"), ("atom", "Sport", "sport.xml"), ("rss", "Gone", "/gone.xml")))
        self.site.set("/main.xml", rss([("g1", "One", "text"), ("g2", "Two", "text")], "Nachrichten – für alle"))
        self.site.set("/sport.xml", rss([("s1", "Goal", "text")], "Sport"))

    def add(self, *arguments):
        return self.good("add", "--allow-private", *arguments)

    def test_a_page_that_names_two_feeds(self):
        said = self.add(self.site.url("/"), "--tag", "world", "--tag", "top")
        file = self.folder / "sources.d/nachrichten-fur-alle.toml"
        self.assertEqual(said, f"added 'nachrichten-fur-alle', 2 entries, in {file}\nthe page names others as well:\n"
                               f"{self.site.url('/sport.xml')}  Sport (feed, 1 entries)\nno tidingsd runs here: it follows what is new from its next start\n")
        self.assertEqual(file.read_text(), f'[[source]]\nid = "nachrichten-fur-alle"\nurl = "{self.site.url("/main.xml")}"\n'
                                           'name = "Nachrichten – für alle"\ntags = ["world", "top"]\nallow_private = true\n')
        self.assertIn("1 source,", self.good("check"))
        self.assertIn("is the source 'nachrichten-fur-alle' already", self.refused(1, "add", "--allow-private", self.site.url("/")))

    def test_list_and_dry_run_write_nothing(self):
        self.assertEqual([(f["url"], f["entries"]) for f in json.loads(self.add(self.site.url("/"), "--list", "--json"))],
                         [(self.site.url("/main.xml"), 2), (self.site.url("/sport.xml"), 1)])
        self.assertEqual(len(self.add(self.site.url("/"), "--list").splitlines()), 2)
        self.assertTrue(self.add(self.site.url("/"), "--dry-run").startswith("[[source]]\n"))
        self.assertFalse((self.folder / "sources.d").exists())

    def test_a_feed_itself_as_json(self):
        answer = json.loads(self.add(self.site.url("/sport.xml"), "--id", "goals", "--json"))
        self.assertEqual((answer["id"], answer["file"], answer["feed"]["entries"], answer["others"]),
                         ("goals", str(self.folder / "sources.d/goals.toml"), 1, []))

    def test_where_feeds_usually_are(self):
        self.site.set("/blog/", page(body="nothing named here"))
        self.site.set("/feed.xml", rss([("b1", "Post", "text")], "Blog"))
        self.assertIn("added 'blog', 1 entries", self.add(self.site.url("/blog/").removeprefix("http://")))

    def test_an_anchor_that_looks_like_a_feed(self):
        self.site.set("/about", page(body='<a href="sport.xml">none</a> <a href="/news.rss">RSS</a>'))
        self.site.set("/news.rss", rss([], "News"))
        self.assertIn("added 'news', 0 entries", self.add(self.site.url("/about")))

    def test_no_file_is_overwritten(self):
        folder = self.folder / "sources.d"
        folder.mkdir()
        (folder / "sport.toml").write_text("# kept\n")
        self.assertIn("is there already", self.refused(1, "add", "--allow-private", self.site.url("/sport.xml"), "--id", "sport"))
        self.assertIn("added 'sport-2'", self.add(self.site.url("/sport.xml")))
        self.assertEqual((folder / "sport.toml").read_text(), "# kept\n")
        self.assertEqual(sorted(f.name for f in folder.iterdir()), ["sport-2.toml", "sport.toml"])

    def test_what_cannot_be_added_is_said_in_a_sentence(self):
        self.site.set("/empty", page(body="nothing"))
        self.assertIn("is no feed, names none, and none is where feeds usually are", self.refused(1, "add", "--allow-private", self.site.url("/empty")))
        self.assertIn("answers 404", self.refused(1, "add", "--allow-private", self.site.url("/nothing")))
        self.assertIn("--allow-private", self.refused(1, "add", self.site.url("/main.xml")))
        self.assertIn("refuses the connection", self.refused(1, "add", "--allow-private", f"http://127.0.0.1:{closed_port()}/"))
        self.assertIn("must be of small letters", self.refused(2, "add", "--allow-private", self.site.url("/main.xml"), "--id", "Not This"))

    def test_a_configuration_that_includes_no_folder(self):
        self.config.write_text('include = ["all.toml"]\n')
        (self.folder / "all.toml").write_text("")
        self.assertIn("names no folder for new sources", self.refused(1, "add", "--allow-private", self.site.url("/main.xml")))

    def test_the_folder_that_the_configuration_includes(self):
        self.config.write_text('include = ["mine/*.toml"]\n[web]\nlisten = ""\n')
        self.assertIn(str(self.folder / "mine/sport.toml"), self.add(self.site.url("/sport.xml")))


class Opml(Client):
    OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="World"><outline type="rss" text="One &amp; only" xmlUrl="https://one.example/feed?a=1&amp;b=2" htmlUrl="https://one.example/"/></outline>
<outline type="rss" text="Два" xmlUrl="https://two.example/rss" category="/tech,/world"/>
<outline type="rss" text="Broken" xmlUrl="ftp://three.example/"/>
</body></opml>"""

    def test_a_round_trip(self):
        (self.folder / "mine.opml").write_text(self.OPML)
        run = self.run_tidings("import", self.folder / "mine.opml")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertTrue(run.stdout.startswith(f"2 sources in {self.folder}/sources.d/mine.toml\n"), run.stdout)
        self.assertRegex(run.stderr, r"mine\.opml:4: left out: .*\n$")
        exported = self.good("export", "--opml")
        text = self.good("export")
        self.assertIn('url = "https://one.example/feed?a=1&b=2"', text)
        self.assertIn('tags = ["World"]', text)

        # Elsewhere the same sources come of it.
        (self.folder / "again.opml").write_text(exported)
        (self.folder / "sources.d/mine.toml").unlink()
        self.good("import", self.folder / "again.opml")
        self.assertEqual(self.good("export"), text)
        self.assertEqual(self.good("export", "--opml"), exported)

    def test_what_is_known_is_left_out(self):
        (self.folder / "mine.opml").write_text(self.OPML)
        answer = json.loads(self.good("import", self.folder / "mine.opml", "--json"))
        self.assertEqual([s["id"] for s in answer["added"]], ["one-only", "dva"])
        self.assertEqual([f["line"] for f in answer["left_out"]], [4])
        (self.folder / "two.opml").write_text(self.OPML.replace("https://two.example/rss", "https://new.example/rss"))
        answer = json.loads(self.good("import", self.folder / "two.opml", "--json"))
        self.assertEqual(([s["url"] for s in answer["added"]], answer["known"]), (["https://new.example/rss"], ["https://one.example/feed?a=1&b=2"]))

    def test_to_standard_output_and_never_over_a_file(self):
        (self.folder / "mine.opml").write_text(self.OPML)
        self.assertEqual(self.run_tidings("import", self.folder / "mine.opml", "--to", "-").stdout.count("[[source]]"), 2)
        (self.folder / "taken.toml").write_text("# kept\n")
        run = self.run_tidings("import", self.folder / "mine.opml", "--to", self.folder / "taken.toml")
        self.assertEqual((run.returncode, (self.folder / "taken.toml").read_text()), (1, "# kept\n"))

    def test_what_is_no_opml(self):
        (self.folder / "cut.opml").write_text(self.OPML[:200])
        self.assertIn("cut.opml", self.refused(1, "import", self.folder / "cut.opml"))
        self.assertIn("No such file", self.refused(1, "import", self.folder / "none.opml"))

    def test_a_configuration_with_a_mistake(self):
        self.config.write_text("[web]\nlisen = 1\n")
        for command in ("export", "sources", "tail"):
            self.assertIn("tidings.toml:2:1: [web] has no option 'lisen' (did you mean 'listen'?)", self.refused(1, command))


class Sources(Client):
    def test_a_daemon_that_does_not_run(self):
        self.assertRegex(self.refused(1, "sources"), r"^tidings sources: no tidingsd answers at 127\.0\.0\.1:\d+: .*; start it, or name its address by --listen$")
        self.config.write_text('[web]\nlisten = ""\n')
        self.assertIn("web.listen is empty", self.refused(1, "sources"))

    def test_what_a_daemon_answers(self):
        rows = [{"id": "fine", "state": "ok", "items": 3, "updates": 0, "duplicates": 1, "last_poll": None, "next_poll": None, "reason": "as usual", "last_error": ""},
                {"id": "bad", "state": "failing", "items": 0, "updates": 0, "duplicates": 0, "last_poll": None, "next_poll": None, "reason": "the third failure", "last_error": "refused"}]
        api = self.origin()
        api.set("/api/sources", Answer(json.dumps(rows).encode() + b"\n", content_type="application/json"))
        api.set("/api/sources/bad", Answer(json.dumps(rows[1]).encode(), content_type="application/json"))
        listen = f"127.0.0.1:{api.port}"
        lines = self.good("sources", "--listen", listen).splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["SOURCE", "bad", "fine", "2"])
        self.assertRegex(lines[1], r"failing .*the third failure  refused$")
        self.assertEqual(json.loads(self.good("sources", "--listen", listen, "--json")), rows)
        self.assertRegex(self.good("sources", "--listen", listen, "bad"), r"(?m)^last error +refused$")
        self.assertIn("nothing here", self.refused(1, "sources", "--listen", listen, "other"))


class Tail(Client):
    def setUp(self):
        super().setUp()
        self.server = self.redis()

    def put(self, stream, entry, **fields):
        self.server.client().xadd("{tidings}:" + stream, fields, id=entry)

    def item(self, entry, name, verdict="new", **fields):
        self.put("duplicates" if verdict == "duplicate" else "items", entry,
                 **{"id": name, "verdict": verdict, "source": "desk", "story": "urn:tidings:story:abcdef", "title": f"Story {name}", "data": "{}", **fields})

    def tail(self, *arguments):
        return self.good("tail", "--redis", self.server.url, "--no-follow", *arguments, config=False).splitlines()

    def test_all_that_is_there_in_the_order_of_ids(self):
        self.item("3000-0", "c", "duplicate", of="a", source="wire")
        self.item("1000-0", "a")
        self.item("2000-0", "b", "update", of="b", title="B \x1b[31m again")
        self.put("alerts", "4000-0", rule="flood", source="desk", title="Story a", story="urn:tidings:story:abcdef")
        self.put("sources", "5000-0", event="failing", source="wire", detail="connection refused")
        self.put("sources", "6000-0", event="recovered", source="wire", detail="after 2 failures")
        lines = [re.split("  +", line) for line in self.tail("--from", "0", "--all")]
        self.assertEqual(lines, [["00:00:01", "desk", "new", "abcdef", "Story a"],
                                 ["00:00:02", "desk", "update", "abcdef", "B [31m again"],
                                 ["00:00:03", "wire", "duplicate of desk", "abcdef", "Story c"],
                                 ["00:00:04", "desk", "ALERT flood", "abcdef", "Story a"],
                                 ["00:00:05", "wire", "failing", "connection refused"],
                                 ["00:00:06", "wire", "recovered", "after 2 failures"]])
        self.assertEqual(len(self.tail("--from", "0")), 4)
        self.assertEqual(len(self.tail("--from", "2000-0", "--stream", "items")), 0)
        self.assertEqual(len(self.tail("--from", "1000", "--stream", "items", "--stream", "duplicates")), 2)
        self.assertEqual([line.split()[-1] for line in self.tail("-n", "2", "--stream", "items", "--stream", "duplicates")], ["again", "c"])

    def test_json_lines(self):
        self.item("1000-0", "a", data='{"title":"Story a"}')
        line = json.loads(self.tail("--from", "0", "--json")[0])
        self.assertEqual((line["stream"], line["entry"], line["verdict"], line["data"]), ("items", "1000-0", "new", {"title": "Story a"}))

    def follow(self, *arguments):
        log = self.folder / "tail.log"
        tail = services.Process([TIDINGS, "tail", "--redis", self.server.url, *arguments], log)
        self.addCleanup(lambda: tail.running() and tail.stop(signal.SIGKILL))
        return tail

    def test_follows_through_a_restart_of_redis_without_a_gap(self):
        self.item("1000-0", "a")
        tail = self.follow("--from", "0")
        wait_until(lambda: "Story a" in tail.text(), "the first is shown")
        self.server.stop()
        wait_until(lambda: "; waiting" in tail.text(), "the loss is told")
        self.server.start()
        self.item("2000-0", "b")
        wait_until(lambda: "Story b" in tail.text(), "what came meanwhile is shown")
        self.assertIn("Redis is back\n", tail.text())
        self.assertEqual(tail.stop(signal.SIGINT), 0)
        self.assertEqual([line.split()[-1] for line in tail.text().splitlines() if "Story" in line], ["a", "b"])
        self.assertEqual(len(tail.text().splitlines()), 4, tail.text())

    def test_ends_quietly_when_nobody_reads_any_more(self):
        for n in range(1, 200):
            self.item(f"{n}-0", "x" * 2000)
        tail = subprocess.Popen([TIDINGS, "tail", "--redis", self.server.url, "--from", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertTrue(tail.stdout.readline())
        tail.stdout.close()
        self.assertEqual(tail.wait(30), 0)
        self.assertEqual(tail.stderr.read(), b"")
        tail.stderr.close()

    def test_a_redis_that_is_not_there(self):
        self.assertIn("cannot connect to redis", self.refused(1, "tail", "--redis", f"redis://127.0.0.1:{closed_port()}"))

    def test_a_stream_that_is_none(self):
        self.server.client().set("{tidings}:items", "x")
        self.assertIn("WRONGTYPE", self.refused(1, "tail", "--redis", self.server.url, "--from", "0"))


class Replay(Client):
    def test_recordings_are_served_a_step_at_each_fetch_and_can_be_imported(self):
        outlet = self.folder / "recordings/morgen&abend"
        outlet.mkdir(parents=True)
        for hour in (1, 2):
            (outlet / f"20200421T0{hour}0000Z.xml").write_bytes(rss([(f"g{hour}", f"Story {hour}", "text")]))
        replay = services.Process([TIDINGS, "replay-feeds", outlet.parent, "--port", "0", "--by-fetch"], self.folder / "replay.log")
        self.addCleanup(lambda: replay.running() and replay.stop(signal.SIGKILL))
        root = wait_until(lambda: re.search(r"1 outlets at (http://127\.0\.0\.1:\d+/)", replay.text()), "the recordings are served").group(1)

        (self.folder / "recorded.opml").write_bytes(urllib.request.urlopen(root, timeout=10).read())
        added = json.loads(self.good("import", self.folder / "recorded.opml", "--json"))["added"]
        self.assertEqual([(s["id"], s["name"]) for s in added], [("morgen-abend", "morgen&abend")])
        url = root + "morgen&abend"
        for story in (b"Story 1", b"Story 2", b"Story 2"):
            self.assertIn(story, urllib.request.urlopen(url, timeout=10).read())
        with self.assertRaises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(root + "other", timeout=10)
        self.assertEqual(refusal.exception.code, 404)
        refusal.exception.close()
        self.assertEqual(replay.stop(signal.SIGINT), 0)


class Parse(Client):
    def test_a_file_and_a_url_give_the_same(self):
        document = rss([("g", "Title", "text")])
        (self.folder / "feed.xml").write_bytes(document)
        of_file = json.loads(self.good("parse", "--json", self.folder / "feed.xml"))
        self.assertEqual([item["title"] for item in of_file["items"]], ["Title"])
        site = self.origin()
        site.set("/feed", document)
        of_url = json.loads(self.good("parse", "--json", site.url("/feed")))
        self.assertEqual(of_url["items"], of_file["items"])

    def test_what_is_no_feed_has_status_1(self):
        (self.folder / "page.html").write_text("<html><body>not a feed</body></html>")
        self.assertTrue(self.refused(1, "parse", self.folder / "page.html").startswith(f"{self.folder}/page.html: "))
        self.assertIn("cannot open", self.refused(1, "parse", self.folder / "none.xml"))
        self.assertIn("refuses the connection", self.refused(1, "parse", f"http://127.0.0.1:{closed_port()}/"))


if __name__ == "__main__":
    main()
