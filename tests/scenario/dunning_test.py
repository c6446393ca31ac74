"""An invoice that is not paid, as its client and the staff live it: reminder, notices, digest, suspension, payment. The days are
gone through by the commands' --date, as the daily job would have; the last by the job itself."""

import collections
import datetime
import json
import os
import re
import unittest

from cast import Cast
from world import today, wait_until

ADA, ADMIN, ACCOUNTING = "ada@example.test", "admin@arf20.com", "accounting@arf20.com"


def text_of(message):
    """Its words: where lines are broken does not matter here."""
    return " ".join(message.get_body(("plain",)).get_content().split())


class Dunning:
    engine = None

    def setUp(self):
        self.cast = Cast(self.engine, billing__suspend_days="20")
        self.addCleanup(self.cast.close)
        self.program = self.cast.program
        self.cast.sell("VPS", "10 €/mo")
        self.order = self.cast.order("web1")
        self.start = today() - datetime.timedelta(days=40)
        self.cast.activate(self.order, self.start)
        self.program.command("invoice", "run", "--date", self.start.isoformat())
        self.settle()
        self.invoice = re.search(r"/invoices/(\d+)", self.cast.ada.get("/invoices").html).group(1)
        self.forget_mails()

    def day(self, days):
        """So many days after the due date."""
        return (self.start + datetime.timedelta(days=14 + days)).isoformat()

    def settle(self):
        wait_until(lambda: self.program.command("outbox", "list", "--json") == "[]\n", "the outbox is empty")

    def forget_mails(self):
        self.seen = len(self.program.mail_server.mails())

    def new_mails(self):
        self.settle()
        found = self.program.mail_server.mails()[self.seen:]
        self.seen += len(found)
        return found

    def remind(self, days, *words):
        lines = [json.loads(line) for line in
                 self.program.command("invoice", "remind", "--date", self.day(days), "--json", *words).splitlines()]
        self.assertEqual(set(lines[-1]), {"mails"})
        return [(line["step"], line["outcome"]) for line in lines[:-1]]

    def suspend(self, days):
        self.program.command("order", "suspend-unpaid", "--date", self.day(days))

    def status(self):
        return json.loads(self.program.command("order", "list", "--json"))[0]["status"]

    def pay(self):
        page = f"/invoices/{self.invoice}"
        rest = self.cast.luca.get(page).form(page + "/payments")["fields"]["amount"]
        return self.cast.luca.submit(page, page + "/payments", {"amount": rest, "date": today().isoformat()})

    def test_from_the_reminder_to_the_suspension_and_the_payment_that_lifts_it(self):
        self.assertEqual(self.remind(-4), [])
        self.assertEqual(self.remind(-3, "--dry-run"), [("3 days before it is due", "sent")])
        self.assertEqual(self.new_mails(), [])
        for days, step in ((-3, "3 days before it is due"), (1, "a day overdue"), (7, "7 days overdue"), (14, "14 days overdue")):
            self.assertEqual(self.remind(days), [(step, "sent")])
            self.assertEqual(self.remind(days), [], "the same day again sends nothing")
            (recipient, mail), = self.new_mails()
            self.assertEqual(recipient, ADA, "to the client alone")
            self.assertEqual(mail["Reply-To"], ACCOUNTING, "answers go to the accountants")
            body = text_of(mail)
            for wanted in ("12.10 €", f"/invoices/{self.invoice}", "Bank transfer"):
                self.assertIn(wanted, body)
            self.assertEqual([part.get_content_type() for part in mail.iter_attachments()], ["application/pdf"])
        page = self.cast.luca.get(f"/invoices/{self.invoice}").text
        self.assertIn("14 days overdue", page)
        self.assertIn("reminded: 14 days overdue", self.cast.luca.get("/accountant?status=overdue").text)
        self.assertIn("this order is suspended on", self.cast.ada.get(f"/orders/{self.order}").text)

        self.suspend(18)
        self.assertEqual(self.new_mails(), [])
        for _ in range(2):
            self.suspend(19)
        digests = self.new_mails()
        self.assertEqual(sorted(to for to, _ in digests), [ACCOUNTING, ADMIN])
        for wanted in ("web1 of ada", "12.10 €", "suspended tomorrow"):
            self.assertIn(wanted, text_of(digests[0][1]))
        self.assertEqual(self.status(), "active")
        for _ in range(2):
            self.suspend(20)
        (recipient, mail), = self.new_mails()
        self.assertEqual(recipient, ADA)
        self.assertIn("web1 is suspended", mail["Subject"])
        self.assertIn("12.10 €", text_of(mail))
        self.assertIn(f"/invoices/{self.invoice}", text_of(mail))
        self.assertEqual(self.status(), "suspended")
        self.assertIn("goes on by itself", self.cast.ada.get(f"/orders/{self.order}").text)
        self.assertIn("suspended", self.cast.luca.get("/suspensions").text)

        self.pay()
        self.assertEqual(self.status(), "active")
        subjects = collections.Counter((to, mail["Subject"]) for to, mail in self.new_mails())
        self.assertEqual(subjects[ADA, "web1 is active"], 1)
        self.assertTrue(all(count == 1 for count in subjects.values()), subjects)
        for _ in range(3):
            self.program.command("job", "run", "dunning")
        self.assertEqual(self.new_mails(), [])
        self.assertEqual(self.program.command("invoice", "audit"), "")

    def test_missed_days_send_late_and_once_and_only_the_newest(self):
        listed = self.program.command("invoice", "remind", "--dry-run")
        self.assertIn("14 days overdue", listed)
        self.assertIn("1 mails", listed)
        for _ in range(3):
            self.program.command("job", "run", "dunning")
        to_ada = [mail for to, mail in self.new_mails() if to == ADA]
        self.assertEqual(len(to_ada), 1)
        self.assertIn("that is 26 days ago", text_of(to_ada[0]))
        self.assertEqual(self.program.query("select outcome from dunning_steps order by due_on"), ["skipped"] * 3 + ["sent"])
        self.assertEqual(self.status(), "active", "first staff hear of it, tomorrow it is suspended")

    def test_an_accountant_pauses_and_exempts_and_nothing_happens(self):
        invoice, order = f"/invoices/{self.invoice}", f"/orders/{self.order}"
        page = self.cast.luca.submit(invoice, invoice + "/reminders/pause", {"scope": "invoice", "reason": ""}, status=422)
        self.assertIn("Fill this in.", page.text)
        page = self.cast.luca.submit(invoice, invoice + "/reminders/pause", {"scope": "invoice", "reason": "They called."})
        self.assertIn("They called.", page.text)
        self.assertNotIn("They called.", self.cast.ada.get(invoice).text, "that is among staff")
        self.program.command("job", "run", "dunning")
        # Staff hear, once, that the order is held back.
        self.assertEqual(sorted(to for to, _ in self.new_mails()), [ACCOUNTING, ADMIN])
        self.cast.luca.submit(invoice, invoice + "/reminders/resumption")
        page = self.cast.luca.submit(order, order + "/exemption", {"reason": "A hospital."})
        self.assertIn("A hospital.", page.text)
        self.suspend(25)
        self.suspend(26)
        self.assertEqual(self.status(), "active")
        self.assertIn("never suspended automatically", self.cast.luca.get(order).text)
        self.assertNotIn("A hospital.", self.cast.ada.get(order).text)

    def test_days_to_come_are_only_tried(self):
        day = (today() + datetime.timedelta(days=1)).isoformat()
        for words in (("invoice", "remind"), ("order", "suspend-unpaid")):
            self.assertIn("still to come", self.program.command(*words, "--date", day, code=3))
            self.program.command(*words, "--date", day, "--dry-run")
        self.assertEqual(self.new_mails(), [])


class DunningOnSqlite(Dunning, unittest.TestCase):
    engine = "sqlite"


@unittest.skipUnless(os.environ.get("CSTIMS_TEST_POSTGRESQL"), "no PostgreSQL server named")
class DunningOnPostgresql(Dunning, unittest.TestCase):
    engine = "postgresql"


if __name__ == "__main__":
    unittest.main(verbosity=2)
