"""Mail in and out with the mail servers of other people: Postfix pipes into the program, Dovecot holds a mailbox. What arrives on
either side is read by Python's email package."""

import email
import email.message
import email.policy
import email.utils
import json
import os
import random
import re
import signal
import smtplib
import socket
import subprocess
import threading
import time
import unittest

from cast import PNG
from post import NOBODY, Dovecot, Postfix
from world import PASSWORD, PROGRAM, Program, wait_until

TICKETS = "tickets@arfnet.example"
SETTINGS = {"mail__reply_address": TICKETS, "mail__bounce_address": "bounce@arfnet.example", "mail__from": "support@arfnet.example",
            "mail__helpdesk": "helpdesk@example.test", "mail__admin": "admin@example.test", "mail__authserv_id": "mx.arfnet.example"}
ONCE = ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type")
AT_MOST_ONCE = ("Reply-To", "Cc", "In-Reply-To", "References", "Auto-Submitted")
SECRET = "Kein-Wort-davon-an-Kunden"


def letter(sender, to, subject, text, answers=None, files=(), **fields):
    """As an ordinary mail program writes it."""
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = email.utils.localtime()
    message["Message-ID"] = email.utils.make_msgid(domain="mail.example.test")
    if answers is not None:
        message["In-Reply-To"] = answers["Message-ID"]
        message["References"] = f"{answers['References'] or ''} {answers['Message-ID']}".strip()
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, kind, content in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def words(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def quoting(message):
    return "\n\nOn Tuesday, ARFNET wrote:\n" + "".join(f"> {line}\n" for line in words(message).splitlines())


class Mail:
    engine = None

    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("Postfix and Dovecot are started by root only")
        self.program = Program(self.engine, user=NOBODY, **SETTINGS)
        self.addCleanup(self.program.close)
        for name, kind in (("root", "admin"), ("grace", "helpdesk"), ("ada", "client"), ("bob", "client")):
            self.program.create_user(name, kind)

    def open_ticket(self, subject="Sin conexión: ¿qué pasa? – 网络", body="Desde las 12. Ñandú €"):
        self.ada, self.grace = self.program.sign_in("ada"), self.program.sign_in("grace")
        page = self.ada.submit("/openticket", "/openticket", {"order": "", "subject": subject, "body": body})
        return re.search(r"/tickets/(\d+)", page.address).group(1)

    def verdicts(self):
        return [tuple(row.split("|")) for row in self.program.query("select verdict, sender from inbound_mails order by id")]

    def entries(self, ticket):
        rows = [json.loads(row) for row in self.program.rows()["ticket_entries"]]
        return [row["body"] for row in sorted(rows, key=lambda row: row["id"])
                if row["ticket_id"] == int(ticket) and row["kind"] != "event"]

    def check_form(self, message):
        raw = message.as_bytes() if not hasattr(message, "raw") else message.raw
        for name in ONCE:
            self.assertEqual(len(message.get_all(name) or []), 1, name)
        for name in AT_MOST_ONCE:
            self.assertLessEqual(len(message.get_all(name) or []), 1, name)
        self.assertIsNone(message["Bcc"])
        self.assertNotIn(SECRET.encode(), raw)

    def check_every_mail(self):
        """The bytes as the server took them."""
        files = sorted(self.program.mail_server.folder.glob("*.eml"))
        self.assertGreater(len(files), 3)
        for file in files:
            raw = file.read_bytes()
            self.assertTrue(raw.isascii(), file)
            self.assertNotIn(b"\n", raw.replace(b"\r\n", b""), "CRLF only")
            self.assertNotIn(b"\r", raw.replace(b"\r\n", b""), "CRLF only")
            head, _, _ = raw.partition(b"\r\n\r\n")
            for line in head.split(b"\r\n"):
                # A line without a place to fold may be longer: an address or a Message-ID.
                self.assertTrue(len(line) <= 78 or b" " not in line.strip().partition(b": ")[2], line)
            self.assertLessEqual(max(map(len, raw.split(b"\r\n"))), 998)
            message = email.message_from_bytes(raw, policy=email.policy.default)
            self.assertEqual(message.defects, [])
            self.check_form(message)
            for part in message.walk():
                self.assertEqual(part.defects, [], part.get_content_type())
                if part.get_content_maintype() == "text":
                    self.assertNotIn(SECRET, part.get_content())


class Conversation(Mail):
    """The same conversation, whichever way mail comes in: `deliver` brings a mail to us."""

    def converse(self, deliver):
        ticket = self.open_ticket()
        receipt = self.program.mails("ada@example.test", "Sin conexión")[0]
        self.assertIn("Desde las 12. Ñandú €", words(receipt))
        self.assertEqual(receipt["Auto-Submitted"], "auto-generated")
        self.assertTrue(receipt["Subject"].endswith("Sin conexión: ¿qué pasa? – 网络"), receipt["Subject"])
        self.assertRegex(receipt["Reply-To"], r"^tickets\+\d+\.c\d+\.[a-z2-7]{16}@arfnet\.example$")

        # Mails are put in order by their second: the answer comes in a later one than what it answers.
        opened = int(time.time())
        wait_until(lambda: int(time.time()) > opened, "the next second")
        # The client answers with a picture and a text, and quotes us.
        deliver(letter("Ada Lovelace <ada@example.test>", receipt["Reply-To"], "Re: " + receipt["Subject"],
                       "Adjunto la traza. ¡Gracias!\n" + quoting(receipt), receipt,
                       [("señal.png", "image/png", PNG), ("traza.txt", "text/plain", "línea 1\n".encode())]))
        wait_until(lambda: self.entries(ticket), "the client's mail is on the ticket")
        self.assertEqual(self.entries(ticket), ["Adjunto la traza. ¡Gracias!"])
        page = self.grace.get(f"/tickets/{ticket}")
        self.assertIn("señal.png", page.text)
        self.assertIn("What it quotes", page.text)
        picture = self.grace.get(page.link(r"/attachments/\d+"))
        self.assertEqual(picture.bytes, PNG)

        # The helpdesk hears of it, answers in the browser, and keeps a note.
        told = self.program.mails("helpdesk@example.test", "Re: [ARFNET")[0]
        self.assertIn("Adjunto la traza. ¡Gracias!", words(told))
        self.assertIn("señal.png", words(told))
        self.assertRegex(told["Reply-To"], r"\+\d+\.l\.")
        self.grace.submit(f"/tickets/{ticket}", f"/tickets/{ticket}/replies", {"body": "¿Probó otro cable?\n.\nFrom here"})
        self.grace.post(f"/tickets/{ticket}/replies", {"csrf": self.grace.csrf(), "internal": "1", "body": SECRET})
        reply = self.program.mails("ada@example.test", "Re: [ARFNET")[0]
        self.assertIsNone(reply["Auto-Submitted"])
        self.assertEqual(reply["X-Auto-Response-Suppress"], "OOF, AutoReply")
        self.assertIn("¿Probó otro cable?\n.\nFrom here", words(reply))
        self.assertTrue(reply["In-Reply-To"].startswith("<"))
        self.assertIn("@mail.example.test>", reply["In-Reply-To"], "it answers what the client sent")
        self.assertTrue(reply["References"].startswith(f"<t{ticket}.root@arfnet.example>"))

        # The helpdesk answers by mail: a note until its author confirms it.
        deliver(letter("Grace <grace@example.test>", told["Reply-To"], "Re: " + told["Subject"],
                       "Pruebe el puerto 2, señora.\n" + quoting(told), told))
        confirm = self.program.mails("grace@example.test", "Re: [ARFNET")[0]
        self.assertNotIn("Pruebe el puerto", confirm.as_string())
        self.assertNotIn("Pruebe el puerto", self.ada.get(f"/tickets/{ticket}").text)
        address = re.search(r"(/inbox/\d+/confirmation)", words(confirm)).group(1)
        self.assertEqual(self.ada.request("GET", address).status, 403)
        self.grace.submit(address, address)
        answer = self.program.mails("ada@example.test", "Re: [ARFNET", 2)[1]
        self.assertIn("Pruebe el puerto 2, señora.", words(answer))

        # The client answers that as well, and a stranger and a forger get nowhere.
        deliver(letter("ada@example.test", answer["Reply-To"], "AW: " + answer["Subject"], "¡Funciona!", answer))
        wait_until(lambda: "¡Funciona!" in self.entries(ticket), "the client's second mail is on the ticket")
        deliver(letter("eve@elsewhere.example", answer["Reply-To"], answer["Subject"], "Let me in", answer))
        deliver(letter("grace@example.test", TICKETS, f"[ARFNET #{ticket}] x", "Your password, please"))
        wait_until(lambda: len(self.verdicts()) == 5 and "arrived" not in dict(self.verdicts()), "all mails are judged")
        self.assertEqual([verdict for verdict, _ in self.verdicts()], ["taken", "taken", "taken", "held", "held"])
        self.assertEqual(self.entries(ticket), ["Adjunto la traza. ¡Gracias!", "¿Probó otro cable?\n.\nFrom here", SECRET,
                                                "Pruebe el puerto 2, señora.", "¡Funciona!"])
        self.check_every_mail()
        return ticket


class ByPipe(Conversation):
    def setUp(self):
        super().setUp()
        self.postfix = Postfix(self.program)
        self.addCleanup(self.postfix.stop)
        self.program.serve()

    def deliver(self, message):
        sender = email.utils.parseaddr(message["From"])[1]
        self.postfix.send(sender, [email.utils.parseaddr(message["To"])[1]], message)

    def test_a_conversation_through_postfix(self):
        self.converse(self.deliver)
        self.postfix.wait_until_empty()
        self.assertNotIn("status=bounced", self.postfix.log())

    def test_a_mail_waits_in_postfix_while_the_database_cannot_be_reached(self):
        ticket = self.open_ticket()
        receipt = self.program.mails("ada@example.test", "Sin conexión")[0]
        wrapper = self.program.folder / "receive"
        good = wrapper.read_text()
        wrapper.write_text(re.sub(r"(DATABASE__URL)=\S+", r"\1=sqlite:/nowhere/cstims.db", good))
        self.deliver(letter("ada@example.test", receipt["Reply-To"], "Re: x", "Still there?", receipt))
        wait_until(lambda: "status=deferred" in self.postfix.log(), "Postfix keeps the mail")
        self.assertEqual(self.entries(ticket), [])
        wrapper.write_text(good)
        subprocess.run(["postqueue", "-c", str(self.postfix.folder / "config"), "-f"], check=True)
        wait_until(lambda: self.entries(ticket) == ["Still there?"], "the mail arrives in the end")
        self.assertNotIn("status=bounced", self.postfix.log())

    def test_what_no_later_try_would_make_better_is_refused_and_nothing_else(self):
        for raw, code in ((b"", 65), (b"x" * (25 * 1024 * 1024 + 1), 65), (b"\0\xff\r\n\r\n\r\n", 0), (b"From: <<<\r\nTo", 0)):
            done = subprocess.run([*self.program.prefix, PROGRAM, "mail", "receive"], env=self.program.environment,
                                  cwd=self.program.folder, input=raw, capture_output=True)
            self.assertEqual(done.returncode, code, done.stderr)
        wrong = {**self.program.environment, "CSTIMS_MAIL__NONSENSE": "1"}
        done = subprocess.run([*self.program.prefix, PROGRAM, "mail", "receive"], env=wrong, cwd=self.program.folder,
                              input=b"From: a@b.example\r\n\r\nx", capture_output=True)
        self.assertEqual(done.returncode, 75, "wrong settings bounce nobody's mail")

    def test_a_bounce_comes_back_to_its_mail(self):
        ticket = self.open_ticket()
        wait_until(lambda: self.program.mails("ada@example.test", "Sin conexión"), "the receipt is sent")
        sent = [row.split("|") for row in self.program.query("select id, envelope_from from outbox where recipient = 'ada@example.test'")]
        number, sender = sent[-1]
        self.assertRegex(sender, rf"^bounce\+{number}-[a-z2-7]{{16}}@arfnet\.example$")
        report = email.message.EmailMessage(policy=email.policy.SMTP)
        report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@mx.example", sender, "Undelivered Mail Returned to Sender"
        report["Message-ID"] = "<bounce-1@mx.example>"
        report["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="b"'
        report.set_payload("--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                           "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ada@example.test\r\nAction: failed\r\n"
                           "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b--\r\n")
        self.postfix.send("", [sender], report)
        wait_until(lambda: self.program.query(f"select state from outbox where id = {number}") == ["dead"], "the mail is marked")
        self.assertIn("came back", self.grace.get(f"/tickets/{ticket}").text)
        self.assertNotIn("came back", self.ada.get(f"/tickets/{ticket}").text)


class ByImap(Conversation):
    def setUp(self):
        super().setUp()
        self.dovecot = Dovecot()
        self.addCleanup(self.dovecot.stop)
        self.program.set(**self.dovecot.settings(self.program), imap__seconds=1)

    def test_the_same_conversation_through_a_mailbox(self):
        self.program.serve()
        self.converse(self.dovecot.deliver)
        wait_until(lambda: self.dovecot.counts()["INBOX"] == 0, "the mailbox is empty")
        self.assertEqual(self.dovecot.counts(), {"INBOX": 0, "Done": 5, "Failed": 0, "Oversize": 0})

    def test_mails_that_others_have_read_are_taken_too_and_large_ones_are_set_aside(self):
        self.dovecot.deliver(letter("eve@elsewhere.example", TICKETS, "one", "x"))
        server = self.dovecot.imap()
        server.select("INBOX")
        server.store("1", "+FLAGS", r"(\Seen)")
        server.logout()
        large = letter("ada@example.test", TICKETS, "large", "x", None, [("a.bin", "application/zip", os.urandom(20 * 1024 * 1024))])
        self.dovecot.deliver(large)
        self.dovecot.deliver(letter("eve@elsewhere.example", TICKETS, "two", "x" * 100_000))
        self.assertIn("2 fetched, 0 failed, 0 given up, 1 too large", self.program.command("mail", "fetch"))
        self.assertEqual(self.dovecot.counts(), {"INBOX": 0, "Done": 2, "Failed": 0, "Oversize": 1})
        self.assertEqual([verdict for verdict, _ in self.verdicts()], ["held", "held"])
        refused = self.program.query("select kind, recipient from outbox")
        self.assertIn("mail refused|ada@example.test", refused)

    def test_a_full_mailbox_is_emptied_at_one_go(self):
        for n in range(520):
            self.dovecot.deliver(letter(f"eve{n}@elsewhere.example", TICKETS, f"mail {n}", "x"))
        self.assertIn("520 fetched, 0 failed", self.program.command("mail", "fetch"))
        self.assertEqual(self.dovecot.counts(), {"INBOX": 0, "Done": 520, "Failed": 0, "Oversize": 0})
        server = self.dovecot.imap()
        server.select("Done", readonly=True)
        self.assertEqual(server.search(None, "SEEN")[1], [b""], "fetching marks none as read")
        server.logout()
        self.assertEqual(len(self.verdicts()), 520)

    def test_a_server_that_cannot_move_mails_copies_and_deletes_them(self):
        for able in ("IMAP4rev1 UIDPLUS", "IMAP4rev1"):
            dovecot = Dovecot(f"imap_capability = {able}")
            self.addCleanup(dovecot.stop)
            self.program.set(**dovecot.settings(self.program))
            for n in range(60):
                dovecot.deliver(letter(f"eve{n}@elsewhere.example", TICKETS, f"mail {n}", "x"))
            server = dovecot.imap()
            server.select("INBOX")
            self.assertNotIn(b"MOVE", server.capability()[1][0].split())
            server.store("20,30:32", "+FLAGS", r"(\Deleted)")
            server.expunge()  # so that the numbers of the others have gaps
            server.logout()
            self.assertIn("56 fetched, 0 failed", self.program.command("mail", "fetch"))
            self.assertEqual(dovecot.counts(), {"INBOX": 0, "Done": 56, "Failed": 0, "Oversize": 0})

    def test_two_programs_do_not_empty_it_at_once(self):
        for n in range(30):
            self.dovecot.deliver(letter("eve@elsewhere.example", TICKETS, f"mail {n}", "x"))
        running = [subprocess.Popen([*self.program.prefix, PROGRAM, "mail", "fetch"], env=self.program.environment,
                                    cwd=self.program.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        codes = []
        for process in running:
            process.communicate(timeout=120)
            codes.append(process.returncode)
        self.assertIn(0, codes)
        self.assertTrue(set(codes) <= {0, 3}, codes)
        self.program.command("mail", "fetch")
        self.assertEqual(len(self.verdicts()), 30)
        self.assertEqual({verdict for verdict, _ in self.verdicts()}, {"held"})
        self.assertEqual(self.dovecot.counts()["Done"], 30)


class Gate:
    """Stands between the program and the IMAP server, and calls `seen` with what passes before it goes on."""

    def __init__(self, port, seen):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port, self.target, self.seen, self.ends = self.server.getsockname()[1], port, seen, []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                inner, _ = self.server.accept()
            except OSError:
                return
            outer = socket.create_connection(("127.0.0.1", self.target))
            self.ends += [inner, outer]
            threading.Thread(target=self.pump, args=(inner, outer, "command"), daemon=True).start()
            threading.Thread(target=self.pump, args=(outer, inner, "answer"), daemon=True).start()

    def pump(self, source, sink, direction):
        try:
            while data := source.recv(65536):
                self.seen(direction, data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.server.close()
        for end in self.ends:
            end.close()


def nth(count, passing):
    """A step: the time number `count` that what passes is `passing`."""
    seen = 0

    def step(direction, data):
        nonlocal seen
        seen += passing(direction, data)
        return seen == count
    return step


def is_fetch(direction, data):
    return direction == "command" and b"BODY[]" in data


def is_mail(direction, data):
    return direction == "answer" and b"Subject: mail" in data


def is_move(direction, data):
    return direction == "command" and b"UID MOVE" in data


def is_moved(direction, data):
    return direction == "answer" and b"COPYUID" in data


class Killed(Mail):
    """kill -9 at each step between the mailbox and the ticket, with several mails on their way."""

    def setUp(self):
        super().setUp()
        self.dovecot = Dovecot()
        self.addCleanup(self.dovecot.stop)
        self.program.set(**self.dovecot.settings(self.program))
        self.program.serve()
        self.chance = random.Random(7)
        self.count = self.kills = 0
        # 30 mails an hour of one sender are taken: enough senders that none is over that.
        self.writers = []
        for n in range(16):
            self.program.create_user(f"writer{n}", "client")
            person = self.program.sign_in(f"writer{n}")
            page = person.submit("/openticket", "/openticket", {"order": "", "subject": f"ticket {n}", "body": "It is broken."})
            receipt = self.program.mails(f"writer{n}@example.test", f"ticket {n}")[0]
            self.writers.append((re.search(r"/tickets/(\d+)", page.address).group(1), f"writer{n}@example.test", receipt["Reply-To"]))

    def deliver(self, count):
        for _ in range(count):
            _, sender, address = self.writers[self.count % len(self.writers)]
            self.count += 1
            self.dovecot.deliver(letter(sender, address, f"mail {self.count}", f"This is mail {self.count}."))

    def fetch_until(self, step, delay=0.0, passes=True):
        """Runs a fetch that is killed `delay` seconds after `step` was seen passing; what was seen then `passes` or is lost."""
        process = None
        armed = threading.Event()

        def seen(direction, data):
            if not armed.is_set() and step(direction, data):
                armed.set()
                time.sleep(delay)
                process.kill()
                if not passes:
                    raise ConnectionResetError

        gate = Gate(self.dovecot.port, seen)
        try:
            environment = {**self.program.environment, "CSTIMS_IMAP__URL": f"imap://127.0.0.1:{gate.port}"}
            process = subprocess.Popen([*self.program.prefix, PROGRAM, "mail", "fetch"], env=environment, cwd=self.program.folder,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            process.wait(timeout=60)
        finally:
            gate.close()
        self.kills += process.returncode == -signal.SIGKILL
        self.check_that_moved_mails_are_judged()

    def check_that_moved_mails_are_judged(self):
        judged = self.program.query("select count(*) from inbound_mails where verdict = 'taken'")[0]
        self.assertGreaterEqual(int(judged), self.dovecot.counts()["Done"])

    def test_no_mail_is_lost_and_none_comes_twice(self):
        lot = 7
        for _ in range(3):
            for step, passes in ((nth(3, is_fetch), True), (nth(3, is_fetch), False), (nth(4, is_mail), True), (nth(1, is_move), True),
                                 (nth(1, is_move), False), (nth(1, is_moved), True), (nth(1, is_moved), False)):
                self.deliver(lot)
                self.fetch_until(step, passes=passes)
        # After the last mail's bytes come: files, rows, judgements, commits. It dies somewhere in there.
        for _ in range(8):
            self.deliver(lot)
            self.fetch_until(nth(lot, is_mail), self.chance.uniform(0, 0.15))
        # Fifty are kept and judged while the next are fetched, and are moved while those wait.
        for step in (nth(52, is_fetch), nth(58, is_mail), nth(1, is_move), nth(1, is_moved)):
            self.deliver(60)
            self.fetch_until(step, self.chance.uniform(0, 0.05))
        self.assertGreaterEqual(self.kills, 25, "the kills hit")
        self.assertIn("0 failed", self.program.command("mail", "fetch"))
        self.program.command("mail", "fetch")
        self.assertEqual(self.dovecot.counts(), {"INBOX": 0, "Done": self.count, "Failed": 0, "Oversize": 0})
        self.check_each_is_there_once()

    def check_each_is_there_once(self):
        verdicts = [verdict for verdict, _ in self.verdicts()]
        self.assertEqual(set(verdicts) - {"taken", "duplicate"}, set())
        subjects = self.program.query("select subject from inbound_mails where verdict = 'taken'")
        self.assertEqual(sorted(subjects), sorted(f"mail {n}" for n in range(1, self.count + 1)))
        bodies = [body for ticket, _, _ in self.writers for body in self.entries(ticket)]
        self.assertEqual(len(bodies), self.count)
        self.assertEqual(len(set(bodies)), self.count)
        told = self.program.query("select event from outbox where kind = 'ticket answered by client'")
        self.assertEqual(len(told), self.count, "each message is told once")
        for ticket, _, _ in self.writers:
            numbers = [int(re.search(r"\d+", body).group()) for body in self.entries(ticket)]
            self.assertEqual(numbers, sorted(numbers), "in the order in which they came")


class Circle:
    """Two installations whose support addresses are each other's client, and a relay that takes off every mark of automatic mail;
    an absent colleague's program answers everything."""

    def test_programs_that_answer_each_other_stop(self):
        with Program(self.engine, **{**SETTINGS, "site__name": "ONE", "mail__from": "support@one.example", "mail__reply_address": "support@one.example",
                                  "mail__bounce_address": "", "mail__known_clients_open_tickets": "true"}) as one, \
             Program(self.engine, **{**SETTINGS, "site__name": "TWO", "mail__from": "support@two.example", "mail__reply_address": "support@two.example",
                                  "mail__bounce_address": "", "mail__known_clients_open_tickets": "true"}) as two:
            houses = {"one.example": one, "two.example": two}
            one.command("user", "create", "--username", "two", "--email", "support@two.example", "--type", "client",
                        "--password-stdin", typed=PASSWORD + "\n")
            two.command("user", "create", "--username", "one", "--email", "support@one.example", "--type", "client",
                        "--password-stdin", typed=PASSWORD + "\n")
            one.command("user", "create", "--username", "away", "--email", "away@elsewhere.example", "--type", "client",
                        "--password-stdin", typed=PASSWORD + "\n")
            relayed, seen = 0, {one: 0, two: 0}
            first = letter("support@two.example", "support@one.example", "Hello", "Is anybody there?")
            one.command("mail", "receive", typed=first.as_string())
            away = letter("away@elsewhere.example", "support@one.example", "I am away", "Until Monday.")
            one.command("mail", "receive", typed=away.as_string())
            for _ in range(60):
                moved = 0
                for house in (one, two):
                    house.command("outbox", "send")
                    mails = house.mail_server.mails()
                    for recipient, message in mails[seen[house]:]:
                        moved += self.relay(houses, recipient, message)
                    seen[house] = len(mails)
                relayed += moved
                if moved == 0:
                    break
            self.assertEqual(moved, 0, "it came to rest")
            self.assertGreater(relayed, 8, "they did answer each other at first")
            for house in (one, two):
                sent = [to for to, _ in house.mail_server.mails() if to.endswith((".example",)) and to != "helpdesk@example.test"]
                for recipient in set(sent):
                    self.assertLessEqual(sent.count(recipient), 20, recipient)
            held_back = one.query("select count(*) from ticket_entries where body like 'mail held back%'")
            told = one.query("select count(*) from outbox where kind = 'automatic mail held back'")
            self.assertGreater(int(held_back[0]) + int(two.query("select count(*) from ticket_entries where body like 'mail held back%'")[0]), 0)
            self.assertLessEqual(int(told[0]), 1)

    def relay(self, houses, recipient, message):
        house = houses.get(recipient.partition("@")[2])
        for field in list(message.keys()):
            if field.lower().startswith(("auto-submitted", "x-auto", "x-cstims", "precedence")):
                del message[field]
        if recipient == "away@elsewhere.example":
            self.away = getattr(self, "away", 0) + 1  # it does not even say what it answers
            answer = letter(recipient, "support@one.example", f"I am away ({self.away})", "Until Monday.")
            houses["one.example"].command("mail", "receive", typed=answer.as_string())
            return 1
        if house is None:
            return 0
        house.command("mail", "receive", "--recipient", recipient, typed=message.as_string())
        return 1


for engine in ("sqlite", "postgresql"):
    for case in (ByPipe, ByImap, Killed, Circle):
        name = f"{case.__name__}On{engine.capitalize()}"
        made = type(name, (case, unittest.TestCase), {"engine": engine})
        if engine == "postgresql":
            made = unittest.skipUnless(os.environ.get("CSTIMS_TEST_POSTGRESQL"), "no PostgreSQL server named")(made)
        globals()[name] = made

if __name__ == "__main__":
    unittest.main(verbosity=2)
