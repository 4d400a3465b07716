#!/usr/bin/env python3
"""The newest messages of a Maildir or an mbox file as items, for newsletters and agency mail. The source's options:
    run = ["/usr/share/tidings/exec/mail.py"]    settings = { box = "/home/news/Maildir", limit = 200 }"""
import email, email.policy, email.utils, json, mailbox, os, sys


def say(**fields):
    print(json.dumps({name: value for name, value in fields.items() if value}), flush=True)


def item(message):
    html, text = message.get_body(["html"]), message.get_body(["plain"])
    sent = message["Date"] and message["Date"].datetime
    say(type="item", id=str(message["Message-ID"] or ""), title=str(message["Subject"] or ""), date_published=sent and sent.isoformat(),
        authors=[{"name": name or address} for name, address in email.utils.getaddresses([str(message["From"] or "")])],
        content_html=html and html.get_content(), content_text=text and text.get_content(), language=message["Content-Language"])


for line in sys.stdin:  # one line a poll: where the option `keep` is off there is one
    settings = json.loads(line)["options"]
    kind = mailbox.Maildir if os.path.isdir(settings["box"]) else mailbox.mbox
    box = kind(settings["box"], factory=lambda file: email.message_from_binary_file(file, policy=email.policy.default), create=False)
    for key in sorted(box.keys())[-settings.get("limit", 200):]:
        try:
            item(box[key])
        except (LookupError, ValueError, AttributeError) as error:
            print(f"W! message {key} is passed over: {error}", file=sys.stderr, flush=True)
    say(type="done")
