"""`tidings plugin`: what is listed, and the conformance kit on plugins that are well and that are not."""
import json
import os
import subprocess

from harness import BUILD, Case, main

TIDINGS = BUILD / "daemon/tidings"


class Plugin(Case):
    def run_plugin(self, *arguments):
        environment = {**os.environ, "TIDINGS_CONFIG": str(self.folder / "tidings.toml")}
        return subprocess.run([TIDINGS, "plugin", *map(str, arguments)], capture_output=True, text=True, env=environment, timeout=100,
                              stdin=subprocess.DEVNULL)

    def test_lists_each_plugin_with_its_options(self):
        run = self.run_plugin("list", "--plugins", BUILD / "plugins", "--json")
        self.assertEqual(run.returncode, 0, run.stderr)
        plugins = {plugin["name"]: plugin for plugin in json.loads(run.stdout)}
        self.assertEqual(list(plugins), ["exec", "feed", "json"])
        self.assertEqual(plugins["feed"]["kinds"], ["poll", "stream"])
        self.assertEqual(plugins["feed"]["options"], [])
        options = {option["name"]: option for option in plugins["json"]["options"]}
        self.assertEqual((options["items"]["type"], options["items"]["default"]), ("string", "/items"))
        self.assertEqual((options["pages"]["type"], options["pages"]["default"]), ("integer", 1))
        self.assertTrue(next(option for option in plugins["exec"]["options"] if option["name"] == "run")["required"])
        text = self.run_plugin("list", "--plugins", BUILD / "plugins").stdout
        self.assertIn("json 1.0 (poll, stream)\n  JSON Feed 1.0 and 1.1, and any JSON API by a mapping\n", text)
        self.assertRegex(text, r"\n  published +string +\"/date_published\" +When it was published")
        self.assertNotIn("\x1b", text)

    def test_a_plugin_that_cannot_be_loaded_is_said_and_left_out(self):
        run = self.run_plugin("list", "--plugins", BUILD / "tests/plugins/odd", "--json")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("is built for ABI 2, this is ABI 1: build it again", run.stderr)
        self.assertNotIn("unresolved", run.stdout)

    def test_both_plugins_of_ours_pass(self):
        for name in ("feed", "json"):
            run = self.run_plugin("test", BUILD / f"plugins/{name}.so")
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
            self.assertRegex(run.stdout, r"\n1[45] passed, 0 failed, [01] skipped\n$")

    def test_a_mapping_is_tested_with_samples_of_its_own(self):
        (self.folder / "api.json").write_text('{"rows": [{"id": 1}, {"id": 2}]}')
        run = self.run_plugin("test", BUILD / "plugins/json.so", "--option", "items=/rows", "--option", "pages=2", "--sample", self.folder / "api.json", "--json")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual({check["outcome"] for check in json.loads(run.stdout)}, {"passed"})

    def test_a_bad_plugin_fails_with_what_is_wrong(self):
        run = self.run_plugin("test", BUILD / "tests/plugins/bad/crash.so")
        self.assertEqual(run.returncode, 1)
        self.assertIn("failed   answers empty and odd bodies: it crashed with Segmentation fault (a body of 0 bytes, '')\n", run.stdout)
        self.assertIn("passed   keeps no pointers\n", run.stdout)
        self.assertRegex(run.stdout, r"\n13 passed, 2 failed, 0 skipped\n$")

    def test_arguments_that_are_off_have_status_2(self):
        for arguments in ([], ["lst"], ["test"], ["test", "x.so", "--option", "items"], ["list", "--plugins", "/nowhere"]):
            run = self.run_plugin(*arguments)
            self.assertEqual((run.returncode, run.stdout), (2, ""), arguments)
            self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        run = self.run_plugin("test", "/nowhere/x.so")
        self.assertEqual(run.returncode, 1)
        self.assertIn("failed   can be loaded: plugin /nowhere/x.so: there is no such file\n", run.stdout)


if __name__ == "__main__":
    main()
