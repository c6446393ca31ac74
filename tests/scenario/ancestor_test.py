"""Each weakness seen on a running installation of the PHP ancestor, shown gone from outside, against the real program. The
names before the second colon are those of the list that was made then."""

import concurrent.futures
import html
import json
import os
import re
import secrets
import subprocess
import unittest

from cast import Cast, number_in
from world import PASSWORD, PROGRAM, Program, today, wait_until

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"


class Ancestor:
    engine = None

    @classmethod
    def setUpClass(cls):
        cls.cast = Cast(cls.engine).furnish()
        cls.addClassCleanup(cls.cast.close)
        cls.program, cls.ids = cls.cast.program, cls.cast.ids
        cls.ada, cls.bob, cls.root = cls.cast.ada, cls.cast.bob, cls.cast.root
        cls.addresses = iter(range(10, 250))

    def stranger(self):
        """Somebody from a network that nobody came from before: the throttles of the others do not reach it."""
        return self.program.person(f"127.7.{next(self.addresses)}.1")

    def count(self, table, where="1 = 1"):
        return int(self.program.query(f"select count(*) from {table} where {where}")[0])

    def post(self, person, path, **fields):
        return person.post(path, {"csrf": person.csrf(), **{name.replace("__", "."): value for name, value in fields.items()}})

    def assert_no_invoice_comes_of(self, act):
        before = self.count("invoices"), self.count("outbox")
        act()
        self.assertEqual((self.count("invoices"), self.count("outbox")), before)

    # Mail

    def as_shipped(self):
        """The example configuration as it is printed, with nothing but another port."""
        program = Program(self.engine, smtp=False)
        self.addCleanup(program.close)
        (program.folder / "cstims.conf").write_text(program.command("config", "describe"))
        for key in [key for key in program.environment if key.startswith("CSTIMS_") and "DATABASE" not in key]:
            if not key.startswith("CSTIMS_TEST_"):
                del program.environment[key]
        program.set(site__url=program.url)
        program.create_user("ada", "client")
        program.serve("--listen", f"127.0.0.1:{program.port}")
        return program

    def mail_in(self, folder):
        return [file.read_text(errors="replace") for file in (folder / "var/mail/new").glob("*")]

    def test_mailer_null(self):
        """ancestor: mailer-null: with the example configuration an order is placed and its mails arrive"""
        program = self.as_shipped()
        program.create_user("root", "admin")
        root, ada = program.sign_in("root"), program.sign_in("ada")
        root.submit("/manageservices/new", "/manageservices", {"name": "VPS", "type": "standard", "billing": "5 €/mo", "active": "1"})
        self.assertIn("web1", ada.submit(ada.get("/order").link(r"service=\d+"), "/order", {"name": "web1"}).text)
        wait_until(lambda: [mail for mail in self.mail_in(program.folder) if "To: admin@arf20.com" in mail and "web1" in mail],
                   "the order's mail to the admin lies in the Maildir")

    def test_mailer_null_register(self):
        """ancestor: mailer-null-register: with the example configuration a registration succeeds and its link arrives"""
        program = self.as_shipped()
        person = program.person()
        page = person.submit("/register", "/register", {"username": "probe0", "email": "probe0@example.test",
                                                        "password": PASSWORD, "confirm_password": PASSWORD})
        self.assertEqual(page.address, "/login")
        wait_until(lambda: [mail for mail in self.mail_in(program.folder) if "To: probe0" in mail and "/verify?code=" in mail],
                   "the link lies in the Maildir")

    def test_mail_leak(self):
        """ancestor: mail-leak: a new client's mail has one recipient, and the admin's notice goes to the admin alone"""
        self.cast.register("probe1", self.stranger())
        notice = self.program.mails("admin@arf20.com", "probe1")[0]
        self.program.mails("probe1@example.test")
        for file in self.program.mail_server.folder.glob("*.json"):
            self.assertEqual(len(json.loads(file.read_text())["to"]), 1, "every mail has one recipient")
        self.assertEqual(notice["To"].addresses[0].addr_spec, "admin@arf20.com")
        for message in self.program.mails("probe1@example.test"):
            self.assertEqual([address.addr_spec for address in message["To"].addresses], ["probe1@example.test"])
            for header in ("Cc", "Bcc"):
                self.assertIsNone(message[header])
            self.assertNotIn("registered", str(message["Subject"]).lower())

    def test_header_injection(self):
        """ancestor: mail header injection through a ticket's subject stays impossible"""
        for subject in ("Help\r\nBcc: evil@example.test", "Help\nBcc: evil@example.test", "Help\rBcc: evil@example.test",
                        "=?utf-8?q?Help=0D=0ABcc:_evil@example.test?="):
            self.post(self.ada, "/openticket", subject=subject, body="Hello.")
        wait_until(lambda: self.program.command("outbox", "list", "--json") == "[]\n", "the outbox is empty")
        for recipient, message in self.program.mail_server.mails():
            self.assertNotIn("evil", recipient)
            self.assertIsNone(message["Bcc"])

    # What a client may do

    def test_own_price(self):
        """ancestor: own-price: a client cannot set its own price"""
        service = self.cast.sell("Fixed price", "9.50 €/mo")
        before = self.count("orders")
        for price in ("0.01 €/mo", "-50 €/mo"):
            answer = self.post(self.ada, "/order", service=service, name="cheap", billing=price)
            self.assertEqual(answer.status, 400)
            self.assertEqual(self.count("orders"), before)
        order = self.cast.order("fair")
        self.assertEqual(self.program.query(f"select billing from orders where id = {order}"), ["9.50 €/mo"])

    def test_ticket_idor(self):
        """ancestor: ticket-idor: a client cannot open a ticket on another client's order"""
        before = self.count("tickets")
        answer = self.post(self.bob, "/openticket", order=self.ids["order"], subject="Mine now", body="Hello.")
        self.assertEqual(answer.status, 422)
        self.assertEqual(self.count("tickets"), before)
        self.assertNotIn("Mine now", self.ada.get("/client").text)

    def test_ticket_xss(self):
        """ancestor: ticket-xss: what a client writes reaches everybody's pages as text"""
        page = self.ada.submit("/openticket", "/openticket", {"subject": "Look " + SCRIPT, "body": IMAGE + SCRIPT})
        for person in (self.ada, self.root, self.cast.grace):
            pages = [page.address] + {self.root: ["/managetickets", "/admin", "/helpdesk"], self.cast.grace: ["/helpdesk"]}.get(person, [])
            for path in pages:
                answer = person.get(path)
                self.assertIn(html.escape(SCRIPT), answer.html.replace("&#39;", "'"), path)
                self.assertNotIn(SCRIPT, answer.html, path)
                self.assertNotIn("<img src=x", answer.html, path)
                policy = answer.headers["Content-Security-Policy"]
                self.assertNotIn("unsafe", policy)
        for message in self.program.mails("helpdesk@arf20.com", "Look"):
            self.assertNotIn("<script", message.get_body(("html",)).get_content())

    def test_ghost_service(self):
        """ancestor: ghost-service: no order for a service that does not exist"""
        before = self.count("orders")
        for service in ("999999", "0", "-1", "x"):
            self.assertIn(self.post(self.ada, "/order", service=service, name="ghost").status, (404, 422))
        self.assertEqual(self.count("orders"), before)

    def test_admin_pages(self):
        """ancestor: a client opening an admin's page stays impossible"""
        for path in ("/admin", "/manageusers", "/manageservices", "/manageorders", "/managetickets", "/manageinvoices", "/outbox"):
            self.assertEqual(self.ada.request("GET", path).status, 403, path)
        for path in ("/manageusers/1", "/manageservices/1", "/manageorders/1", "/managetickets/1", "/manageinvoices/1", "/outbox/1"):
            self.assertEqual(self.ada.request("GET", path).status, 403, path)

    def test_client_no_invoices(self):
        """ancestor: client-no-invoices: a client finds its invoices on its page"""
        for page in ("/client", "/invoices"):
            self.assertIn("/invoices/" + self.ids["invoice"], self.ada.get(page).link(r"/invoices/\d+"))
        self.assertIn("VPS", self.ada.get("/invoices/" + self.ids["invoice"]).text)

    def test_pdf_with_html(self):
        """ancestor: pdf-with-html: the PDF of an invoice is the PDF and nothing else"""
        answer = self.ada.get(f"/invoices/{self.ids['invoice']}.pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.bytes.startswith(b"%PDF-"))
        self.assertTrue(answer.bytes.rstrip().endswith(b"%%EOF"))
        self.assertNotIn(b"</html>", answer.bytes)
        self.assertEqual(int(answer.headers["Content-Length"]), len(answer.bytes))

    # What a link or a stranger may do

    def test_get_delete(self):
        """ancestor: get-delete: no GET deletes, and no POST from a foreign page"""
        page = self.ada.submit("/openticket", "/openticket", {"subject": "Stay", "body": "Please."})
        ticket = number_in(r"/tickets/(\d+)", page.address)
        for path in (f"/managetickets/{ticket}/deletion", f"/managetickets?del={ticket}", f"/managetickets.php?del={ticket}",
                     f"/manageusers?del={self.ids['user']}", f"/manageusers.php?del={self.ids['user']}"):
            self.assertIn(self.root.request("GET", path).status, (301, 400, 404, 405), path)
        deletion = f"/managetickets/{ticket}/deletion"
        for fields, headers in (({}, {}), ({"csrf": self.root.csrf()}, {"Origin": "https://evil.example"})):
            self.assertEqual(self.root.post(deletion, fields, headers=headers).status, 403)
        self.root.get("/tickets/" + ticket)
        self.root.get("/manageusers/" + self.ids["user"])

    def test_invoices_no_login(self):
        """ancestor: invoices-no-login: no stranger starts the billing"""
        def try_all():
            nobody = self.stranger()
            for path in ("/makeinvoices", "/makeinvoices.php", "/invoice/run", "/manageinvoices.php?make=1"):
                self.assertIn(nobody.request("GET", path).status, (301, 404))
                self.assertIn(nobody.post(path, {"csrf": nobody.csrf()}).status, (303, 404, 405))
        self.program.command("invoice", "run")
        self.cast.ids["service"] = self.cast.sell("Due today", "3 €/mo")
        self.cast.activate(self.cast.order("due-today"))
        self.assert_no_invoice_comes_of(try_all)

    def test_manual_invoice_no_login(self):
        """ancestor: manual-invoice-no-login: only an admin makes an invoice by hand"""
        fields = {"client": self.ids["user"], "line__1__description": "Gift", "line__1__quantity": "1", "line__1__unit_price": "9500"}

        def try_all():
            for person, status in ((self.stranger(), 303), (self.bob, 403), (self.cast.grace, 403), (self.cast.luca, 403)):
                self.assertEqual(self.post(person, "/manageinvoices", **fields).status, status)
                self.assertEqual(person.request("GET", "/manageinvoices/new").status, status)
        self.assert_no_invoice_comes_of(try_all)
        self.assertEqual(self.post(self.root, "/manageinvoices", **fields).status, 303)

    def test_files_served(self):
        """ancestor: files-served: nothing of the program's files is served"""
        for path in ("/dbinit.sql", "/config.php", "/config.php.example", "/cstims.conf", "/migrations/0001_installation.sql",
                     "/schema.sql", "/.git/config", "/README.md", "/var/cstims.db", "/views/layout.html", "/cstims.db",
                     "/static/../cstims.db", "/static/..%2f..%2fetc/passwd", "//etc/passwd", "/..%2f..%2fetc/passwd"):
            self.assertIn(self.stranger().request("GET", path).status, (400, 404), path)

    # Billing

    def test_double_bill(self):
        """ancestor: double-bill: a second run on the same day bills nobody again"""
        self.cast.sell("Billed once", "4 €/mo")
        self.cast.activate(self.cast.order("billed-once"))
        self.assertRegex(self.program.command("invoice", "run"), r"(?m)^[1-9]\d* invoices, ")
        self.assert_no_invoice_comes_of(
            lambda: self.assertRegex(self.program.command("invoice", "run"), r"(?m)^0 invoices, 0\.00 EUR$"))

    def test_cron_cli(self):
        """ancestor: cron-cli: the billing works from the command line, as from cron"""
        self.cast.sell("From cron", "4 €/mo")
        for name, command in (("cron-1", ("makeinvoices",)), ("cron-2", ("invoice", "run")), ("cron-3", ("job", "run", "invoice-run"))):
            self.program.command("invoice", "run")
            self.cast.activate(self.cast.order(name))
            before = self.count("invoices")
            self.program.command(*command)
            self.assertEqual(self.count("invoices"), before + 1, command)

    def test_negative_invoice(self):
        """ancestor: negative-invoice: no price is below zero, whoever sets it"""
        before = self.count("orders")
        fields = {"client": self.ids["user"], "service": self.ids["service"], "name": "minus", "status": "active",
                  "activated_on": today().isoformat(), "billing": "-50 €/mo"}
        refused = self.root.submit("/manageorders/new", "/manageorders", fields, status=422)
        self.assertIn("below zero", refused.text)
        self.assertEqual(self.count("orders"), before)
        self.program.command("invoice", "run")
        self.assertEqual(self.count("invoices", "kind = 'ordinary' and total < 0"), 0)

    def test_zero_invoice(self):
        """ancestor: zero-invoice: a client with nothing to pay gets no invoice and no mail"""
        self.program.create_user("idle", "client")
        self.cast.sell("Gratis", "free")
        self.cast.activate(self.cast.order("gratis", person=self.bob))
        self.program.command("invoice", "run")
        for username in ("idle", "bob"):
            self.assertEqual(self.count("invoices", f"client_id = {self.cast.user(username)}"), 0)
            self.assertEqual(self.count("outbox", f"recipient = '{username}@example.test' and kind = 'invoice issued'"), 0)

    def periods(self, start, until):
        return json.loads(self.program.command("billing", "periods", "--period", "mo", "--start", start, "--as-of", until, "--json"))

    def price(self, term, *more):
        return json.loads(self.program.command("billing", "price", "--term", term, *more, "--json"))

    def test_month_length(self):
        """ancestor: month-length: every full month of 10 €/mo is billed as 10 €"""
        periods = self.periods("2026-01-01", "2027-12-31")
        self.assertEqual(len(periods), 24)
        nets = {self.price("10 €/mo", "--days", str(period["days"]), "--period-days", str(period["period_days"]))["amount"]
                for period in periods}
        self.assertEqual(nets, {"10.00"})
        self.cast.sell("Ten", "10 €/mo")
        self.program.command("invoice", "run")
        self.cast.activate(self.cast.order("ten"), today().replace(day=1))
        issued = json.loads(self.program.command("invoice", "run", "--json").splitlines()[0])
        self.assertEqual(issued["total"], "12.10")  # and 21 %

    def test_bills_the_past(self):
        """ancestor: bills-the-past: nothing is billed for the time before an order existed"""
        self.assertEqual(self.periods("2025-01-01", "2020-01-31"), [])
        order = self.ids["order"]
        first = self.program.query(f"select min(period_start) from billed_periods where order_id = {order}")
        self.assertEqual(first, [today().isoformat()])
        self.program.command("invoice", "run", "--date", "2020-01-31", code=3)

    def test_price_text(self):
        """ancestor: price-text: a price is understood exactly, or refused with a word why"""
        def price(term, *more):
            price = self.price(term, *more)
            return price["term"], price["amount"]
        self.assertEqual(price("6 €/y"), ("6 €/y", "6.00"))
        self.assertEqual(price("5 EUR/mo"), ("5 €/mo", "5.00"))
        self.assertEqual(price("1-10 €/mo")[1], "0.00")  # a formula; never below zero
        self.assertEqual(price("(1 + 0.005*gb^2) €/mo", "--option", "gb=20")[1], "3.00")
        before = self.count("services")
        for term in ("about 5", "5", "5 €/week", "5 USD/mo", "5,5,5 €/mo", "5 €/mo or so", "1 + * 2 €/mo", ""):
            refused = self.root.submit("/manageservices/new", "/manageservices",
                                       {"name": "Odd", "type": "standard", "billing": term, "active": "1"}, status=422)
            self.assertIn('aria-invalid="true"', refused.html, term)
        self.assertEqual(self.count("services"), before)

    def test_invoice_number_race(self):
        """ancestor: invoice-number-race: two runs at once give every invoice a number of its own, without a gap"""
        self.program.command("invoice", "run")
        service = self.cast.sell("Raced", "7 €/mo")
        clients = [f"racer{n}" for n in range(6)]
        for username in clients:
            self.program.create_user(username, "client")
            self.root.submit("/manageorders/new?client_search=" + username, "/manageorders",
                             {"client": self.cast.user(username), "service": service, "name": "raced", "status": "active",
                              "activated_on": today().isoformat()})
        runs = [subprocess.Popen([PROGRAM, "invoice", "run"], env=self.program.environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True) for _ in range(2)]
        printed = "".join(run.communicate(timeout=60)[0] for run in runs)
        self.assertEqual([run.returncode for run in runs], [0, 0])
        for username in clients:
            self.assertEqual(printed.count(username), 1, printed)
        numbers = self.program.query("select number from invoices where number is not null and number <> '' order by number")
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertEqual([int(number[-6:]) for number in numbers if number[0] == numbers[0][0]],
                         list(range(1, sum(number[0] == numbers[0][0] for number in numbers) + 1)))
        self.assertEqual(self.program.command("invoice", "audit"), "")

    def test_paid_without_proof(self):
        """ancestor: paid-without-proof: an invoice is marked paid without a proof"""
        self.cast.sell("Paid", "8 €/mo")
        self.program.command("invoice", "run")
        self.cast.activate(self.cast.order("paid"))
        invoice = json.loads(self.program.command("invoice", "run", "--json").splitlines()[0])["id"]
        luca = self.cast.luca
        self.assertEqual(self.post(luca, f"/invoices/{invoice}/paid").status, 303)
        self.assertIn("paid", luca.get(f"/invoices/{invoice}").text.lower())
        self.assertEqual(self.count("payments", "proof_name is not null"), 1, "only that of the furnished invoice")
        self.assertEqual(self.post(luca, f"/invoices/{invoice}/unpaid").status, 303)

    def test_orphans(self):
        """ancestor: orphans: a user who has orders is not deleted, and nothing is left without its owner"""
        refused = self.post(self.root, f"/manageusers/{self.ids['user']}/deletion")
        self.assertEqual(refused.status, 422)
        self.assertEqual(self.count("orders", "client_id not in (select id from users)"), 0)
        self.program.create_user("leaving", "client")
        self.assertEqual(self.post(self.root, f"/manageusers/{self.cast.user('leaving')}/deletion").status, 303)
        self.assertEqual(self.program.command("db", "check"), "")

    # Accounts

    def test_username_xss(self):
        """ancestor: username-xss: a user name is letters, digits, dots, hyphens and underscores, and nothing beside"""
        person = self.stranger()
        for username in (SCRIPT, "ok<b>", "ok\n" + SCRIPT, "ok name", "ab", "x" * 32, "ok\u202e", 'ok"'):
            answer = self.post(person, "/register", username=username, email="markup@example.test", password=PASSWORD,
                               confirm_password=PASSWORD)
            self.assertEqual(answer.status, 422, username)
            self.assertNotIn("<script>alert", answer.html)
        self.assertEqual(self.count("users", "email like 'markup%'"), 0)
        self.assertNotIn("<script>alert", self.root.get("/manageusers").html)

    def test_email_unchecked(self):
        """ancestor: email-unchecked: registration takes only an address that mail can go to"""
        person = self.stranger()
        for address in ("", "nonsense", "a@b@c", "a b@example.test", "@example.test", "a@", "a@example.test\r\nBcc: b@example.test"):
            answer = self.post(person, "/register", username="noaddress", email=address, password=PASSWORD, confirm_password=PASSWORD)
            self.assertEqual(answer.status, 422, address)
        self.assertEqual(self.count("users", "username = 'noaddress'"), 0)

    def test_reflected_xss(self):
        """ancestor: reflected-xss: the sign-in form shows again what was typed as text"""
        person = self.stranger()
        for typed in ('"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>"):
            answer = self.post(person, "/login", username=typed, password="wrong")
            self.assertEqual(answer.status, 422)
            self.assertEqual(answer.form("/login")["fields"]["username"], typed)
            self.assertNotIn("<script>alert", answer.html)
            self.assertNotIn("<img src=x", answer.html)
        self.assertNotIn("<script>alert", person.get("/login?next=" + '%22%3E%3Cscript%3Ealert(1)%3C/script%3E').html)

    def test_duplicate_names(self):
        """ancestor: duplicate-names: of eight registrations of a name at once one succeeds, and its owner can sign in"""
        people = [self.stranger() for _ in range(8)]
        tokens = [person.csrf() for person in people]

        def register(n):
            return people[n].post("/register", {"csrf": tokens[n], "username": "twin", "email": f"twin{n}@example.test",
                                                "password": PASSWORD, "confirm_password": PASSWORD}).status
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            statuses = sorted(pool.map(register, range(8)))
        self.assertEqual(statuses, [303] + [422] * 7)
        self.assertEqual(self.count("users", "username = 'twin'"), 1)
        address = self.program.query("select email from users where username = 'twin'")[0]
        text = self.program.mails(address)[0].get_body(("plain",)).get_content()
        people[0].submit(re.search(r"/verify\?code=\S+", text).group(), "/verify")
        self.assertEqual(people[0].sign_in("twin").address, "/client")

    def test_session_fixation(self):
        """ancestor: session-fixation: signing in always makes a new session; one chosen before is worth nothing"""
        planted = secrets.token_urlsafe(32)
        victim, attacker = self.stranger(), self.stranger()
        victim.cookies["cstims_session"] = attacker.cookies["cstims_session"] = planted
        victim.sign_in("ada")
        self.assertNotEqual(victim.cookies["cstims_session"], planted)
        self.assertEqual(attacker.request("GET", "/client").status, 303)
        # Nor does one learnt from another sign-in live on after it.
        before = victim.cookies["cstims_session"]
        victim.submit("/account", "/logout")
        attacker.cookies["cstims_session"] = before
        self.assertEqual(attacker.request("GET", "/client").status, 303)

    def set_cookies(self, program, person):
        token = person.csrf()
        answer = person.post("/login", {"csrf": token, "username": "ada", "password": PASSWORD})
        self.assertEqual(answer.status, 303)
        return {line.partition("=")[0]: line for line in answer.headers.get_all("Set-Cookie")}

    def test_cookie_flags(self):
        """ancestor: cookie-flags: the session cookie is HttpOnly and SameSite, and Secure where the site is https"""
        cookies = self.set_cookies(self.program, self.stranger())
        for cookie in cookies.values():
            self.assertIn("; HttpOnly", cookie)
            self.assertIn("; SameSite=Lax", cookie)
            self.assertNotIn("Domain=", cookie)
        self.assertIn("cstims_session", cookies)
        with Program(self.engine, smtp=False) as program:
            program.set(site__url=f"https://127.0.0.1:{program.port}")
            program.create_user("ada", "client")
            program.serve()
            cookies = self.set_cookies(program, program.person())
            self.assertIn("__Host-cstims_session", cookies)
            self.assertTrue(all("; Secure" in cookie and "; HttpOnly" in cookie for cookie in cookies.values()), cookies)

    def test_no_throttle(self):
        """ancestor: no-throttle: forty wrong passwords are slowed, also from many addresses; a known device is not shut out"""
        self.program.create_user("target", "client")
        owner = self.stranger()
        owner.sign_in("target")
        owner.submit("/account", "/logout")
        statuses = []
        for n in range(40):
            if n % 10 == 0:
                person = self.stranger()
                token = person.csrf()
            statuses.append(person.post("/login", {"csrf": token, "username": "target", "password": f"wrong {n}"}).status)
        self.assertEqual(statuses[:5], [422] * 5)
        self.assertLessEqual(statuses.count(422), 15, "all others had to wait")
        self.assertEqual(set(statuses), {422, 429})
        self.assertEqual(owner.sign_in("target").address, "/client")

    def test_user_enumeration(self):
        """ancestor: user-enumeration: a name or address that exists looks like one that does not"""
        def words(answer, *typed):
            text = re.sub(r'name="csrf" value="[^"]*"', "", answer.html)
            for word in typed:
                text = text.replace(word, "…")
            return answer.status, answer.location, text
        person = self.stranger()
        unknown = self.post(person, "/login", username="nobody9", password="wrong wrong")
        known = self.post(person, "/login", username="ada", password="wrong wrong")
        self.assertEqual(words(unknown, "nobody9"), words(known, "ada"))
        flashes = []
        for address in ("ada@example.test", "nobody9@example.test"):
            for path, fields in (("/forgot", {}), ("/register", {"username": "new" + address.split("@")[0], "password": PASSWORD,
                                                                 "confirm_password": PASSWORD})):
                page = self.stranger().submit(path, path, {"email": address, **fields})
                flashes.append((path, page.address, page.text.replace(address, "…")))
        self.assertEqual(flashes[:2], flashes[2:])

    def test_helpdesk_404(self):
        """ancestor: helpdesk-404: a helpdesk person lands on its page and sees the tickets"""
        grace = self.stranger()
        home = grace.sign_in("grace")
        self.assertEqual((home.status, home.address), (200, "/helpdesk"))
        ticket = "/tickets/" + self.ids["ticket"]
        self.post(grace, ticket + "/assignment")
        self.assertIn("No network", grace.get("/helpdesk").text)
        self.assertIn("It stopped at noon.", grace.get(ticket).text)

    def test_accountant_404(self):
        """ancestor: accountant-404: an accountant lands on its page and sees the invoices"""
        luca = self.stranger()
        home = luca.sign_in("luca")
        self.assertEqual((home.status, home.address), (200, "/accountant"))
        luca.get(home.link(r"^/invoices/\d+"))
        luca.get("/invoices/" + self.ids["invoice"])

    def test_sql_injection(self):
        """ancestor: SQL injection through sign-in, addresses and searches stays impossible"""
        before = self.program.rows()["users"]
        for typed in ("' or '1'='1' -- ", "root' --", "root'; drop table users; --", '" or ""="', "root\\"):
            person = self.stranger()
            answer = self.post(person, "/login", username=typed, password=typed)
            self.assertEqual(answer.status, 422)
            self.assertEqual(person.request("GET", "/admin").status, 303)
        for query in ("q=%27", "q=%27%20or%201=1--", "q=%25", "sort=id;drop", "sort=%27", "status=%27", "page=%27", "del=1%27or%271"):
            for path in ("/manageusers", "/manageorders", "/managetickets", "/manageinvoices", "/outbox"):
                self.assertIn(self.root.request("GET", f"{path}?{query}").status, (200, 400), f"{path}?{query}")
        self.assertEqual(self.program.rows()["users"], before)


class AncestorOnSqlite(Ancestor, unittest.TestCase):
    engine = "sqlite"


@unittest.skipUnless(os.environ.get("CSTIMS_TEST_POSTGRESQL"), "no PostgreSQL server named")
class AncestorOnPostgresql(Ancestor, unittest.TestCase):
    engine = "postgresql"


if __name__ == "__main__":
    unittest.main(verbosity=2)
