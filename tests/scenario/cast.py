"""An installation with people in every role and one of everything: ada's things are what the others are kept from."""

import json
import re

from world import PASSWORD, Program, today, wait_until

PNG = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
       b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82")
STAFF = {"root": "admin", "grace": "helpdesk", "luca": "accountant"}


def number_in(pattern, text):
    found = re.search(pattern, text)
    assert found, f"{pattern} is not in {text[:2000]}"
    return found.group(1)


class Cast:
    """root, grace, luca, ada and bob signed in; ids of ada's things by the names of the routes table."""

    def __init__(self, engine, **settings):
        self.program = Program(engine, **settings)
        for username, kind in STAFF.items():
            self.program.create_user(username, kind)
        for username in ("ada", "bob"):
            self.program.create_user(username, "client")
        self.program.serve()
        self.people = {name: self.program.sign_in(name) for name in (*STAFF, "ada", "bob")}
        self.ids = {}

    def __getattr__(self, name):
        people = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    def furnish(self):
        """Everything that a row of the routes table names."""
        self.sell("VPS", "(1*cpu + 0.5*ram) €/mo", "cpu: vCPU = 1, 2\nram: RAM = 1, 2")
        self.ids["order"] = self.order("web1", {"option.cpu": "2", "option.ram": "2"})
        self.activate(self.ids["order"])
        self.program.command("invoice", "run")
        self.ids["run"] = "1"
        self.ids["invoice"] = number_in(r"/invoices/(\d+)", self.ada.get("/invoices").html)
        self.pay()
        self.draft()
        self.ask()
        self.answer_by_mail()
        self.root.submit("/managecoupons/new", "/managecoupons", {"code": "SUMMER", "value": "20 %", "active": "1"})
        self.ids["coupon"] = number_in(r"/managecoupons/(\d+)", self.root.get("/managecoupons").html)
        other = self.program.sign_in("ada")
        self.ids["session"] = number_in(r"/account/sessions/(\d+)/ending", self.ada.get("/account").html)
        self.other_session = other
        self.ids["user"] = self.ids["client"] = self.user("ada")
        wait_until(lambda: self.program.command("outbox", "list", "--json") == "[]\n", "the outbox is empty")
        self.ids["message"] = str(json.loads(self.program.command("outbox", "list", "--json", "--all"))[0]["id"])
        self.ids["client"] = self.ids["user"]
        self.ids["file"] = self.ids["invoice"]
        self.luca.post("/accounting/periods", {"csrf": self.luca.csrf(), "month": "2000-01"})
        self.ids["client"] = self.ids["user"]
        self.ids["month"] = "2000-01"
        self.import_statement()
        return self

    def user(self, username):
        users = json.loads(self.program.command("user", "list", "--json", "--search", username))
        return str(next(user["id"] for user in users if user["username"] == username))

    def sell(self, name, billing, options="", **more):
        self.root.submit("/manageservices/new", "/manageservices",
                         {"name": name, "type": "standard", "billing": billing, "options": options, "active": "1", **more})
        services = json.loads(self.program.command("service", "list", "--json"))
        self.ids["service"] = str(next(service["id"] for service in services if service["name"] == name))
        return self.ids["service"]

    def order(self, name, options=None, person=None):
        page = (person or self.ada).submit(f"/order?service={self.ids['service']}", "/order", {"name": name, **(options or {})})
        return number_in(r"/orders/(\d+)", page.address)

    def activate(self, order, day=None):
        page = f"/manageorders/{order}"
        self.root.submit(page, page, {"status": "active", "activated_on": (day or today()).isoformat()})

    def pay(self):
        invoice = f"/invoices/{self.ids['invoice']}"
        page = self.luca.submit(invoice, invoice + "/payments",
                                {"amount": "1.00", "date": today().isoformat(), "method": "transfer"},
                                files={"proof": ("proof.png", "image/png", PNG)})
        self.ids["payment"] = number_in(r"/payments/(\d+)/", page.html)

    def import_statement(self):
        """A transfer that waits, and one that names ada's invoice."""
        number = number_in(r"(F\d{4}-\d+)", self.ada.get(f"/invoices/{self.ids['invoice']}").text)
        file = f"Date;Description;Amount;Account\n{today()};thank you;1.00;ES9121000418450200051332\n"
        file += f"{today()};{number};0.50;ES9121000418450200051332\n"
        page = self.luca.submit("/accounting/bank", "/accounting/bank/statements", {"format": "csv"},
                                files={"file": ("march.csv", "text/csv", file.encode())})
        self.ids["statement"] = number_in(r"/statements/(\d+)", page.address)
        wait_until(lambda: "by itself" in self.luca.get(page.address).text, "the transfer with the reference is recorded")
        self.ids["transaction"] = number_in(r"/transactions/(\d+)", self.luca.get("/accounting/bank").html)

    def draft(self):
        page = self.root.submit("/manageinvoices/new", "/manageinvoices",
                                {"client": self.user("ada"), "line.1.description": "Work", "line.1.quantity": "1",
                                 "line.1.unit_price": "50.00"})
        self.ids["draft"] = number_in(r"/manageinvoices/(\d+)", page.address)

    def ask(self):
        page = self.ada.submit("/openticket", "/openticket", {"order": self.ids["order"], "subject": "No network",
                                                              "body": "It stopped at noon."},
                               files={"attachment": ("trace.txt", "text/plain", b"1 * * *\n")})
        self.ids["ticket"] = number_in(r"/tickets/(\d+)", page.address)
        self.ids["attachment"] = number_in(r"/attachments/(\d+)", page.html)
        ticket = f"/tickets/{self.ids['ticket']}"
        self.grace.post(ticket + "/replies", {"csrf": self.grace.csrf(), "internal": "1", "body": "A secret note."})
        assert "A secret note." in self.grace.get(ticket).text
        assert "A secret note." not in self.ada.get(ticket).text
        self.keep_a_text()
        closed = self.ada.submit("/openticket", "/openticket", {"subject": "Thanks", "body": "All is well."})
        closed = number_in(r"/tickets/(\d+)", closed.address)
        self.grace.post(f"/tickets/{closed}/closure", {"csrf": self.grace.csrf(), "status": "closed", "comment": ""})
        self.ids["rating"] = number_in(r"/ratings/([0-9a-f.]+)", "\n".join(self.program.query(
            "select body_text from outbox where kind = 'ticket closed'")))

    def answer_by_mail(self):
        """A reply of grace by mail, a note until she confirms it."""
        told = self.program.mails("helpdesk@arf20.com", "No network")[0]
        self.program.command("mail", "receive", typed=(
            f"From: grace@example.test\nTo: support@arf20.com\nSubject: {told['Subject']}\nMessage-ID: <1@grace.example>\n"
            f"In-Reply-To: {told['Message-ID']}\n\nHave you tried another cable?\n"))
        self.ids["mail"] = "1"
        assert "Have you tried another cable?" in self.grace.get("/inbox/1/confirmation").text

    def keep_a_text(self):
        name = f"Text after {self.ids.get('canned', 0)}"
        self.grace.submit("/cannedreplies/new", "/cannedreplies", {"name": name, "body": "Dear {client},"})
        page = self.grace.get("/cannedreplies?search=" + name.replace(" ", "%20"))
        self.ids["canned"] = number_in(r"/cannedreplies/(\d+)", page.html)

    def register(self, username, person=None, address=None):
        person = person or self.program.person()
        return person.submit("/register", "/register", {"username": username, "email": address or f"{username}@example.test",
                                                        "password": PASSWORD, "confirm_password": PASSWORD})

    def close(self):
        self.program.close()
