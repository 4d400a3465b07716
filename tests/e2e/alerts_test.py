"""Alert rules to their hooks: webhooks with a signature that a receiver can check, commands, retries, once a story."""
import base64
import hashlib
import hmac
import json

from harness import Case, main, source, wait_until
from origin import Answer, rss

SECRET = base64.b64encode(b"a secret of twenty-four b").decode()
FERRY = ("g1", "Ferry and barge collide off the harbour", "A ferry and a barge collided in fog, leaving three people injured, the coast guard said on Saturday morning.")
OTHER = ("g2", "Bakery closes after ninety-four years", "The last rye oven of the town goes out at the end of the month, says the granddaughter of the baker.")


class Receiver:
    """A webhook's end: keeps what it got, and answers as it is told."""

    def __init__(self, answers=()):
        self.got, self.answers = [], list(answers)

    def __call__(self, request):
        self.got.append((dict(request.headers), request.body))
        return Answer(b"", self.answers.pop(0) if self.answers else 204)


def rule(hook, query="ferry AND title:collide"):
    return f'\n[[rule]]\nid = "ferry"\nquery = {json.dumps(query)}\nhooks = ["{hook}"]\n'


class Alerts(Case):
    def setUp(self):
        super().setUp()
        self.server = self.origin()
        self.server.set("/feed", rss([FERRY, OTHER]))
        self.feed = source("wire", self.server.url("/feed"))

    def webhook(self, more=""):
        return (f'\n[[hook]]\nid = "desk"\nurl = "{self.server.url("/hook")}"\nsecrets = ["whsec_{SECRET}"]\nallow_private = true\n{more}')

    def test_a_webhook_is_signed_and_carries_the_item(self):
        receiver = Receiver()
        self.server.set("/hook", receiver)
        redis = self.redis()
        daemon = self.daemon(redis, self.feed + rule("desk") + self.webhook()).wait_ready()
        wait_until(lambda: receiver.got, "the alert arrives")
        headers, body = receiver.got[0]
        headers = {k.lower(): v for k, v in headers.items()}
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(base64.b64decode(SECRET), signed, hashlib.sha256).digest()).decode()
        self.assertIn("v1," + expected, headers["webhook-signature"].split(" "))
        told = json.loads(body)
        self.assertEqual(told["data"]["rule"], "ferry")
        self.assertEqual(told["data"]["item"]["title"], FERRY[1])
        alerts = self.wait_items(redis, 1, "alerts")
        self.assertEqual(len(alerts), 1)
        self.assertEqual(alerts[0][1]["rule"], "ferry")
        wait_until(lambda: len(self.stream(redis, "items")) == 2, "both items are out")
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        daemon.wait_ready()
        wait_until(lambda: daemon.source("wire")["polls"] > 1, "the feed is polled again")
        self.assertEqual(len(receiver.got), 1, "a restart alerts again")
        self.assertEqual(daemon.stop(), 0)

    def test_a_delivery_that_fails_waits_in_the_store_for_the_next_start(self):
        receiver = Receiver([503])
        self.server.set("/hook", receiver)
        redis = self.redis()
        daemon = self.daemon(redis, self.feed + rule("desk") + self.webhook()).wait_ready()
        wait_until(lambda: receiver.got, "the first attempt")
        self.wait_items(redis, 1, "alerts")
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        daemon.wait_ready()
        wait_until(lambda: len(receiver.got) >= 2, "the second attempt", 60)
        first, second = ({k.lower(): v for k, v in headers.items()} for headers, _ in receiver.got[:2])
        self.assertEqual(first["webhook-id"], second["webhook-id"])
        self.assertEqual(daemon.stop(), 0)

    def test_a_command_gets_the_alert_on_its_standard_input(self):
        out = self.folder / "alert.json"
        redis = self.redis()
        hook = f'\n[[hook]]\nid = "desk"\ncommand = ["/usr/bin/tee", "{out}"]\n'
        daemon = self.daemon(redis, self.feed + rule("desk") + hook).wait_ready()
        told = wait_until(lambda: out.exists() and out.read_text().endswith("}") and json.loads(out.read_text()), "the command has run")
        self.assertEqual(told["data"]["item"]["title"], FERRY[1])
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    main()
