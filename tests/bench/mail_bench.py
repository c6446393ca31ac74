"""Foreign mails of the largest size, each built to be hard to read: seconds and memory of `cstims mail inspect`. And what disk and
mail server alone take for mails that are fetched."""

import base64
import json
import os
import random
import subprocess
import tempfile
import time

LARGEST = 25 * 1024 * 1024
HEAD = b"From: Ana <ana@example.com>\r\nTo: tickets@example.net\r\nSubject: large\r\nMessage-ID: <large@example.com>\r\nMIME-Version: 1.0\r\n"


def filled(piece, size=LARGEST):
    return piece * (size // len(piece))


def plain(body, kind=b"text/plain; charset=utf-8", encoding=b"8bit"):
    head = HEAD + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n"
    return head + body[:LARGEST - len(head)]


def multipart(parts, size=LARGEST):
    head = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    whole = head + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return whole[:size - 10] + b"\r\n--b--\r\n"


def shapes():
    noise = base64.encodebytes(random.Random(1).randbytes(18 * 1024 * 1024)).replace(b"\n", b"\r\n")
    text = b"Content-Type: text/plain\r\n\r\nsmall\r\n"
    yield "one file in base64", multipart([b"Content-Type: text/plain\r\n\r\nHello.\r\n",
                                           b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n"
                                           b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n" + noise])
    yield "one line of letters", plain(filled(b"x"))
    yield "short lines", plain(filled(b"a word and another\r\n"))
    yield "lines of quotes", plain(filled(b">>>> quoted\r\n"))
    yield "nothing but >", plain(filled(b">"))
    yield "spaces", plain(filled(b" "))
    yield "line breaks", plain(filled(b"\r\n"))
    yield "introductions of quotes", plain(filled(b"On Monday Ana wrote\r\n"))
    yield "HTML of nested tags", plain(filled(b"<div><b>"), b"text/html; charset=utf-8")
    yield "HTML of unfinished tags", plain(filled(b"<a href=\""), b"text/html; charset=utf-8")
    yield "HTML of entities", plain(filled(b"&amp;&#1;&#x41;"), b"text/html; charset=utf-8")
    yield "HTML of quotes", plain(filled(b"<blockquote>x"), b"text/html; charset=utf-8")
    yield "quoted-printable", plain(filled(b"=C3=A9=C3=A1=\r\n"), encoding=b"quoted-printable")
    yield "a wide charset", plain(filled(b"\x1b$B$\"\x1b(B"), b"text/plain; charset=iso-2022-jp")
    yield "many parts", multipart([text] * (LARGEST // (len(text) + 8)))
    yield "parts in parts", (HEAD + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(300_000)))[:LARGEST]
    yield "many header fields", (HEAD + filled(b"X-Field: value\r\n", LARGEST - 400) + b"\r\nbody\r\n")
    yield "one long header field", (HEAD + b"X-Field: " + filled(b"a ", LARGEST - 400) + b"\r\n\r\nbody\r\n")
    yield "many addresses", (HEAD + b"Cc: " + filled(b"a@b.c, ", LARGEST - 400) + b"x@y.z\r\n\r\nbody\r\n")
    yield "groups in addresses", (HEAD + b"Cc: " + filled(b"g:", LARGEST - 400) + b"\r\n\r\nbody\r\n")
    yield "encoded words", (HEAD.replace(b"Subject: large", b"Subject: " + filled(b"=?utf-8?B?w6k=?= ", LARGEST - 600)) + b"\r\nbody\r\n")
    yield "references", (HEAD + b"References: " + filled(b"<a@b.c> ", LARGEST - 400) + b"\r\n\r\nbody\r\n")
    yield "a delivery report", (HEAD + b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
                                b"Content-Type: message/delivery-status\r\n\r\n" +
                                filled(b"Final-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n", LARGEST - 600) + b"--b--\r\n")


def inspect(program, file):
    """(seconds, processor seconds, MiB) of one mail; fails unless it was read."""
    file.seek(0)
    started = time.monotonic()
    process = subprocess.Popen([program, "mail", "inspect"], stdin=file, stdout=subprocess.PIPE)
    kind = json.loads(process.stdout.read())["class"]
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or not kind:
        raise SystemExit(f"a mail was not read: exit {process.returncode}")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def largest_mails(program, say):
    for name, raw in shapes():
        size = len(raw) / 2**20
        with tempfile.TemporaryFile() as file:
            file.write(raw)
            del raw  # what this program holds would count as the other's
            seconds, processor, memory = inspect(program, file)
        say(f"a mail of {size:.0f} MiB, {name}", seconds, "s",
            f"aim 1; processor {processor:.2f} s, {memory:.0f} MiB, aim 256")


def made_durable(path):
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def kept_alone(folder, raws):
    """Seconds for the same bytes as files on the same disk, each made durable with its folder before the next."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        started = time.monotonic()
        for number, raw in enumerate(raws):
            path = os.path.join(place, str(number))
            with open(path, "wb") as file:
                file.write(raw)
            made_durable(path)
            made_durable(place)
        return time.monotonic() - started


def moved_alone(dovecot, count):
    """Seconds for fetching and moving as many mails, one by one, and doing nothing with them."""
    server = dovecot.imap()
    server.select("INBOX")
    uids = server.uid("SEARCH", "ALL")[1][0].split()
    if len(uids) != count:
        raise SystemExit(f"of {count} mails {len(uids)} are there")
    started = time.monotonic()
    for uid in uids:
        if server.uid("FETCH", uid, "(BODY[])")[0] != "OK" or server.uid("MOVE", uid, "Done")[0] != "OK":
            raise SystemExit("a mail was not moved")
    seconds = time.monotonic() - started
    server.logout()
    return seconds
