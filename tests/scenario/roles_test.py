"""Who may do what: every row of the routes table, tried by everybody. A new row is tried as soon as it stands in the table."""

import contextlib
import json
import os
import re
import unittest
import urllib.parse

from cast import Cast
from world import PASSWORD, wait_until

VISITORS = {"nobody": None, "eve": None, "ada": "client", "bob": "client", "grace": "helpdesk", "luca": "accountant",
            "root": "admin"}
ROLES = {"anyone": {None, "client", "helpdesk", "accountant", "admin"}, "signed_in": {"client", "helpdesk", "accountant", "admin"},
         "client": {"client"}, "helpdesk": {"helpdesk", "admin"}, "accountant": {"accountant", "admin"},
         "staff": {"helpdesk", "accountant", "admin"}, "admin": {"admin"}}
ROLES["trusted_address"] = ROLES["anyone"]  # judged by the address: all of these come from loopback

# Whose the thing in the address must be where the row says only "signed in": ada's, and of the staff these.
STAFF = {"grace", "luca", "root"}
OWNERS = {
    ("GET", "/orders/{order}"): STAFF,
    ("POST", "/orders/{order}/ending"): {"root"},
    ("POST", "/orders/{order}/continuation"): {"root"},
    ("GET", "/tickets/{ticket}"): STAFF,
    ("GET", "/tickets/{ticket}/attachments/{attachment}"): STAFF,
    ("POST", "/tickets/{ticket}/replies"): {"grace", "root"},
    ("POST", "/tickets/{ticket}/closure"): {"grace", "root"},
    ("POST", "/tickets/{ticket}/reopening"): {"grace", "root"},
    ("GET", "/invoices/{file}"): STAFF,
    ("GET", "/invoices/{invoice}/pay"): STAFF,
    ("POST", "/account/sessions/{session}/ending"): set(),
}
# A page that is about something named in its query.
QUERIES = {"/order/price": "?service={service}"}
# More than one of those who are tried may delete it: each gets one of its own.
DELETED_BY_SEVERAL = {"/cannedreplies/{canned}/deletion"}
# The form that a wrong secret comes with; a new throttled row needs its form here.
SECRETS = {
    "/login": {"username": "nobody-of-that-name", "password": "wrong wrong wrong"},
    "/verify": {"code": "A" * 43},
    "/reset": {"code": "A" * 43, "password": PASSWORD, "confirm_password": PASSWORD},
    "/account/password": {"current_password": "wrong", "password": PASSWORD, "confirm_password": PASSWORD},
    "/account/email": {"email": "other@example.test", "current_password": "wrong"},
    "/account/email/confirmation": {"code": "A" * 43},
}
# These send mail to an address that anybody may type.
MAILING = {"/register": {"username": "guest{n}", "email": "ada@example.test", "password": PASSWORD, "confirm_password": PASSWORD},
           "/forgot": {"email": "ada@example.test"}}


def ends_something(route):
    """These come last: the rows before need what they end."""
    path = route["path"]
    return (path.endswith(("/deactivation", "/deletion")), path.endswith("/ending") and "session" in path, path == "/logout")


def same_but_for_the_request(answer):
    text = re.sub(r'name="csrf" value="[^"]*"', "", answer.html)
    return answer.status, re.sub(r'class="mono">[^<]*<', "", text)


class House:
    """An installation with everybody and everything in it."""

    engine = None

    @classmethod
    def setUpClass(cls):
        cls.cast = Cast(cls.engine).furnish()
        cls.addClassCleanup(cls.cast.close)
        cls.cast.register("eve")
        cls.program = cls.cast.program
        cls.routes = sorted(json.loads(cls.program.command("config", "routes", "--json")), key=ends_something)
        wait_until(lambda: cls.program.command("outbox", "list", "--json") == "[]\n", "the outbox is empty")
        cls.people = {**cls.cast.people, "nobody": cls.program.person(), "eve": cls.program.person()}
        refused = cls.people["eve"].submit("/login", "/login", {"username": "eve", "password": PASSWORD}, status=422)
        assert "Sign out" not in refused.text, "an unverified client cannot sign in"
        cls.tokens = {name: person.csrf() for name, person in cls.people.items()}

    def person(self, name):
        """Signed in again where the row before signed out."""
        person = self.people[name]
        if VISITORS[name] and not person.signed_in:
            person.sign_in(name)
            self.tokens[name] = person.csrf()
        return person

    def address(self, route):
        address = route["path"] + QUERIES.get(route["path"], "")
        return re.sub(r"\{(\w+)\}", lambda name: self.cast.ids[name.group(1)], address)

    def ask(self, name, route, address=None, fields=None, headers=None):
        person, address = self.people[name], address or self.address(route)
        if route["method"] == "GET":
            return person.request("GET", address)
        return person.post(address, {"csrf": self.tokens[name], **(fields or {})}, headers=headers)

    def allowed(self, name, route):
        """None: it may. Else the status it must see."""
        role = VISITORS[name]
        if role not in ROLES[route["who"]]:
            return 303 if role is None else 403
        if route["who"] not in ("signed_in", "client") or "{" not in route["path"]:
            return None
        staff = OWNERS[route["method"], route["path"]]
        if name == "ada" or name in staff:
            return None
        if role != "client" and "session" not in route["path"]:
            return 403
        return 404

    def posts(self):
        """Every POST row, with somebody who may: the admin, or ada where it is hers."""
        return [(route, next(name for name in ("root", "ada") if self.allowed(name, route) is None))
                for route in self.routes if route["method"] == "POST"]

    def rows(self):
        """All of the database but when a session was seen last."""
        rows = self.program.rows()
        rows["sessions"] = [re.sub(r'"last_seen_at": ?"[^"]*"', "", row) for row in rows["sessions"]]
        return rows

    @contextlib.contextmanager
    def nothing_changes(self, but=()):
        before = self.rows()
        yield
        after = self.rows()
        for table in before:
            if table not in but:
                self.assertEqual(set(before[table]) ^ set(after[table]), set(), table)


class Roles(House):
    def check(self, name, route):
        expected = self.allowed(name, route)
        answer = self.ask(name, route)
        self.assertLess(answer.status, 500, answer.text[:600])
        if expected is None:
            self.assertIn(answer.status, (200, 303, 422), answer.text[:600])
            if answer.status == 303 and VISITORS[name] and route["path"] != "/logout":
                self.assertNotIn("/login", answer.location)
            return
        self.assertEqual(answer.status, expected, answer.text[:600])
        if expected == 303:
            next_page = "?next=" + urllib.parse.quote(self.address(route), safe="-._~") if route["method"] == "GET" else ""
            self.assertEqual(urllib.parse.unquote(answer.location), urllib.parse.unquote("/login" + next_page))
        if expected == 404:
            absent = self.ask(name, route, re.sub(r"\{(\w+)\}", "987654", route["path"]))
            self.assertEqual(same_but_for_the_request(answer), same_but_for_the_request(absent),
                             "what is another's looks exactly like what is not there")

    def test_everybody_gets_what_the_table_says_and_nothing_else(self):
        self.assertGreater(len(self.routes), 80)
        for route in self.routes:
            # Those who may come last: an act may end what it is about.
            for name in sorted(VISITORS, key=lambda name: (self.allowed(name, route) is None, name == "ada", name == "root")):
                with self.subTest(route["method"] + " " + route["path"], visitor=name):
                    self.person(name)
                    if route["path"] in DELETED_BY_SEVERAL:
                        self.cast.keep_a_text()
                    self.check(name, route)


class Doors(House):
    """What must not change anything, changes nothing."""

    def test_a_form_without_the_right_token_or_from_another_site_changes_nothing(self):
        wrong = {"without a token": ({"csrf": ""}, {}), "the token of another's session": ({"csrf": self.tokens["bob"]}, {}),
                 "a token made up": ({"csrf": "A" * 86}, {}),
                 "from another site": ({}, {"Sec-Fetch-Site": "cross-site"}),
                 "from a neighbour of the site": ({}, {"Sec-Fetch-Site": "same-site"}),
                 "from a foreign origin": ({}, {"Origin": "https://evil.example"})}

        with self.nothing_changes():
            for route, name in self.posts():
                for how, (fields, headers) in wrong.items():
                    with self.subTest(route["path"], name=name, how=how):
                        self.assertEqual(self.ask(name, route, fields=fields, headers=headers).status, 403)
                multipart = self.people[name].post(self.address(route), {"body": "x"}, multipart=True)
                self.assertIn(multipart.status, (403, 415), name)

    def test_what_is_not_there_and_no_number_at_all_is_not_found(self):
        with self.nothing_changes():
            for route in self.routes:
                if "{" not in route["path"]:
                    continue
                name = next(name for name in ("root", "ada") if self.allowed(name, route) is None)
                for odd in ("987654", "0", "-1", "1.5", "abc", "99999999999999999999", "%00", "1%27%20or%201=1", "%F0%9F%90%AA"):
                    with self.subTest(route["method"] + " " + route["path"], odd=odd):
                        answer = self.ask(name, route, re.sub(r"\{(\w+)\}", odd, route["path"]))
                        # A form that is refused by itself may be so before its thing is looked for.
                        self.assertIn(answer.status, (404, 400) if odd == "%00" else (404,), answer.text[:600])

    def test_a_field_that_no_form_has_is_refused(self):
        # Secrets are charged before they are looked at.
        with self.nothing_changes(but=("throttles",)):
            for route, name in self.posts():
                if route["path"] == "/logout":
                    continue  # signing out always works
                with self.subTest(route["path"]):
                    answer = self.ask(name, route, fields={"nonsense": "1"})
                    self.assertIn(answer.status, (400, 422), answer.text[:600])

    def test_no_page_that_anybody_is_led_to_changes_anything_or_fails(self):
        homes = {"nobody": "/", "ada": "/client", "grace": "/helpdesk", "luca": "/accountant", "root": "/admin"}
        with self.nothing_changes():
            for name, home in homes.items():
                self.assertGreater(len(self.crawl(name, home)), 5, name)

    def crawl(self, name, home):
        seen, waiting = {home}, [home]
        while waiting:
            path = waiting.pop(0)
            with self.subTest(name=name, path=path):
                answer = self.people[name].request("GET", path)
                if answer.status == 303 and name == "nobody":
                    self.assertTrue(answer.location.startswith("/login?next="), answer.location)
                    continue
                if answer.status == 303:
                    answer = self.people[name].request("GET", answer.location)
                self.assertEqual(answer.status, 200)
                if answer.headers["Content-Type"].startswith("text/html"):
                    for link in answer.parsed.links:
                        link = urllib.parse.urljoin(path, link).partition("#")[0]
                        shape = re.sub(r"=[^&]*", "=", link)  # one way to sort a list is like another
                        if link.startswith("/") and shape not in seen:
                            seen.add(shape)
                            waiting.append(link)
        return seen


class Throttles(House):
    """Addresses and accounts are slow afterwards."""

    def until_too_often(self, person, path, fields):
        token = person.csrf()
        for n in range(30):
            answer = person.post(path, {"csrf": token, **{key: value.format(n=n) for key, value in fields.items()}})
            if answer.status == 429:
                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
                return n
            self.assertIn(answer.status, (303, 410, 422), answer.text[:600])
        raise AssertionError(f"{path}: 30 times in a row and not too often")

    def test_every_guess_at_a_secret_is_slowed_down(self):
        throttled = [route["path"] for route in self.routes if route["throttled"] == "yes"]
        self.assertGreaterEqual(len(throttled), 6)
        for number, path in enumerate(throttled):
            with self.subTest(path):
                signed_in = path.startswith("/account/") and "confirmation" not in path
                person = (self.program.sign_in(("ada", "bob")[number % 2], address=f"127.0.{10 + number}.1") if signed_in
                          else self.program.person(f"127.0.{10 + number}.1"))
                self.assertGreaterEqual(self.until_too_often(person, path, SECRETS[path]), 4, "the first few are free")

    def test_nobody_can_have_us_mail_without_end(self):
        for number, (path, fields) in enumerate(MAILING.items()):
            with self.subTest(path):
                self.until_too_often(self.program.person(f"127.0.{50 + number}.1"), path, fields)


class RolesOnSqlite(Roles, unittest.TestCase):
    engine = "sqlite"


class DoorsOnSqlite(Doors, unittest.TestCase):
    engine = "sqlite"


class ThrottlesOnSqlite(Throttles, unittest.TestCase):
    engine = "sqlite"


on_postgresql = unittest.skipUnless(os.environ.get("CSTIMS_TEST_POSTGRESQL"), "no PostgreSQL server named")


@on_postgresql
class RolesOnPostgresql(Roles, unittest.TestCase):
    engine = "postgresql"


@on_postgresql
class DoorsOnPostgresql(Doors, unittest.TestCase):
    engine = "postgresql"


@on_postgresql
class ThrottlesOnPostgresql(Throttles, unittest.TestCase):
    engine = "postgresql"


if __name__ == "__main__":
    unittest.main(verbosity=2)
