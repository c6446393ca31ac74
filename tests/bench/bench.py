"""bin/bench: drives the release build with wrk and prints ratio lines."""

import argparse
import datetime
import pathlib
import re
import resource
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenario"))
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
        for name, path, person in (("/", "/", None), ("/client", "/client", client), ("/admin", "/admin", admin),
                                   ("/managetickets", "/managetickets", admin)):
            smallest, smallest_p99 = load(url + "/healthz", max(2, options.seconds // 2))
            rate, p99 = load(url + path, options.seconds, person and cookie_of(person))
            results[name] = (rate, p99, smallest, smallest_p99)
        results["loaded memory"] = memory(program)
        results["select and render"] = in_process("select-render", program.environment["CSTIMS_DATABASE__URL"],
                                                  options.seconds)
    return results


def report(size, results):
    reference = results["select and render"]
    say(f"{size}: select and render in process", results["select and render"], "a second")
    for name in ("/", "/client", "/admin", "/managetickets"):
        rate, p99, smallest, smallest_p99 = results[name]
        say(f"{size}: {name}", rate, "a second",
            f"smallest answer {smallest:,.0f}, ratio {rate / smallest:.2f}; select and render in process {reference:,.0f}, "
            f"ratio {rate / reference:.2f}")
        say(f"{size}: {name} p99 at 32 connections", p99, "ms", f"smallest answer {smallest_p99:.2f} ms")
    say(f"{size}: sign-in", results["sign-in"], "a second")
    say(f"{size}: memory idle", results["idle memory"], "MiB", "aim 60")
    say(f"{size}: memory under load", results["loaded memory"], "MiB", "aim 200")
    say(f"{size}: start", results["start"], "s", "aim 0.5")


def invoices(options):
    """Invoices with PDF, numbers and outbox rows a second, beside the same PDFs alone."""
    with Program("sqlite", smtp=False) as program:
        subprocess.run([PROGRAM, "bench", "load", "--clients", str(options.invoices)], env=program.environment,
                       cwd=program.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        url = program.environment["CSTIMS_DATABASE__URL"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.monotonic()
        # A month ahead, so that every running order is due.
        ahead = (datetime.date.today() + datetime.timedelta(days=31)).isoformat()
        last = program.command("invoice", "run", "--force", "--date", ahead).splitlines()[-1]
        seconds = time.monotonic() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        count = int(last.split()[0])
        if count == 0:
            raise SystemExit("nothing was due: the measurement is empty")
        alone = in_process("pdf", url, count)
        say("invoices with PDF, number and outbox rows", count / seconds, "a second",
            f"the same PDFs alone {alone:,.0f}, ratio {count / seconds / alone:.2f}")
        say("invoice run, processor time an invoice", 1000 * (used.ru_utime - before.ru_utime + used.ru_stime
                                                             - before.ru_stime) / count, "ms")
        audit = program.command("invoice", "audit")
        say("faults the audit finds after it", len(audit.splitlines()), "")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=20000)
    parser.add_argument("--small", type=int, default=200)
    parser.add_argument("--invoices", type=int, default=2000, help="clients of the invoice run")
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--client", default="client1", help="a user that bench load makes")
    options = parser.parse_args()
    small = measure(options.small, options)
    report("small", small)
    large = measure(options.clients, options)
    report("large", large)
    for name in ("/", "/client", "/admin", "/managetickets"):
        # Judged by the ratio to the smallest answer measured beside each, so that noise cancels.
        ratio = (large[name][0] / large[name][2]) / (small[name][0] / small[name][2])
        say(f"{name} large beside small", ratio, "", "aim 0.90")
    invoices(options)


if __name__ == "__main__":
    main()
