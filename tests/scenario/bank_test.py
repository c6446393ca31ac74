"""A bank statement by the command line: what is said before, what is recorded, and that a second time nothing is."""

import json
import os
import re
import subprocess
import unittest

from cast import Cast
from world import PROGRAM, today

ACCOUNT = "ES9121000418450200051332"


class Bank:
    engine = None

    def setUp(self):
        self.cast = Cast(self.engine, billing__iban=ACCOUNT)
        self.addCleanup(self.cast.close)
        self.program = self.cast.program
        self.cast.draft()
        page = f"/manageinvoices/{self.cast.ids['draft']}"
        self.cast.root.submit(page, page + "/issue", {})
        self.invoice = f"/invoices/{self.cast.ids['draft']}"
        self.number = re.search(r"F\d{4}-\d+", self.cast.ada.get(self.invoice).text).group()
        self.file = os.path.join(self.program.folder, "march.csv")
        self.write(f"{today()};{self.number};20,00", f"{today()};gracias;30,00", f"{today()};comision;-3,00")

    def write(self, *lines, encoding="latin-1"):
        with open(self.file, "w", encoding=encoding) as file:
            file.write("\n".join(("Fecha;Descripción;Importe", *lines)) + "\n")

    def run_import(self, *words):
        return [json.loads(line) for line in self.program.command("bank", "import", self.file, "--json", *words).splitlines()]

    def waiting(self):
        return [int(number) for number in re.findall(r"(\d+) wait\.", self.cast.luca.get("/accounting/bank").text)]

    def test_a_statement_is_told_before_recorded_once_and_shown(self):
        told = self.run_import("--dry-run")
        self.assertEqual([line.get("outcome") for line in told], ["recorded", "queued", "outgoing", None])
        self.assertEqual(self.waiting(), [])
        done = self.run_import()
        self.assertEqual([line.get("outcome") for line in done], ["recorded", "queued", "outgoing", None])
        self.assertEqual(done[-1], {"transactions": 3, "new": 3, "recorded": 1, "queued": 1, "outgoing": 1})
        self.assertEqual((done[0]["invoices"], done[0]["client"], done[0]["amount"]), (self.number, "ada", "20.00"))
        self.assertIn("40.50", self.cast.ada.get(self.invoice + "/pay").text, "what is left")
        self.assertEqual(self.waiting(), [1])
        self.assertEqual(self.run_import()[-1], {"transactions": 3, "new": 0, "recorded": 0, "queued": 0, "outgoing": 0})
        self.write(f"{today()};{self.number};20,00", f"{today()};gracias;30,00", f"{today()};otra cosa;1,00")
        self.assertEqual(self.run_import()[-1]["new"], 1)
        self.assertEqual(self.program.command("invoice", "audit"), "")

    def test_two_imports_at_once_add_once(self):
        running = [subprocess.Popen([PROGRAM, "bank", "import", self.file], env=self.program.environment,
                                    cwd=self.program.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
        for one in running:
            self.assertEqual((one.communicate()[1], one.returncode), (b"", 0))
        self.assertEqual(len(self.program.rows()["bank_transactions"]), 3)
        self.assertEqual(len(self.program.rows()["payments"]), 1)

    def test_a_bad_file_is_refused_with_its_line_and_nothing_is_stored(self):
        self.write(f"{today()};{self.number};20,00", "31/02/2026;x;1,00")
        self.assertIn('Line 3: "31/02/2026" is no date', self.program.command("bank", "import", self.file, code=3))
        self.assertIn("one of auto", self.program.command("bank", "import", self.file, "--format", "pdf", code=2))
        self.assertIn("No such file", self.program.command("bank", "import", self.file + "x", code=2))
        self.assertEqual(len(self.program.rows()["bank_transactions"]), 0)


class BankOnSqlite(Bank, unittest.TestCase):
    engine = "sqlite"


@unittest.skipUnless(os.environ.get("CSTIMS_TEST_POSTGRESQL"), "no PostgreSQL server named")
class BankOnPostgresql(Bank, unittest.TestCase):
    engine = "postgresql"


if __name__ == "__main__":
    unittest.main(verbosity=2)
