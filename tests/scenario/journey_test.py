"""The whole mission, as people live it: from an empty database to a mailed, paid invoice and an answered ticket, with the real
program, a real SMTP server, and no script. Once on SQLite, once on PostgreSQL."""

import collections
import datetime
import json
import os
import re
import subprocess
import unittest

from world import PASSWORD, Program, today, wait_until

ADMIN, HELPDESK, ACCOUNTING = "admin@arf20.com", "helpdesk@arf20.com", "accounting@arf20.com"


def link_in(message):
    """The path of the first link of ours in a mail's text."""
    text = message.get_body(("plain",)).get_content()
    return re.search(r"http://127\.0\.0\.1:\d+(/\S+)", text).group(1)


class Journey:
    engine = None

    def test_from_an_empty_database_to_a_paid_invoice_and_an_answered_ticket(self):
        with Program(self.engine) as program:
            for username, kind in (("root", "admin"), ("grace", "helpdesk"), ("luca", "accountant")):
                program.create_user(username, kind)
            program.serve()
            self.program = program
            self.register_and_verify()
            self.sell_a_service()
            self.order_it()
            self.activate_it()
            self.bill_it()
            self.pay_it()
            self.ask_and_answer()
            self.every_mail_went_once()
            self.assertEqual(program.stop(), 0)
            self.assertEqual(program.command("invoice", "audit"), "")

    def register_and_verify(self):
        ada = self.program.person()
        page = ada.submit("/register", "/register", {"username": "ada", "email": "ada@example.test", "password": PASSWORD,
                                                     "confirm_password": PASSWORD})
        self.assertIn("mail", page.text.lower())
        link = link_in(self.program.mails("ada@example.test")[0])
        self.assertTrue(link.startswith("/verify?code="), link)
        # Mail scanners open links: that changes nothing, the button does.
        for _ in range(3):
            ada.get(link)
        refused = ada.submit("/login", "/login", {"username": "ada", "password": PASSWORD}, status=422)
        self.assertNotIn("Sign out", refused.text)
        # The right password before verifying has a new link mailed, which replaces the first.
        link = link_in(self.program.mails("ada@example.test", count=2)[-1])
        ada.submit(link, "/verify")
        home = ada.sign_in("ada")
        self.assertEqual(home.address, "/client")
        self.ada = ada

    def sell_a_service(self):
        self.root = self.program.person()
        self.assertEqual(self.root.sign_in("root").address, "/admin")
        self.root.submit("/manageservices/new", "/manageservices", {
            "name": "VPS", "type": "standard", "billing": "(1*cpu + 0.5*ram) €/mo + 10 € setup",
            "options": "cpu: vCPU = 1, 2, 4\nram: RAM (GB) = 1, 2, 4, 8", "description": "A *virtual* server.", "active": "1"})
        self.assertIn("VPS", self.program.person().get("/").text)

    def order_it(self):
        choose = self.ada.get("/order")
        link = choose.link(r"/order\?service=\d+")
        page = self.ada.submit(link, "/order", {"name": "web1", "option.cpu": "2", "option.ram": "4",
                                                "comments": "Debian, please."})
        self.assertIn("web1", page.text)
        self.assertIn("4.00", page.text)  # 1*2 + 0.5*4 a month
        self.order = re.search(r"/orders/(\d+)", self.ada.get("/client").link(r"/orders/\d+")).group(1)
        to_deploy = self.program.mails(ADMIN, "web1")[0].get_body(("plain",)).get_content()
        for wanted in ("web1", "VPS", "cpu", "Debian, please.", "ada"):
            self.assertIn(wanted, to_deploy)

    def activate_it(self):
        activated_on = today()
        page = f"/manageorders/{self.order}"
        self.root.submit(page, page, {"status": "active", "activated_on": activated_on.isoformat(), "notes": "node 7"})
        self.assertIn("active", self.ada.get(f"/orders/{self.order}").text)
        self.assertNotIn("node 7", self.ada.get(f"/orders/{self.order}").text)
        self.activated_on = activated_on

    def bill_it(self):
        first = self.program.command("invoice", "run")
        self.assertRegex(first.splitlines()[-1], r"^1 invoices, 16\.94 EUR$")  # (4 + 10) + 21 %
        self.assertRegex(self.program.command("makeinvoices").splitlines()[-1], r"^0 invoices")
        next_due = (self.activated_on.replace(day=1) + datetime.timedelta(days=62)).replace(day=1)
        dry = self.program.command("invoice", "run", "--dry-run", "--date", next_due.isoformat())
        self.assertRegex(dry.splitlines()[-1], r"^[12] invoices, \d+\.\d\d EUR$")
        program = self.program
        for recipient in ("ada@example.test", ACCOUNTING):
            mail = program.mails(recipient, "16.94")[0]
            attached = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
            self.assertEqual(len(attached), 1)
            document = attached[0].get_content()
        invoices = self.ada.get("/client")
        self.invoice = re.search(r"/invoices/(\d+)", invoices.link(r"/invoices/\d+")).group(1)
        stored = self.ada.get(f"/invoices/{self.invoice}.pdf")
        self.assertEqual(stored.headers["Content-Type"], "application/pdf")
        self.assertEqual(stored.bytes, document)
        file = program.folder / "invoice.pdf"
        file.write_bytes(document)
        subprocess.run(["qpdf", "--check", file], check=True, stdout=subprocess.DEVNULL)
        text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        for wanted in ("ARFNET", "ada", "VPS", "16.94", "2.94", "14.00"):
            self.assertIn(wanted, text)

    def pay_it(self):
        luca = self.program.person()
        self.assertEqual(luca.sign_in("luca").address, "/accountant")
        page = luca.get(f"/invoices/{self.invoice}")
        paid = luca.submit(page, f"/invoices/{self.invoice}/payments", {"amount": "16.94", "date": today().isoformat(),
                                                                      "method": "transfer", "reference": "R1"})
        self.assertIn("paid", paid.text.lower())
        self.assertIn("paid", self.ada.get(f"/invoices/{self.invoice}").text.lower())
        self.program.mails("ada@example.test", "ayment")
        self.program.mails(ACCOUNTING, "ayment")

    def ask_and_answer(self):
        ada = self.ada
        page = ada.submit("/openticket", "/openticket", {"order": self.order, "subject": "No network on web1",
                                                         "body": "It stopped at noon."},
                          files={"attachment": ("trace.txt", "text/plain", b"1 * * *\n")})
        self.assertIn("No network on web1", page.text)
        ticket = re.search(r"/tickets/(\d+)", page.address).group(1)
        grace = self.program.person()
        self.assertEqual(grace.sign_in("grace").address, "/helpdesk")
        self.assertIn("No network on web1", grace.get("/helpdesk").text)
        grace.submit(f"/tickets/{ticket}", f"/tickets/{ticket}/assignment")
        grace.submit(f"/tickets/{ticket}", f"/tickets/{ticket}/replies", {"body": "A cable was loose."})
        self.assertIn("A cable was loose.", ada.get(f"/tickets/{ticket}").text)
        answer = self.program.mails("ada@example.test", f"#{ticket}", 2)[-1]
        self.assertIn("A cable was loose.", answer.get_body(("plain",)).get_content())
        ada.submit(f"/tickets/{ticket}", f"/tickets/{ticket}/replies", {"body": "Works again, thanks."})
        grace.submit(f"/tickets/{ticket}", f"/tickets/{ticket}/closure", {"status": "closed", "comment": "Cable replaced."})
        self.assertIn("Cable replaced.", ada.get(f"/tickets/{ticket}").text)

    def every_mail_went_once(self):
        """Who got which mail: each of the table once, nobody another."""
        expected = collections.Counter([
            ("address to verify", "ada@example.test"), ("address to verify", "ada@example.test"),
            ("client registered", ADMIN), ("address verified", ADMIN),
            ("order placed", ADMIN), ("order placed", "ada@example.test"), ("order active", "ada@example.test"),
            ("invoice issued", "ada@example.test"), ("invoice issued", ACCOUNTING),
            ("payment recorded", "ada@example.test"), ("payment recorded", ACCOUNTING),
            ("ticket assigned", "grace@example.test"), ("ticket opened", HELPDESK), ("ticket received", "ada@example.test"),
            ("ticket replied", "ada@example.test"), ("ticket answered by client", "grace@example.test"),
            ("ticket closed", "ada@example.test"), ("ticket closed", "grace@example.test"),
            ("new sign-in", "ada@example.test"), ("new sign-in", "root@example.test"),
            ("new sign-in", "luca@example.test"), ("new sign-in", "grace@example.test"),
        ])
        wait_until(lambda: self.program.command("outbox", "list", "--json") == "[]\n", "the outbox is empty")
        outbox = json.loads(self.program.command("outbox", "list", "--json", "--all"))
        self.maxDiff = None
        sent = collections.Counter((mail["kind"], mail["recipient"]) for mail in outbox)
        self.assertEqual(sorted(sent.elements()), sorted(expected.elements()))
        # The server took exactly what the outbox holds, each Message-ID once.
        mails = self.program.mail_server.mails()
        ids = [message["Message-ID"] for _, message in mails]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(sorted((to, str(message["Subject"])) for to, message in mails),
                         sorted((mail["recipient"], mail["subject"]) for mail in outbox))


class JourneyOnSqlite(Journey, unittest.TestCase):
    engine = "sqlite"


@unittest.skipUnless(os.environ.get("CSTIMS_TEST_POSTGRESQL"), "no PostgreSQL server named")
class JourneyOnPostgresql(Journey, unittest.TestCase):
    engine = "postgresql"


if __name__ == "__main__":
    unittest.main(verbosity=2)
