"""bin/bench: drives the release build with wrk and prints ratio lines."""

import argparse
import datetime
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenario"))
from mail_bench import kept_alone, largest_mails, moved_alone  # noqa: E402
from post import Dovecot  # noqa: E402
from world import PROGRAM, ROOT, Program  # noqa: E402

REFERENCE = ROOT / "build/release/tests/reference_bench"
CLIENT_PASSWORD = "correct horse battery staple"  # of every account that `bench load` makes


def say(name, value, unit, reference=None):
    line = f"{name}: {value:,.6g} {unit}" if isinstance(value, float) else f"{name}: {value} {unit}"
    print(line + (f" (reference: {reference})" if reference is not None else ""), flush=True)


def load(url, seconds, cookie=None, connections=32):
    """(requests a second, p99 in milliseconds) of wrk; fails when an answer is not 2xx."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", url]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise SystemExit(f"{url} did not answer 200:\n{output}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return rate, float(p99) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def memory(program):
    """Resident memory in MiB, of the server."""
    status = pathlib.Path(f"/proc/{program.server.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def sign_ins(program, seconds, threads=4):
    """Sign-ins a second: each of `threads` people signs in again and again."""
    end = time.monotonic() + seconds
    counts = [0] * threads

    def work(number):
        while time.monotonic() < end:
            person = program.person()
            # A device that has signed in before is not slowed down by the others behind the same address.
            person.sign_in(f"bench{number}")
            counts[number] += 1

    people = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    start = time.monotonic()
    for person in people:
        person.start()
    for person in people:
        person.join()
    return sum(counts) / (time.monotonic() - start)


def cookie_of(person):
    return "; ".join(f"{name}={value}" for name, value in person.cookies.items())


def in_process(*words):
    output = subprocess.run([str(REFERENCE), *map(str, words)], capture_output=True, text=True, check=True).stdout
    return float(output.split()[0])


def measure(clients, options):
    """Pages at one size; a dictionary of name → (rate, p99)."""
    results = {}
    with Program("sqlite", smtp=False, server__connections_per_address="1000") as program:
        started = time.monotonic()
        print(f"\n== {clients} clients: making the data", flush=True)
        subprocess.run([PROGRAM, "bench", "load", "--clients", str(clients)], env=program.environment,
                       cwd=program.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        say(f"making {clients} clients with all they have", time.monotonic() - started, "s")
        for name, kind in (("root", "admin"), ("grace", "helpdesk"), ("bench0", "client"), ("bench1", "client"),
                           ("bench2", "client"), ("bench3", "client")):
            program.create_user(name, kind)
        started = time.monotonic()
        program.serve()
        results["start"] = time.monotonic() - started
        time.sleep(1)
        results["idle memory"] = memory(program)
        client = program.sign_in(options.client, CLIENT_PASSWORD)
        admin = program.sign_in("root")
        results["sign-in"] = sign_ins(program, options.seconds)
        url = program.url
        # The smallest answer is measured again beside each page: the machine's noise is in both.
        helpdesk = program.sign_in("grace")
        long_thread = program.query("select max(ticket_id) from (select ticket_id from ticket_entries group by ticket_id"
                                    " having count(*) >= 50) long")[0]
        for name, path, person in (("/", "/", None), ("/client", "/client", client), ("/admin", "/admin", admin),
                                   ("/managetickets", "/managetickets", admin), ("/helpdesk", "/helpdesk", helpdesk),
                                   ("ticket of 50 entries", f"/tickets/{long_thread}", helpdesk),
                                   ("search for a common word", "/helpdesk?search=again", helpdesk),
                                   ("search for a rare word", "/helpdesk?search=node1234", helpdesk),
                                   ("a client's search", "/tickets?search=again", client)):
            smallest, smallest_p99 = load(url + "/healthz", max(2, options.seconds // 2))
            rate, p99 = load(url + path, options.seconds, person and cookie_of(person))
            results[name] = (rate, p99, smallest, smallest_p99)
        results["loaded memory"] = memory(program)
        results["select and render"] = in_process("select-render", program.environment["CSTIMS_DATABASE__URL"],
                                                  options.seconds)
    return results


PAGES = ("/", "/client", "/admin", "/managetickets", "/helpdesk", "ticket of 50 entries", "search for a common word",
         "search for a rare word", "a client's search")


def report(size, results):
    reference = results["select and render"]
    say(f"{size}: select and render in process", results["select and render"], "a second")
    for name in PAGES:
        rate, p99, smallest, smallest_p99 = results[name]
        say(f"{size}: {name}", rate, "a second",
            f"smallest answer {smallest:,.0f}, ratio {rate / smallest:.2f}; select and render in process {reference:,.0f}, "
            f"ratio {rate / reference:.2f}")
        say(f"{size}: {name} p99 at 32 connections", p99, "ms", f"smallest answer {smallest_p99:.2f} ms")
    say(f"{size}: sign-in", results["sign-in"], "a second")
    say(f"{size}: memory idle", results["idle memory"], "MiB", "aim 60")
    say(f"{size}: memory under load", results["loaded memory"], "MiB", "aim 200")
    say(f"{size}: start", results["start"], "s", "aim 0.5")


def run_month(program):
    """A billing run a month ahead, so that every running order is due: (invoices, seconds, processor seconds, peak MiB)."""
    ahead = (datetime.date.today() + datetime.timedelta(days=31)).isoformat()
    process = subprocess.Popen([PROGRAM, "invoice", "run", "--force", "--date", ahead], env=program.environment,
                               cwd=program.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    started = time.monotonic()
    last = ""
    for line in process.stdout:
        last = line
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"the billing run ended with {process.returncode}")
    return int(last.split()[0]), time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def loaded(engine, clients):
    program = Program(engine, smtp=False)
    # Few replies: no invoice depends on them.
    subprocess.run([PROGRAM, "bench", "load", "--clients", str(clients), "--replies", "1"], env=program.environment,
                   cwd=program.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if engine == "postgresql":
        # Otherwise the server does it by itself, in the middle of what is measured.
        subprocess.run(["psql", program.environment["CSTIMS_DATABASE__URL"], "-qc", "vacuum analyze"], check=True)
    return program


def billing(engine, clients, aim):
    """A monthly run beside its floor, the same PDFs alone on the same cores; then the same run again, and the audit."""
    with loaded(engine, clients) as program:
        count, seconds, used, peak = run_month(program)
        if count == 0:
            raise SystemExit("nothing was due: the measurement is empty")
        alone = in_process("pdf", program.environment["CSTIMS_DATABASE__URL"], min(count, 4000))
        what = f"{engine}, {clients} clients, {count} invoices"
        say(f"{what}: invoices with PDF, number and outbox rows", count / seconds, "a second",
            f"the same PDFs alone {alone:,.0f}, ratio {count / seconds / alone:.2f}, aim {aim}")
        say(f"{what}: processor time an invoice", 1000 * used / count, "ms")
        say(f"{what}: memory of the run", peak, "MiB", "aim 150")
        again, seconds, _, _ = run_month(program)
        say(f"{what}: the same run again, {again} invoices", seconds, "s", "aim 2")
        started = time.monotonic()
        audit = program.command("invoice", "audit")
        say(f"{what}: audit, {len(audit.splitlines())} faults", time.monotonic() - started, "s")
        return 1000 * used / count


def invoices(options):
    billing("sqlite", options.clients, 0.65)
    if os.environ.get("CSTIMS_TEST_POSTGRESQL"):
        billing("postgresql", options.clients, 0.5)
    else:
        print("PostgreSQL is left out: no server named in CSTIMS_TEST_POSTGRESQL")
    # Orders are three a client. The work an invoice costs, in processor time, which other programs disturb least.
    few = billing("sqlite", 667, 0.65)
    if options.many:
        many = billing("sqlite", options.many, 0.65)
        say("an invoice at many orders beside one at 2,000", many / few, "", "aim 1.15")


def answers(program, count):
    """Answers of as many clients to their tickets."""
    rows = program.query("select min(tickets.id), users.email from tickets join users on users.id = tickets.client_id "
                         f"where tickets.status = 'open' and users.status = 'verified' group by users.email limit {count}")
    for number, (ticket, address) in enumerate(row.split("|") for row in rows):
        yield (f"Authentication-Results: mx.arfnet.example; dmarc=pass header.from={address.partition('@')[2]}\r\n"
               f"From: {address}\r\nTo: tickets@arfnet.example\r\nSubject: Re: [ARFNET #{ticket}] x\r\n"
               f"Message-ID: <{number}@bench.example>\r\nMIME-Version: 1.0\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n\r\n" + "It stopped again at noon.\r\n" * 40 +
               "\r\nOn Monday ARFNET wrote:\r\n" + "> quoted words of the mail before\r\n" * 40).encode()


def mail(engine, count):
    """Mails fetched from a mailbox by one process: each is fetched, kept on the disk, judged, put on its ticket, told to the helpdesk
    and moved. Beside it, in the same run, what the disk and the mail server alone take for the same mails, one after another."""
    with loaded(engine, 4 * count) as program:
        raws = list(answers(program, count))
        # Not our disk: whoever runs the mail server decides about its fsync.
        dovecot = Dovecot("mail_fsync = never")
        try:
            program.set(mail__authserv_id="mx.arfnet.example", **dovecot.settings(program))
            for raw in raws:
                dovecot.deliver(raw)
            process = subprocess.Popen([PROGRAM, "mail", "fetch"], env=program.environment, cwd=program.folder,
                                       stdout=subprocess.DEVNULL)
            started = time.monotonic()
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.monotonic() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            taken = int(program.query("select count(*) from inbound_mails where verdict = 'taken'")[0])
            if process.returncode != 0 or taken != len(raws) or taken == 0:
                raise SystemExit(f"of {len(raws)} mails {taken} were taken: the measurement says nothing")
            files = kept_alone(program.folder, raws)
            for raw in raws:
                dovecot.deliver(raw)
            moved = moved_alone(dovecot, taken)
        finally:
            dovecot.stop()
        database = {"sqlite": "sqlite", "postgresql": "postgresql (throw-away, without fsync)"}[engine]
        what = (f"{database}, {taken} mails of {sum(map(len, raws)) / taken / 1000:.1f} kB from a mailbox (IMAP, mail server without fsync), "
                f"one process, load average {os.getloadavg()[0]:.1f}")
        say(f"{what}: taken, by the clock", taken / seconds, "a second",
            f"aim 300; the same bytes as files, each with fsync of file and folder {taken / files:,.0f}; "
            f"the same mails fetched and moved one by one by imaplib, nothing kept {taken / moved:,.0f}")
        say(f"{what}: processor time a mail", 1000 * (used.ru_utime + used.ru_stime) / taken, "ms", "aim 3.3")
        say(f"{what}: memory", used.ru_maxrss / 1024, "MiB", "aim 150")


def mails(options):
    mail("sqlite", options.mails)
    if os.environ.get("CSTIMS_TEST_POSTGRESQL"):
        mail("postgresql", options.mails)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=20000)
    parser.add_argument("--small", type=int, default=200)
    parser.add_argument("--many", type=int, default=66667, help="clients of the largest invoice run; 0: none")
    parser.add_argument("--only", choices=["pages", "invoices", "mail"], help="one part")
    parser.add_argument("--mails", type=int, default=1000, help="mails that are fetched")
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--client", default="client1", help="a user that bench load makes")
    options = parser.parse_args()
    parts = {"pages": lambda: pages(options), "invoices": lambda: invoices(options),
             "mail": lambda: (mails(options), largest_mails(PROGRAM, say))}
    for name, part in parts.items():
        if options.only in (None, name):
            part()


def pages(options):
    small = measure(options.small, options)
    report("small", small)
    large = measure(options.clients, options)
    report("large", large)
    for name in PAGES:
        # Judged by the ratio to the smallest answer measured beside each, so that noise cancels.
        ratio = (large[name][0] / large[name][2]) / (small[name][0] / small[name][2])
        say(f"{name} large beside small", ratio, "", "aim 0.90")


if __name__ == "__main__":
    main()
