"""The real program on a fresh folder or database, a person without script, and a real SMTP server: for the scenarios."""

import contextlib
import datetime
import email
import email.policy
import html.parser
import http.client
import json
import os
import pathlib
import pwd
import random
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CSTIMS_TEST_PROGRAM", str(ROOT / "build/release/cstims"))
PASSWORD = "correct horse battery staple 9"


def today():
    """As the program sees it, whose site.timezone is the default here."""
    return datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Madrid")).date()


def free_port():
    """Below the range from which connections take theirs, so that none is given away before the server binds it."""
    while True:
        port = random.randint(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def wait_until(condition, what, seconds=30):
    """Polls; fails with a sentence. Nothing here sleeps for luck: each look asks whether it has happened."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


class MailServer:
    """npm's smtp-server on loopback; every mail it takes becomes a file."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            ["node", str(ROOT / "tests/support/smtp_server.mjs"), str(self.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r"\d+", self.process.stdout.readline()).group())

    def mails(self):
        """(recipient, message) of all mails, in the order of arrival."""
        found = []
        for file in sorted(self.folder.glob("*.json")):
            envelope = json.loads(file.read_text())
            message = email.message_from_bytes(file.with_suffix(".eml").read_bytes(), policy=email.policy.default)
            for recipient in envelope["to"]:
                found.append((recipient, message))
        return found

    def forget(self):
        """All mails so far; to call while nothing is being sent."""
        for file in self.folder.glob("*.*"):
            file.unlink()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def fresh_database(engine, folder):
    if engine == "sqlite":
        return f"sqlite:{folder}/cstims.db"
    server = os.environ["CSTIMS_TEST_POSTGRESQL"]
    name = "scenario_" + secrets.token_hex(6)
    subprocess.run(["psql", server, "-qc", f"create database {name}"], check=True)
    # The server's address names a database ("postgresql:///postgres?host=…"): ours goes in its place.
    address, _, options = server.partition("?")
    return address[:address.rindex("/") + 1] + name + ("?" + options if options else "")


class Program:
    """One installation: settings by environment, commands and the server."""

    def __init__(self, engine="sqlite", smtp=True, user=None, **settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cstims-scenario-"))
        self.prefix = []  # in front of each command: another user, where the test is root
        if user and os.getuid() == 0:
            shutil.chown(self.folder, user, pwd.getpwnam(user).pw_gid)
            self.prefix = ["setpriv", "--reuid", user, "--regid", str(pwd.getpwnam(user).pw_gid), "--clear-groups"]
        self.mail_server = MailServer(self.folder / "received") if smtp else None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("CSTIMS_") or k.startswith("CSTIMS_TEST_")}
        self.set(database__url=fresh_database(engine, self.folder), site__url=self.url,
                 server__listen=f"127.0.0.1:{self.port}", files__folder=self.folder / "files",
                 mail__maildir=self.folder / "mail", jobs__invoice_run="off", jobs__clean_up="off",
                 jobs__invoice_audit="off", jobs__dunning="off", jobs__ticket_closing="off", billing__tax_rate="21")
        if smtp:
            self.set(mail__transport="smtp", mail__smtp_url=f"smtp://127.0.0.1:{self.mail_server.port}")
        self.set(**settings)
        self.server = None
        self.log = open(self.folder / "log", "ab")
        self.command("db", "migrate")

    def set(self, **settings):
        for key, value in settings.items():
            self.environment["CSTIMS_" + key.upper()] = str(value)

    def command(self, *words, code=0, typed=None, program=None):
        done = subprocess.run([*self.prefix, program or PROGRAM, *words], env=self.environment, cwd=self.folder, input=typed,
                              capture_output=True, text=True, timeout=300)
        assert done.returncode == code, f"cstims {' '.join(words)} ended with {done.returncode}: {done.stderr}{done.stdout}"
        return done.stdout if code == 0 else done.stderr

    def create_user(self, username, kind, password=PASSWORD):
        self.command("user", "create", "--username", username, "--email", f"{username}@example.test",
                     "--type", kind, "--password-stdin", typed=password + "\n")

    def serve(self, *words, faketime=None):
        environment = dict(self.environment)
        self.server = subprocess.Popen([*self.prefix, PROGRAM, "serve", *words], env=environment, cwd=self.folder,
                                       stdout=self.log, stderr=self.log)
        wait_until(self.answers, "the server answers")
        return self

    def answers(self):
        assert self.server.poll() is None, "the server ended: " + (self.folder / "log").read_text()[-2000:]
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == 200
            finally:
                connection.close()
        except OSError:
            return False

    def stop(self):
        """SIGTERM; the exit code."""
        self.server.send_signal(signal.SIGTERM)
        code = self.server.wait(timeout=30)
        self.server = None
        return code

    def person(self, address="127.0.0.1"):
        """Somebody at an address of loopback's network; throttles count by /24."""
        return Person(self, address)

    def sign_in(self, username, password=PASSWORD, address="127.0.0.1"):
        person = self.person(address)
        person.sign_in(username, password)
        return person

    def rows(self):
        """Every row of every table, as text: for comparing before and after."""
        url = self.environment["CSTIMS_DATABASE__URL"]
        found = {}
        if url.startswith("sqlite:"):
            with contextlib.closing(sqlite3.connect(f"file:{url[7:]}?mode=ro", uri=True)) as database:
                names = database.execute("select name from sqlite_master where type = 'table'"
                                         # The index of words keeps no rows to look at; its shadow tables are looked at.
                                         " and sql not like 'create virtual table%'").fetchall()
                for (name,) in names:
                    cursor = database.execute(f"select * from {name}")
                    columns = [column[0] for column in cursor.description]
                    found[name] = sorted(json.dumps(dict(zip(columns, row)), default=repr, sort_keys=True) for row in cursor)
            return found
        names = self.query("select tablename from pg_tables where schemaname = 'public'")
        for name in names:
            found[name] = sorted(self.query(f"select row_to_json(t) from {name} t"))
        return found

    def query(self, text):
        """Lines of an answer, on either engine; the columns are parted by |."""
        url = self.environment["CSTIMS_DATABASE__URL"]
        if url.startswith("sqlite:"):
            with contextlib.closing(sqlite3.connect(f"file:{url[7:]}?mode=ro", uri=True)) as database:
                return ["|".join("" if cell is None else str(cell) for cell in row) for row in database.execute(text)]
        done = subprocess.run(["psql", url, "-qAtc", text], check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    def mails(self, recipient=None, subject=None, count=1):
        """Waits until at least `count` mails match, and gives all that match."""
        def matching():
            found = [message for to, message in self.mail_server.mails()
                     if (recipient is None or to == recipient) and (subject is None or subject in message["Subject"])]
            return found if len(found) >= count else None
        return wait_until(matching, f"{count} mails to {recipient} about {subject}")

    def close(self):
        if self.server:
            self.stop()
        if self.mail_server:
            self.mail_server.stop()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind:
            sys.stderr.write((self.folder / "log").read_text()[-4000:])
        self.close()


class _Parser(html.parser.HTMLParser):
    """Forms, links and text of a page."""

    def __init__(self):
        super().__init__()
        self.forms, self.links, self.words, self._select, self._area = [], [], [], None, None
        self._quiet = 0

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag in ("script", "style"):
            self._quiet += 1
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        if tag == "form":
            self.forms.append({"action": a.get("action", ""), "method": a.get("method", "get").lower(),
                               "type": a.get("enctype", ""), "fields": {}, "files": set(), "choices": {}})
        if not self.forms:
            return
        form = self.forms[-1]
        name = a.get("name")
        if tag == "input" and name:
            kind = a.get("type", "text")
            if kind == "file":
                form["files"].add(name)
            elif kind in ("checkbox", "radio"):
                if "checked" in a:
                    form["fields"][name] = a.get("value", "on")
            elif kind != "submit":
                form["fields"][name] = a.get("value", "")
        if tag == "textarea" and name:
            self._area = name
            form["fields"][name] = ""
        if tag == "select" and name:
            self._select = name
            form["choices"][name] = []
        if tag == "option" and self._select:
            value = a.get("value", "")
            form["choices"][self._select].append(value)
            if "selected" in a or self._select not in form["fields"]:
                form["fields"][self._select] = value

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self._quiet -= 1
        if tag == "textarea":
            if self._area and self.forms and self.forms[-1]["fields"][self._area].startswith("\n"):
                # HTML 13.2.6.4.7: the first line break after <textarea> is not part of the value.
                self.forms[-1]["fields"][self._area] = self.forms[-1]["fields"][self._area][1:]
            self._area = None
        if tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._area and self.forms:
            self.forms[-1]["fields"][self._area] += data
        elif not self._quiet:
            self.words.append(data)


class Answer:
    def __init__(self, status, headers, body, address):
        self.status, self.headers, self.bytes, self.address = status, headers, body, address
        self._parsed = None

    @property
    def html(self):
        return self.bytes.decode(errors="replace")

    @property
    def parsed(self):
        if self._parsed is None:
            self._parsed = _Parser()
            self._parsed.feed(self.html)
        return self._parsed

    @property
    def text(self):
        return " ".join(" ".join(self.parsed.words).split())

    @property
    def location(self):
        return self.headers.get("Location")

    def form(self, action):
        """The first form whose action is, or begins with, `action`; or with /x/*/y: matches digits."""
        pattern = re.compile("^" + re.escape(action).replace(r"\*", r"\d+") + r"($|\?)")
        for form in self.parsed.forms:
            if form["method"] == "post" and pattern.match(form["action"]):
                return form
        raise AssertionError(f"{self.address} has no form {action}; it has {[f['action'] for f in self.parsed.forms]}")

    def link(self, pattern):
        for link in self.parsed.links:
            if re.search(pattern, link):
                return link
        raise AssertionError(f"{self.address} has no link like {pattern}; it has {self.parsed.links}")


class Person:
    """A browser without script: cookies, forms, redirects."""

    def __init__(self, program, address="127.0.0.1"):
        self.program, self.cookies, self.address = program, {}, address

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=60,
                                                source_address=(self.address, 0))
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body=body, headers=sent)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read(), path)
        connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            if "max-age=0" in line.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def get(self, path, status=200):
        answer = self.request("GET", path)
        assert answer.status == status, f"GET {path}: {answer.status}\n{answer.bytes[:3000].decode(errors='replace')}"
        return answer

    def post(self, path, fields, files=None, multipart=False, headers=None):
        """Raw POST, fields as given (no csrf added)."""
        if not files and not multipart:
            return self.request("POST", path, urllib.parse.urlencode(fields),
                                {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})
        boundary = "scenario" + secrets.token_hex(8)
        body = b""
        for name, value in fields.items():
            body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, (file_name, kind, content) in (files or {}).items():
            body += (f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
                     f"Content-Type: {kind}\r\n\r\n").encode() + content + b"\r\n"
        body += f"--{boundary}--\r\n".encode()
        return self.request("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def submit(self, page, action, fields=None, files=None, status=303):
        """Fills the form of `page` (a path or an Answer) and sends it as a browser would; follows the redirect."""
        if isinstance(page, str):
            page = self.get(page)
        form = page.form(action)
        typed = dict(form["fields"])
        for name, value in (fields or {}).items():
            assert name in typed or name in form["choices"] or "checkbox" in page.html, \
                f"{form['action']} has no field {name}: {list(typed)}"
            typed[name] = value
        multipart = form["type"] == "multipart/form-data"
        answer = self.post(form["action"], typed, files, multipart)
        assert answer.status == status, f"POST {form['action']}: {answer.status}\n{answer.text[:2000]}"
        if status == 303:
            return self.get(answer.location)
        return answer

    def csrf(self):
        """A token good for any form of this session."""
        page = self.get("/account" if self.signed_in else "/login")
        return next(form["fields"]["csrf"] for form in page.parsed.forms if "csrf" in form["fields"])

    @property
    def signed_in(self):
        return self.request("GET", "/account").status == 200

    def sign_in(self, username, password=PASSWORD):
        page = self.submit("/login", "/login", {"username": username, "password": password})
        return page
