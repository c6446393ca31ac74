"""A billing run that dies: killed at random moments and run again, it leaves the invoices of one clean run, numbers without a
gap, and each mail once or again with the same Message-ID. 20 kills a day, 200 where CSTIMS_TEST_LONG is set."""

import collections
import contextlib
import datetime
import os
import random
import secrets
import shutil
import sqlite3
import subprocess
import time
import unittest

from world import PROGRAM, Program

KILLS = 200 if os.environ.get("CSTIMS_TEST_LONG") else 20
KILLS_OF_ONE_RUN = 5
CLIENTS = 120  # more than a run bills in one transaction
AHEAD = (datetime.date.today() + datetime.timedelta(days=31)).isoformat()
RUN = ["invoice", "run", "--force", "--date", AHEAD]

LINES = """select i.client_id, i.due_month, i.total, l.order_id, l.kind, l.period_start, l.period_next, l.net, l.description
  from invoices i join invoice_lines l on l.invoice_id = i.id where i.issue_date = '{}' order by 1, 2, 4, 5, 6"""
SERIES = "select series, year, count(*), min(sequence), max(sequence) from invoices where status = 'issued' group by 1, 2 order by 1, 2"
MAILS = "select event, kind, recipient, message_id from outbox where event like 'invoice%' order by id"


class Killing:
    engine = None

    def setUp(self):
        self.program = Program(self.engine)
        self.addCleanup(self.program.close)
        self.program.command("bench", "load", "--clients", str(CLIENTS))
        self.program.command("outbox", "send")
        self.loaded = self.program.environment["CSTIMS_DATABASE__URL"]
        self.copies = []
        self.random = random.Random(20261125)

    def tearDown(self):
        if self.engine == "postgresql":
            for name in self.copies:
                subprocess.run(["psql", os.environ["CSTIMS_TEST_POSTGRESQL"], "-qc", f"drop database {name}"], check=True)

    def use_copy(self):
        """From here on the program works on a new copy of the loaded database, and the mail server has got nothing."""
        self.program.mail_server.forget()
        name = "kill_" + secrets.token_hex(6)
        if self.engine == "sqlite":
            url = f"sqlite:{self.program.folder}/{name}.db"
            shutil.copyfile(self.loaded[7:], url[7:])
        else:
            original = self.loaded.partition("?")[0].rpartition("/")[2]
            subprocess.run(["psql", os.environ["CSTIMS_TEST_POSTGRESQL"], "-qc",
                            f"create database {name} template {original}"], check=True)
            self.copies.append(name)
            url = self.loaded.replace(original, name)
        self.program.set(database__url=url)

    def execute(self, text):
        url = self.program.environment["CSTIMS_DATABASE__URL"]
        if self.engine == "sqlite":
            with contextlib.closing(sqlite3.connect(url[7:])) as database:
                database.execute(text)
                database.commit()
        else:
            subprocess.run(["psql", url, "-qc", text], check=True)

    def killed(self, words, within):
        """Runs a command and kills it at some moment; False when it was done before."""
        process = subprocess.Popen([PROGRAM, *words], env=self.program.environment, cwd=self.program.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            process.wait(self.random.uniform(0, within))
        except subprocess.TimeoutExpired:
            process.kill()
        errors = process.communicate()[1]
        if process.returncode < 0:
            self.assertEqual(process.returncode, -9)
            return True
        self.assertEqual(process.returncode, 0, errors)
        return False

    def let_leases_end(self):
        """What minutes of waiting do: leases of the dead end."""
        self.execute("update outbox set lease_until = '2000-01-01 00:00:00' where lease_until is not null")
        self.execute("update job_runs set lease_until = '2000-01-01 00:00:00' where lease_until is not null")

    def kill_until_enough(self, words, within):
        kills = 0
        while kills < KILLS_OF_ONE_RUN and self.killed(words, within):
            kills += 1
            self.let_leases_end()
        return kills

    def mails_of_invoices(self):
        """What the mail server got of what is in the outbox now, by Message-ID."""
        ids = {line.split("|")[3].strip("<>") for line in self.program.query(MAILS)}
        got = collections.defaultdict(list)
        for recipient, message in self.program.mail_server.mails():
            if message["Message-ID"].strip("<>") in ids:
                got[message["Message-ID"].strip("<>")].append((recipient, message.as_bytes()))
        return ids, got

    def test_a_billing_run_killed_at_random_moments_and_run_again_is_one_clean_run(self):
        self.use_copy()
        start = time.monotonic()
        self.program.command(*RUN)
        clean_time = time.monotonic() - start
        clean_lines = self.program.query(LINES.format(AHEAD))
        clean_series = self.program.query(SERIES)
        clean_mails = len(self.program.query(MAILS))
        start = time.monotonic()
        self.program.command("outbox", "send")
        send_time = time.monotonic() - start
        self.assertGreater(len(clean_lines), CLIENTS)
        self.assertGreater(clean_mails, CLIENTS)
        kills = 0
        while kills < KILLS:
            self.use_copy()
            kills += self.kill_until_enough(RUN, clean_time)
            self.program.command(*RUN)
            self.assertEqual(self.program.query(LINES.format(AHEAD)), clean_lines)
            self.assertEqual(self.program.query(SERIES), clean_series)
            for line in self.program.query(SERIES):
                _, _, count, first, last = line.split("|")
                self.assertEqual((first, last), ("1", count), "numbers run from 1 without a gap")
            self.assertEqual(self.program.command("invoice", "audit"), "")
            kills += self.kill_until_enough(["outbox", "send"], send_time)
            self.let_leases_end()
            self.program.command("outbox", "send")
            ids, got = self.mails_of_invoices()
            self.assertEqual(len(ids), clean_mails)
            self.assertEqual(set(got), ids, "each is mailed")
            for message_id, copies in got.items():
                self.assertEqual(len(set(copies)), 1, f"{message_id} differs between its copies")


class OnSqlite(Killing, unittest.TestCase):
    engine = "sqlite"


class OnPostgresql(Killing, unittest.TestCase):
    engine = "postgresql"


if __name__ == "__main__":
    unittest.main(verbosity=2)
