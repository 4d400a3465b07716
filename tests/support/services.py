"""Real servers for tests and benchmarks: redis-server, nginx and tidingsd, on loopback ports that the kernel chose, each
in a folder of its own and ended by its process id."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(condition, what, seconds=30, step=0.01):
    """Waits for a condition of the outside world; the time is a bound, not a measure."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(step)
    raise AssertionError(f"after {seconds} s still not so: {what}")


class Process:
    def __init__(self, argv, log, env=None):
        self.log = pathlib.Path(log)
        self.file = open(self.log, "ab")
        self.child = subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=self.file, stderr=subprocess.STDOUT,
                                      env={**os.environ, **(env or {})})

    def text(self):
        return self.log.read_text(errors="replace")

    def running(self):
        return self.child.poll() is None

    def send(self, what):
        self.child.send_signal(what)

    def kill(self):
        """Ends it as a crash would."""
        self.child.kill()
        self.child.wait()
        self.file.close()

    def stop(self, what=signal.SIGTERM, seconds=30):
        if self.running():
            self.send(what)
        try:
            code = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError(f"did not end on {what}; its log:\n{self.text()[-3000:]}")
        finally:
            self.file.close()
        return code


class Redis:
    def __init__(self, folder, port=None, options=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.options = list(options)
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        self.process = Process(["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--dir", self.folder, "--save", "",
                                "--appendonly", "yes", "--appendfsync", "everysec", *self.options], self.folder / "redis.log")
        wait_until(self.answers, "redis-server answers")

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                s.sendall(b"PING\r\n")
                return s.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def client(self):
        import redis
        return redis.Redis(host="127.0.0.1", port=self.port, decode_responses=True)

    def stop(self, what=signal.SIGTERM):
        self.process.stop(what)


class Nginx:
    """Serves a folder."""

    def __init__(self, folder, root):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        config = folder / "nginx.conf"
        config.write_text(f"""
            daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
            events {{ worker_connections 4096; }}
            http {{ access_log off; types {{ application/rss+xml xml; }} keepalive_requests 1000000;
              client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
              uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
              server {{ listen 127.0.0.1:{self.port} backlog=4096; root {root}; }} }}""")
        os.chmod(folder, 0o755)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        self.process = Process([nginx, "-c", config, *user], folder / "nginx.log")
        wait_until(self.answers, "nginx answers")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        self.process.stop(signal.SIGQUIT)


class Daemon:
    """tidingsd with a configuration of its own; `text` is TOML that follows the parts every test wants."""

    def __init__(self, build, folder, redis_url, text, env=None, plugins=None):
        self.build = pathlib.Path(build)
        self.plugins = plugins or self.build / "plugins"
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.redis_url = redis_url
        self.env = env
        self.config = self.folder / "tidings.toml"
        self.write(text)
        self.start()

    def write(self, text):
        self.config.write_text(f'[web]\nlisten = "127.0.0.1:{self.port}"\n\n[redis]\nurl = "{self.redis_url}"\n\n{text}')

    def start(self):
        self.process = Process([self.build / "daemon/tidingsd", "--config", self.config, "--state", self.folder / "state",
                                "--plugins", self.plugins], self.folder / "tidingsd.log", self.env)

    def wait_ready(self):
        wait_until(lambda: self.healthy() or not self.process.running(), "tidingsd is up")
        assert self.process.running(), f"tidingsd ended:\n{self.process.text()[-3000:]}"
        return self

    def healthy(self):
        try:
            return self.get("/healthz") == "ok\n"
        except OSError:
            return False

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def source(self, name):
        return json.loads(self.get(f"/api/sources/{name}"))

    def metric(self, name, labels=""):
        """The value of a metric, 0 where it is not there; the sum over its labels where none are given."""
        total = 0.0
        for line in self.get("/metrics").splitlines():
            if line.startswith(name + ("{" + labels + "}" if labels else "")) and line[len(name)] in "{ ":
                total += float(line.rsplit(" ", 1)[1])
        return total

    def stop(self, what=signal.SIGTERM):
        return self.process.stop(what)


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="tidings-")
