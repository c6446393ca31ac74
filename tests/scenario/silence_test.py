"""A ticket whose client does not answer, as both sides live it: told once by mail, closed with the mail that asks how we did, and
left alone when the client writes in between. The job is run as the daily one would be; the program's clock cannot be moved, so
what happened is made older instead."""

import contextlib
import datetime
import os
import re
import sqlite3
import subprocess
import unittest

from cast import Cast
from world import wait_until

ADA, BOB, GRACE = "ada@example.test", "bob@example.test", "grace@example.test"


def words(message):
    """Where lines are broken does not matter here."""
    return " ".join(message.get_body(("plain",)).get_content().split())


class Silence:
    engine = None

    def setUp(self):
        self.cast = Cast(self.engine, helpdesk__warn_days="7", helpdesk__close_days="3", mail__reply_address="tickets@example.test")
        self.addCleanup(self.cast.close)
        self.program, self.ada, self.grace = self.cast.program, self.cast.ada, self.cast.grace

    def write_rows(self, statement):
        url = self.program.environment["CSTIMS_DATABASE__URL"]
        if not url.startswith("sqlite:"):
            subprocess.run(["psql", url, "-qc", statement], check=True)
            return
        with contextlib.closing(sqlite3.connect(url[7:], timeout=30)) as database, database:
            database.execute(statement)

    def days_pass(self, ticket, days):
        row, = self.program.query(f"select last_entry_at, coalesce(close_warned_at, '') from tickets where id = {ticket}")
        form = "%Y-%m-%dT%H:%M:%SZ"
        columns = ("last_entry_at", "close_warned_at")
        older = [f"{column} = '{(datetime.datetime.strptime(at, form) - datetime.timedelta(days=days)).strftime(form)}'"
                 for column, at in zip(columns, row.split("|")) if at]
        self.write_rows(f"update tickets set {', '.join(older)} where id = {ticket}")

    def run_job(self):
        return self.program.command("job", "run", "ticket-closing").strip()

    def waiting_ticket(self, subject, client=None):
        page = (client or self.ada).submit("/openticket", "/openticket", {"order": "", "subject": subject, "body": "It stopped at noon."})
        ticket = re.search(r"/tickets/(\d+)", page.address).group(1)
        self.grace.submit(f"/tickets/{ticket}", f"/tickets/{ticket}/replies", {"body": "Does it work again?"})
        return ticket

    def mails_about(self, ticket, recipient=ADA):
        self.program.command("outbox", "send")
        wait_until(lambda: self.program.command("outbox", "list", "--json") == "[]\n", "the outbox is empty")
        return [message for to, message in self.program.mail_server.mails()
                if to == recipient and message["X-CSTIMS-Ticket"] == ticket]

    def status(self, ticket):
        return self.program.query(f"select status from tickets where id = {ticket}")[0]

    def test_a_silent_client_is_told_once_and_then_the_ticket_is_closed_and_rated(self):
        ticket = self.waiting_ticket("No network")
        self.assertEqual(self.run_job(), "0 clients told, 0 tickets closed")
        before = len(self.mails_about(ticket))
        self.days_pass(ticket, 7)
        self.assertEqual(self.run_job(), "1 clients told, 0 tickets closed")
        self.assertEqual(self.run_job(), "0 clients told, 0 tickets closed", "once")
        warning, = self.mails_about(ticket)[before:]
        self.assertEqual(warning["Subject"], f"Re: [ARFNET #{ticket}] No network")
        self.assertEqual(warning["Auto-Submitted"], "auto-generated")
        self.assertIn(f"/tickets/{ticket}", words(warning))
        self.assertIn("Without an answer the ticket will be closed", self.ada.get(f"/tickets/{ticket}").text)

        self.days_pass(ticket, 2)
        self.assertEqual(self.run_job(), "0 clients told, 0 tickets closed")
        self.days_pass(ticket, 1)
        self.assertEqual(self.run_job(), "0 clients told, 1 tickets closed")
        self.assertEqual(self.run_job(), "0 clients told, 0 tickets closed")
        self.assertEqual(self.status(ticket), "closed")
        _, closing = self.mails_about(ticket)[before:]
        self.assertIn("There was no answer for 10 days", words(closing))
        to_grace = [words(mail) for mail in self.mails_about(ticket, GRACE) if "There was no answer" in words(mail)]
        self.assertEqual(len(to_grace), 1, "who had the ticket hears of it")
        self.assertNotIn("/ratings/", to_grace[0])

        # Whoever opens the link sees a question and has answered nothing yet.
        for part in ("plain", "html"):
            link = re.search(r"http://127\.0\.0\.1:\d+(/ratings/[\w.]+)\?answer=good", closing.get_body((part,)).get_content()).group(1)
        client = self.program.person()
        client.get(link + "?answer=good")
        self.assertEqual(self.program.query("select count(*) from ticket_ratings"), ["0"])
        client.submit(link + "?answer=good", link, {"comment": "It was the cable."})
        page = self.grace.get(f"/tickets/{ticket}").text
        self.assertIn("It was the cable.", page)
        self.assertNotIn("It was the cable.", self.ada.get(f"/tickets/{ticket}").text)

    def test_an_answer_in_between_by_page_or_mail_keeps_the_ticket_open(self):
        # Of two clients: one would soon get no more automatic mail for a while.
        tickets = {"page": self.waiting_ticket("By page"), "mail": self.waiting_ticket("By mail", self.cast.bob)}
        for ticket in tickets.values():
            self.days_pass(ticket, 7)
        self.assertEqual(self.run_job(), "2 clients told, 0 tickets closed")
        warning = self.mails_about(tickets["mail"], BOB)[-1]
        self.ada.submit(f"/tickets/{tickets['page']}", f"/tickets/{tickets['page']}/replies", {"body": "No, it does not."})
        self.program.command("mail", "receive", typed=(
            f"From: {BOB}\nTo: {warning['Reply-To']}\nSubject: {warning['Subject']}\nMessage-ID: <1@example.test>\n"
            f"In-Reply-To: {warning['Message-ID']}\n\nNo, it does not.\n"))
        for ticket in tickets.values():
            self.assertIn("No, it does not.", self.grace.get(f"/tickets/{ticket}").text)
            self.days_pass(ticket, 30)
        self.assertEqual(self.run_job(), "0 clients told, 0 tickets closed", "it waits for us now")
        for ticket in tickets.values():
            self.grace.submit(f"/tickets/{ticket}", f"/tickets/{ticket}/replies", {"body": "And now?"})
        self.assertEqual(self.run_job(), "0 clients told, 0 tickets closed", "the wait begins anew")
        for ticket in tickets.values():
            # Not 7 again: made older by the same, this message could get the very second of the first one.
            self.days_pass(ticket, 8)
        self.assertEqual(self.run_job(), "2 clients told, 0 tickets closed")
        self.assertEqual({self.status(ticket) for ticket in tickets.values()}, {"open"})


class SilenceOnSqlite(Silence, unittest.TestCase):
    engine = "sqlite"


@unittest.skipUnless(os.environ.get("CSTIMS_TEST_POSTGRESQL"), "no PostgreSQL server named")
class SilenceOnPostgresql(Silence, unittest.TestCase):
    engine = "postgresql"


if __name__ == "__main__":
    unittest.main(verbosity=2)
