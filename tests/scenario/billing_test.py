"""Billing scenarios that a bookkeeper can read: billing/*.txt, run against the real program, every figure compared.

Each file is a title and a list of steps; below a run stands what it must issue, indented:

    service "VPS" costs 10 €/mo
    ada orders "VPS" as web
    web is active from 2026-01-31
    run on 2026-02-28
        F2026-000001 ada, due in 2026-01: 10.00 + 2.10 = 12.10
            VPS – web, 2026-01-31 to 2026-02-27: 10.00
"""

import contextlib
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import unittest

from world import PROGRAM, Program

FOLDER = pathlib.Path(__file__).resolve().parent / "billing"
STEPS = []


def step(pattern):
    def add(function):
        STEPS.append((re.compile(pattern + "$"), function))
        return function
    return add


class Ledger:
    """The program of one scenario, and what the steps do to it."""

    def __init__(self, engine):
        self.program = Program(engine, smtp=False)
        self.program.create_user("root", "admin")
        self.people, self.services, self.orders, self.seen = {}, {}, {}, 0
        self.program.serve()
        self.root = self.program.sign_in("root")

    def person(self, name):
        if name not in self.people:
            self.program.create_user(name, "client")
            self.people[name] = self.program.sign_in(name)
        return self.people[name]

    @step(r'service "(.+)" costs (.+?)(?:, with (.+?))?(?:, first (\d+) days free)?')
    def sell(self, name, billing, options, trial):
        fields = {"name": name, "billing": billing, "active": "1", "options": (options or "").replace("; ", "\n"), "trial_days": trial or ""}
        self.root.submit("/manageservices/new", "/manageservices", fields)
        found = json.loads(self.program.command("service", "list", "--json"))
        self.services[name] = str(next(service["id"] for service in found if service["name"] == name))

    @step(r"coupon (\S+) gives (.+?) off(?: for the first (\d+) periods?)?")
    def make_coupon(self, code, value, periods):
        self.root.submit("/managecoupons/new", "/managecoupons",
                         {"code": code, "value": value.removesuffix(" €"), "periods": periods or "", "active": "1"})

    @step(r'(\w+) orders "(.+?)" as (\w+)(?:, with (?!the coupon)(.+?))?(?:, paid every (\w+))?(?:, with the coupon (\S+))?')
    def order(self, name, service, order, options, period, coupon):
        fields = {"name": order}
        for option in (options or "").split(", "):
            if option:
                key, value = option.split(" ")
                fields["option." + key] = value
        if period:
            fields["period"] = period
        if coupon:
            fields["coupon"] = coupon
        page = self.person(name).submit(f"/order?service={self.services[service]}", "/order", fields)
        self.orders[order] = re.search(r"/orders/(\d+)", page.address).group(1)

    def edit(self, order, fields):
        page = f"/manageorders/{self.orders[order]}"
        self.root.submit(page, page, fields)

    @step(r"(\w+) is active from (\S+?)(?:, (\d+) pieces)?(?:, on day (\d+) of the month)?")
    def activate(self, order, day, quantity, anchor):
        self.edit(order, {"status": "active", "activated_on": day, "quantity": quantity or "1", "anchor_day": anchor or ""})

    @step(r"(\w+) ends on (\S+)")
    def end(self, order, day):
        self.edit(order, {"ends_on": day})

    @step(r"(\w+) costs (.+) from the next period on")
    def change_price(self, order, billing):
        self.edit(order, {"billing": billing})

    @step(r"(\w+) has (.+?) from (\S+) on")
    def change(self, order, options, day):
        page = f"/manageorders/{self.orders[order]}/change"
        self.root.submit(page, page, {"options": options.replace("; ", "\n"), "from": day})

    @step(r"(\w+) costs (.+) from (\d\S+) on")
    def change_price_on(self, order, billing, day):
        page = f"/manageorders/{self.orders[order]}/change"
        self.root.submit(page, page, {"billing": billing, "from": day})

    @step(r"(\w+) is ended on (\S+) and the rest given back")
    def end_early(self, order, day):
        page = f"/manageorders/{self.orders[order]}/change"
        self.root.submit(page, page + "/ending", {"on": day, "gives_back": "1"})

    @step(r"run on (\S+)")
    def run(self, day):
        self.program.command("invoice", "run", "--date", day, "--force")
        return self.issued()

    @step(r"what was given back")
    def given_back(self):
        return self.issued()

    @step(r"(\w+) has paid everything")
    def pay_all(self, person):
        for row in self.program.query("select i.id from invoices i join users u on u.id = i.client_id where i.status = 'issued' "
                                      f"and u.username = '{person}' and i.total > i.paid + i.credited order by i.id"):
            page = f"/invoices/{row}"
            self.root.post(page + "/paid", {"csrf": self.root.csrf()})

    @step(r"the credit of (\w+)")
    def credit(self, person):
        cents = self.program.query("select coalesce(sum(c.amount), 0) from client_credit c join users u on u.id = c.client_id "
                                   f"where u.username = '{person}'")[0]
        return [f"    {money(cents)}"]

    @step(r"the books are in order")
    def audit(self):
        found = self.program.command("invoice", "audit").splitlines()
        return ["    " + line for line in found] or []

    def issued(self):
        """The invoices since the last look, as the scenarios write them."""
        lines = []
        for row in self.program.query(
                "select i.id, i.number, u.username, coalesce(i.due_month, ''), i.net, i.tax, i.total, coalesce(o.number, '') "
                "from invoices i join users u on u.id = i.client_id left join invoices o on o.id = i.rectifies_id "
                f"where i.id > {self.seen} and i.status = 'issued' order by i.id"):
            invoice, number, client, month, net, tax, total, original = row.split("|")
            self.seen = int(invoice)
            # What gives days back is dated today, whenever that is: its number is counted, not written out.
            name = f"rectifying invoice {int(number.rpartition('-')[2])}" if original else number
            why = f"takes back of {original}" if original else f"due in {month}"
            lines.append(f"    {name} {client}, {why}: {money(net)} + {money(tax)} = {money(total)}")
            lines += self.lines(invoice)
        return lines

    def lines(self, invoice):
        for row in self.program.query("select description, coalesce(period_start, ''), coalesce(period_next, ''), net "
                                      f"from invoice_lines where invoice_id = {invoice} order by position"):
            description, start, after, net = row.rsplit("|", 3)
            if start:
                last = datetime.date.fromisoformat(after) - datetime.timedelta(1)
                description += f", {start} to {last}"
            yield f"        {description}: {money(net)}"


def money(cents):
    cents = int(cents)
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def play(engine, text):
    """The scenario as it went: its steps, each with what came of it."""
    ledger = Ledger(engine)
    with contextlib.closing(ledger.program):
        played = []
        for line in text.splitlines():
            if line.startswith("    "):
                continue
            played.append(line)
            if not line.strip() or line.startswith("#"):
                continue
            for pattern, function in STEPS:
                found = pattern.match(line)
                if found:
                    played += function(ledger, *found.groups()) or []
                    break
            else:
                raise AssertionError(f"no step is written like this: {line}")
        return "\n".join(played) + "\n"


class Scenarios:
    engine = None


def add_scenario(file):
    def test(self):
        expected = file.read_text()
        actual = play(self.engine, expected)
        if os.environ.get("CSTIMS_TEST_ACCEPT"):
            file.write_text(actual)
        self.maxDiff = None
        self.assertEqual(actual, expected)
    test.__doc__ = file.read_text().splitlines()[0].lstrip("# ")
    setattr(Scenarios, "test_" + file.stem, test)


for scenario in sorted(FOLDER.glob("*.txt")):
    add_scenario(scenario)


class Calendar:
    """`cstims billing periods` against a walk over the calendar, day by day."""

    MONTHS = {"mo": 1, "h": 1, "3mo": 3, "6mo": 6, "y": 12, "2y": 24, "3y": 36}
    DAYS = {"d": 1, "w": 7}

    def naive(self, start, period, anchor, arrears, end, as_of):
        day = datetime.timedelta(1)

        def on_anchor(date):
            return date.day == anchor or ((date + day).month != date.month and date.day < anchor)

        first = start
        while period in self.MONTHS and not on_anchor(first):
            first += day

        def begins(date):
            if period in self.DAYS:
                return (date - start).days % self.DAYS[period] == 0
            months = (date.year - first.year) * 12 + date.month - first.month
            return on_anchor(date) and months % self.MONTHS[period] == 0

        found, since = [], start
        while end is None or since < end:
            before, after = since, since + day
            while not begins(before):
                before -= day
            while not begins(after):
                after += day
            to = min(after, end) if end else after
            if (to if arrears else since) > as_of:
                break
            found.append({"from": str(since), "to": str(to), "days": (to - since).days, "period_days": (after - before).days})
            since = to
        return found

    def test_periods_are_those_of_the_calendar(self):
        dice = random.Random(2026)
        for _ in range(150):
            start = datetime.date(2023, 1, 1) + datetime.timedelta(dice.randrange(1500))
            period = dice.choice(["mo", "mo", "3mo", "y", "w", "d", "6mo", "2y"])
            anchor, arrears = dice.choice([None, dice.randint(1, 31)]), dice.random() < 0.5
            end = dice.choice([None, None, start + datetime.timedelta(dice.randrange(600))])
            as_of = start + datetime.timedelta(dice.randrange(-3, 700 if period != "d" else 60))
            words = ["billing", "periods", "--start", str(start), "--period", period, "--as-of", str(as_of), "--json",
                     "--mode", "arrears" if arrears else "advance"]
            words += ["--anchor", str(anchor)] if anchor else []
            words += ["--end", str(end)] if end else []
            printed = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=True).stdout
            expected = self.naive(start, period, anchor or start.day, arrears, end, as_of)
            self.assertEqual(json.loads(printed), expected, " ".join(words))

    def price(self, *words):
        return json.loads(subprocess.run([PROGRAM, "billing", "price", "--json", *words], capture_output=True, text=True, check=True).stdout)

    def test_prices_are_rounded_once(self):
        formula = "(1*cpu + 0.5*ram + 0.05*ssd) €/mo"
        self.assertEqual(self.price("--term", formula, "--option", "cpu=2", "--option", "ram=4", "--option", "ssd=70"),
                         {"term": formula, "unit_price": "7.5000", "amount": "7.50", "currency": "EUR"})
        self.assertEqual(self.price("--term", "31 €/mo", "--days", "15", "--period-days", "31")["amount"], "15.00")
        self.assertEqual(self.price("--term", "1 + 0.005*gb^2 €/mo", "--option", "gb=3")["unit_price"], "1.0450")
        self.assertEqual(self.price("--term", "1 + 0.005*gb^2 €/mo", "--option", "gb=3")["amount"], "1.05")
        self.assertEqual(self.price("--term", "0.50 EUR/mo or 6 €/y", "--period", "y")["amount"], "6.00")
        self.assertEqual(self.price("--term", "free"), {"term": "free", "unit_price": "0.0000", "amount": "0.00", "currency": "EUR"})

    def test_wrong_words_are_refused_with_one_line(self):
        good = {"--start": "2026-01-31", "--period": "mo", "--as-of": "2026-02-28"}
        for wrong in ({"--start": "2026-02-30"}, {"--period": "fortnight"}, {"--as-of": "soon"}, {"--anchor": "32"}, {"--anchor": "0"},
                      {"--anchor": "x"}, {"--mode": "later"}, {"--end": "2026"}, {"--as-of": "9999-12-31", "--period": "d"}):
            words = [word for pair in {**good, **wrong}.items() for word in pair]
            self.refused("periods", *words)
        for words in (["--term", "5"], ["--term", "5 €/mo", "--option", "cpu=2"], ["--term", "1*cpu €/mo"], ["--term", "1*cpu €/mo", "--option", "cpu"],
                      ["--term", "5 €/mo", "--days", "3"], ["--term", "5 €/mo", "--days", "40", "--period-days", "31"],
                      ["--term", "5 €/mo", "--days", "-1", "--period-days", "31"], ["--term", "5 €/mo", "--period", "y"]):
            self.refused("price", *words)

    def refused(self, *words):
        done = subprocess.run([PROGRAM, "billing", *words], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2, words)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertEqual(done.stdout, "")


class BillingOnSqlite(Scenarios, Calendar, unittest.TestCase):
    engine = "sqlite"


class BillingOnPostgresql(Scenarios, unittest.TestCase):
    engine = "postgresql"


if __name__ == "__main__":
    unittest.main()
