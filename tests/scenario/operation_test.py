"""What an operator does and suffers: starting, stopping, killing, copying, commands beside the server, wrong settings."""

import concurrent.futures
import contextlib
import http.client
import os
import re
import signal
import sqlite3
import subprocess
import threading
import time
import unittest

from cast import Cast
from world import PROGRAM, Person, Program, fresh_database, free_port, wait_until

PHP = {"/index.php": "/", "/register.php": "/register", "/login.php": "/login", "/logout.php": "/login",
       "/verify.php?code=abc": "/verify?code=abc", "/client.php": "/client", "/order.php": "/order", "/openticket.php": "/openticket",
       "/helpdesk.php": "/helpdesk", "/accountant.php": "/accountant", "/admin.php": "/admin", "/manageusers.php": "/manageusers",
       "/manageservices.php": "/manageservices", "/manageorders.php": "/manageorders", "/managetickets.php": "/managetickets",
       "/manageinvoices.php": "/manageinvoices", "/pay.php": "/pay", "/privacy.php": "/privacy", "/terms.php": "/terms",
       "/viewticket.php?id=7": "/tickets/7", "/viewinvoice.php?id=7": "/invoices/7"}


class Operation:
    engine = None

    def program(self, **settings):
        program = Program(self.engine, smtp=False, **settings)
        self.addCleanup(program.close)
        return program

    def shop(self):
        """A server with a client and something to order."""
        cast = Cast(self.engine, smtp=False)
        self.addCleanup(cast.close)
        cast.sell("VPS", "5 €/mo")
        return cast

    def kill(self, program):
        program.server.kill()
        self.assertEqual(program.server.wait(), -signal.SIGKILL)
        program.server = None

    def one_line(self, text, *words):
        self.assertEqual(len(text.strip().splitlines()), 1, text)
        for word in words:
            self.assertIn(word, text)

    def execute(self, program, text):
        url = program.environment["CSTIMS_DATABASE__URL"]
        if url.startswith("sqlite:"):
            with contextlib.closing(sqlite3.connect(url[7:])) as database:
                database.execute(text)
                database.commit()
        else:
            subprocess.run(["psql", url, "-qc", text], check=True)

    def test_a_file_too_large_comes_back_beside_its_field_with_what_was_typed(self):
        cast = self.shop()
        fields = {"subject": "Logs", "body": "See the file."}
        page = cast.ada.submit("/openticket", "/openticket", fields, status=422,
                               files={"attachment": ("big.log", "text/plain", b"x" * (10 * 1024 * 1024 + 1))})
        self.assertIn("“big.log” is larger than 10 MiB.", page.text)
        self.assertEqual({name: page.form("/openticket")["fields"][name] for name in fields}, fields)
        self.assertEqual(cast.program.query("select count(*) from tickets"), ["0"])
        answer = cast.ada.submit("/openticket", "/openticket", fields,
                                 files={"attachment": ("log.log", "text/plain", b"x" * 10 * 1024 * 1024)})
        self.assertIn("log.log", answer.text)

    def test_commands_beside_a_server_and_a_kill_lose_nothing(self):
        cast = self.shop()
        program = cast.program
        names = []
        for n in range(4):
            # A command that only reads, and one that writes: both end beside the server.
            program.command("user", "list")
            program.create_user(f"by-command-{n}", "client")
            names.append(f"by-page-{n}")
            cast.order(names[-1])
            listed = program.command("order", "list", "--json")
            for name in names:
                self.assertIn(name, listed, "a later command sees what the server wrote")
        self.kill(program)
        users, listed = program.command("user", "list", "--json"), program.command("order", "list", "--json")
        for n in range(4):
            self.assertIn(f"by-command-{n}", users)
            self.assertIn(names[n], listed)
        self.assertEqual(program.command("db", "check"), "")
        program.serve()
        self.assertIn(names[0], cast.ada.get("/client").text, "and the session goes on, too")

    def test_a_kill_under_load_loses_no_order_that_was_confirmed(self):
        cast = self.shop()
        program, token = cast.program, cast.ada.csrf()
        confirmed, enough = [], threading.Event()

        def order_on(worker):
            for n in range(1000):
                person = Person(program)
                person.cookies = dict(cast.ada.cookies)
                name = f"order-{worker}-{n}"
                try:
                    answer = person.post("/order", {"csrf": token, "service": cast.ids["service"], "name": name})
                except (OSError, http.client.HTTPException):
                    return
                self.assertEqual(answer.status, 303, answer.text[:300])
                confirmed.append((re.search(r"/orders/(\d+)", answer.location).group(1), name))
                if len(confirmed) >= 40:
                    enough.set()

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            workers = [pool.submit(order_on, worker) for worker in range(4)]
            self.assertTrue(enough.wait(60))
            self.kill(program)
            for worker in workers:
                worker.result()
        stored = dict(line.split("|") for line in program.query("select id, name from orders"))
        for number, name in confirmed:
            self.assertEqual(stored.get(number), name)
        # What was stored is whole: each order has the mails that it causes.
        mails = program.query("select count(*) from outbox where kind = 'order placed'")
        self.assertEqual(mails, [str(2 * len(stored))])
        self.assertEqual(program.command("db", "check"), "")
        program.serve()
        cast.ada.get(f"/orders/{confirmed[-1][0]}")

    def test_a_signal_to_end_lets_running_requests_finish(self):
        cast = self.shop()
        program, ended, cut = cast.program, threading.Event(), []

        def read_on():
            while not ended.is_set():
                connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=20)
                try:
                    connection.request("GET", "/")
                    answer = connection.getresponse()
                    self.assertIn(answer.status, (200, 503))
                    answer.read()
                except http.client.IncompleteRead as error:
                    cut.append(error)
                except (OSError, http.client.HTTPException):
                    pass  # refused at the door: the server is stopping
                finally:
                    connection.close()
        # One client says hello and then nothing: it must not keep the server.
        idle = http.client.HTTPConnection("127.0.0.1", program.port)
        idle.connect()
        # Four are at the slow part of signing in, which comes after the attempt was charged.
        person = program.person("127.5.1.1")
        body = {"csrf": person.csrf(), "password": "wrong wrong wrong"}
        pool = concurrent.futures.ThreadPoolExecutor(8)
        self.addCleanup(pool.shutdown)
        signing_in = [pool.submit(person.post, "/login", {**body, "username": f"unknown{n}"}) for n in range(4)]
        wait_until(lambda: program.query("select count(*) from throttles where bucket like 'account:unknown%'") == ["4"],
                   "all four were charged")
        readers = [pool.submit(read_on) for _ in range(4)]
        try:
            self.assertEqual(program.stop(), 0)
        finally:
            ended.set()
        for reader in readers:
            reader.result()
        self.assertEqual([request.result().status for request in signing_in], [422] * 4)
        idle.close()
        self.assertEqual(cut, [])
        self.assertNotIn('"error"', (program.folder / "log").read_text())

    def test_the_server_answers_soon_after_its_start(self):
        program = self.program()
        times = []
        for _ in range(3):
            began = time.monotonic()
            program.serve()
            times.append(time.monotonic() - began)
            self.assertEqual(program.stop(), 0)
        self.assertLess(min(times), 2, "seconds; 0.5 on a machine that does nothing else")

    def test_a_database_of_another_version_is_refused_with_a_sentence(self):
        program = self.program()
        commands = (("serve",), ("user", "list"), ("invoice", "run"))
        self.execute(program, "insert into schema_version (version, name, applied_at) values (999, '0999_x', '2099-01-01T00:00:00Z')")
        for words in commands:
            self.one_line(program.command(*words, code=3), "999", "newer program")
        self.execute(program, "delete from schema_version where version in (999, (select max(version) from schema_version where version < 999))")
        for words in commands:
            self.one_line(program.command(*words, code=3), "cstims db migrate")
        program.set(database__url=fresh_database(self.engine, program.folder / "empty"))
        for words in commands:
            self.one_line(program.command(*words, code=3), "empty", "cstims db migrate")
        program.command("db", "migrate")
        self.assertIn("up to date", program.command("db", "migrate"))
        program.command("user", "list")

    def test_all_wrong_settings_are_named_at_once(self):
        program = self.program()
        (program.folder / "wrong.conf").write_text("[site]\nnmae = 'x'\n[billing]\ndue_days = 'soon'\n")
        program.environment["CSTIMS_NONSENSE"] = "1"
        said = program.command("--config", "wrong.conf", "--set", "foo.bar=1", "--set", "billing.tax_rate=lots", "user", "list", code=2)
        for word in ("site.nmae", "billing.due_days", "CSTIMS_NONSENSE", "foo.bar", "billing.tax_rate"):
            self.assertIn(word, said)
        del program.environment["CSTIMS_NONSENSE"]
        self.one_line(program.command("--set", "mail.from=nobody", "user", "list", code=2), "mail.from")
        self.one_line(program.command("--config", "absent.conf", "user", "list", code=2), "absent.conf")

    def test_help_and_version_are_there_for_every_command(self):
        program = self.program()
        self.assertRegex(program.command("--version"), r"^cstims \d+\.\d+")
        overview = program.command("--help")
        commands = re.findall(r"^## cstims (\w+)(?: ([a-z-]+))?", program.command("config", "commands"), re.MULTILINE)
        self.assertGreater(len(commands), 20)
        for noun, verb in commands:
            self.assertIn(noun, overview)
            self.assertIn("--help", program.command(*filter(None, (noun, verb)), "--help"))
        for words in ((), ("user",), ("user", "fly"), ("user", "create"), ("user", "list", "--nonsense")):
            self.assertIn("--help", program.command(*words, code=2))

    def test_the_addresses_of_the_predecessor_lead_on(self):
        program = self.program().serve()
        for old, new in PHP.items():
            answer = program.person().request("GET", old)
            self.assertEqual((answer.status, answer.location), (301, new), old)
            self.assertNotEqual(program.person().request("GET", new).status, 301)
        for absent in ("/wp-login.php", "/config.php", "/viewticket.php?id=x", "/login.php/"):
            self.assertEqual(program.person().request("GET", absent).status, 404, absent)


class OperationOnSqlite(Operation, unittest.TestCase):
    engine = "sqlite"

    def test_a_second_server_on_the_same_file_is_refused(self):
        program = self.program().serve()
        self.one_line(program.command("serve", "--listen", f"127.0.0.1:{free_port()}", code=3), "already")
        program.command("user", "list")
        # The lock goes with the process, however it ended.
        self.kill(program)
        program.serve()

    def test_a_copy_made_beside_the_server_is_whole_and_can_be_put_back(self):
        cast = self.shop()
        program = cast.program
        copy = str(program.folder / "copy.db")
        cast.order("before")
        self.assertIn("written and checked", program.command("db", "backup", copy))
        self.assertEqual(os.stat(copy).st_mode & 0o077, 0, "for nobody else to read")
        self.one_line(program.command("db", "backup", copy, code=3), "exists")
        cast.order("after")
        self.one_line(program.command("db", "restore", copy, code=3), "already")
        self.assertIn("whole", program.command("db", "restore", "--verify", copy))
        self.assertEqual(program.stop(), 0)
        self.assertIn("before-restore", program.command("db", "restore", copy))
        listed = program.command("order", "list", "--json")
        self.assertIn("before", listed)
        self.assertNotIn("after", listed)
        program.serve()
        cast.ada.get("/client")
        self.assertEqual(program.stop(), 0)

    def test_what_is_no_copy_is_not_put_back(self):
        program = self.program()
        program.create_user("keeper", "client")
        (program.folder / "junk.db").write_bytes(b"junk" * 5000)
        (program.folder / "empty.db").write_bytes(b"")
        for name in ("junk.db", "empty.db", "absent.db"):
            done = subprocess.run([PROGRAM, "db", "restore", name], env=program.environment, cwd=program.folder, capture_output=True, text=True)
            self.assertIn(done.returncode, (1, 2, 3), name)
            self.one_line(done.stderr, name)
            self.assertIn("keeper", program.command("user", "list"))


@unittest.skipUnless(os.environ.get("CSTIMS_TEST_POSTGRESQL"), "no PostgreSQL server named")
class OperationOnPostgresql(Operation, unittest.TestCase):
    engine = "postgresql"

    def test_copies_are_left_to_the_tools_of_postgresql(self):
        program = self.program()
        for words in (("db", "backup", "copy.db"), ("db", "restore", "copy.db")):
            self.one_line(program.command(*words, code=2), "pg_dump")


if __name__ == "__main__":
    unittest.main(verbosity=2)
