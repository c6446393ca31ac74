"""Mail servers of other people on loopback: Postfix, which pipes what comes to us into the program, and Dovecot with a mailbox."""

import os
import pathlib
import pwd
import shlex
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time

from world import PROGRAM, free_port, wait_until

NOBODY = "nobody"
MASTER = """
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Takes mail for arfnet.example by SMTP and hands it to `cstims mail receive`; knows of no other domain."""

    def __init__(self, program, arguments="mail receive"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cstims-postfix-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        for name in ("config", "queue", "data"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix", "postfix")
        receive = program.folder / "receive"
        settings = "\n".join(f"export {name}={shlex.quote(value)}" for name, value in program.environment.items()
                             if name.startswith("CSTIMS_"))
        # Postfix's user may not be allowed into the folder where the program was built.
        copy = shutil.copy(PROGRAM, self.folder / "cstims")
        receive.write_text(f'#!/bin/sh\n{settings}\ncd {program.folder}\nexec {copy} {arguments} --recipient "$1"\n')
        receive.chmod(0o755)
        (self.folder / "config/transport").write_text(r"/@arfnet\.example$/ cstims:" + "\n")
        (self.folder / "config/main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {self.folder}/queue
data_directory = {self.folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {self.folder}/maillog
maillog_file_prefixes = {self.folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.arfnet.example
myorigin = mx.arfnet.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relay_domains = arfnet.example
relay_recipient_maps =
recipient_delimiter = +
transport_maps = regexp:{self.folder}/config/transport
default_transport = error:no way out
smtpd_peername_lookup = no
disable_dns_lookups = yes
alias_maps =
alias_database =
cstims_destination_recipient_limit = 1
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
message_size_limit = 40000000
""")
        (self.folder / "config/master.cf").write_text(
            f"127.0.0.1:{self.port} inet n - n - - smtpd\n{MASTER}"
            f"cstims unix - n n - 4 pipe flags=DRhu user={NOBODY} argv={receive} ${{recipient}}\n")
        self.process = subprocess.Popen(["postfix", "-c", str(self.folder / "config"), "start-fg"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            wait_until(self.answers, "Postfix answers", 60)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from error

    def log(self):
        file = self.folder / "maillog"
        return file.read_text() if file.exists() else ""

    def answers(self):
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=5):
                return True
        except (OSError, smtplib.SMTPException):
            return False

    def send(self, sender, recipients, message):
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as server:
            server.sendmail(sender, recipients, message.as_bytes() if hasattr(message, "as_bytes") else message)

    def queued(self):
        done = subprocess.run(["postqueue", "-c", str(self.folder / "config"), "-j"], capture_output=True, text=True)
        return [line for line in done.stdout.splitlines() if line]

    def wait_until_empty(self, seconds=60):
        try:
            wait_until(lambda: not self.queued(), "Postfix has delivered everything", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()[-3000:]}") from error

    def stop(self):
        subprocess.run(["postfix", "-c", str(self.folder / "config"), "stop"], capture_output=True)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Dovecot:
    """An IMAP server with one mailbox, tickets. `more`: settings besides."""

    def __init__(self, more=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cstims-dovecot-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self.mail = self.folder / "mail/tickets"
        for name in ("cur", "new", "tmp"):
            (self.mail / name).mkdir(parents=True)
        group = pwd.getpwnam(NOBODY).pw_gid
        for path in (self.folder / "mail", *(self.folder / "mail").rglob("*")):
            shutil.chown(path, NOBODY, group)
        (self.folder / "dovecot.conf").write_text(f"""
protocols = imap
listen = 127.0.0.1
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{self.folder}/mail/%u
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={pwd.getpwnam(NOBODY).pw_uid} gid={group} home={self.folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
{more}
""")
        self.process = subprocess.Popen(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True)
        self.count = 0
        wait_until(self.answers, "Dovecot answers: " + self.log(), 30)

    def log(self):
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def answers(self):
        import imaplib
        try:
            self.imap().logout()
            return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def imap(self):
        import imaplib
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        server.login("tickets", "secret")
        return server

    def deliver(self, message):
        """As a mail server does: complete, then in its place."""
        self.count += 1
        name = f"{int(time.time())}.{self.count}.test"
        unfinished = self.mail / "tmp" / name
        unfinished.write_bytes(message.as_bytes() if hasattr(message, "as_bytes") else message)
        shutil.chown(unfinished, NOBODY, pwd.getpwnam(NOBODY).pw_gid)
        unfinished.rename(self.mail / "new" / name)

    def counts(self):
        """How many mails lie in each folder."""
        server = self.imap()
        found = {}
        for name in ("INBOX", "Done", "Failed", "Oversize"):
            status, answer = server.select(name, readonly=True)
            found[name] = int(answer[0]) if status == "OK" else 0
        server.logout()
        return found

    def settings(self, program):
        secret = program.folder / "imap-password"
        secret.write_text("secret\n")
        secret.chmod(0o600)
        shutil.chown(secret, NOBODY, pwd.getpwnam(NOBODY).pw_gid)
        return {"imap__url": f"imap://127.0.0.1:{self.port}", "imap__username": "tickets", "imap__password_file": secret}

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
