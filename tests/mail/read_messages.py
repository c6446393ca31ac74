"""Reads messages (files named on the command line) with Python's own parser and prints what it
found as JSON: a reader that shares no code with the composer."""
import email
import email.header
import email.policy
import email.utils
import json
import sys


def body(part):
    text = part.get_payload(decode=True).decode(part.get_content_charset("ascii"))
    return {"type": part.get_content_type(), "encoding": part["Content-Transfer-Encoding"],
            "charset": part.get_content_charset(), "text": text}


def addresses(raw):
    """Name and address of each mailbox, by the older half of the package: the newer one doubles
    a space that stands between two encoded words of a name (Python 3.11)."""
    return [[str(email.header.make_header(email.header.decode_header(name))), address]
            for name, address in email.utils.getaddresses([raw])]


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    message = email.message_from_bytes(content, policy=email.policy.default)
    raw = email.message_from_bytes(content)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return {
        "fields": [[name, str(value)] for name, value in message.items()],
        "subject": message["Subject"],
        "from": addresses(raw["From"]),
        "to": addresses(raw["To"]),
        "date": message["Date"].datetime.isoformat(),
        "type": message.get_content_type(),
        "kinds": [part.get_content_type() for part in message.walk()],
        "bodies": [body(part) for part in leaves if not part.is_attachment()],
        "files": [{"name": part.get_filename(), "type": part.get_content_type(),
                   "hex": part.get_payload(decode=True).hex()}
                  for part in leaves if part.is_attachment()],
        "defects": [str(defect) for part in message.walk() for defect in part.defects]
                   + [f"{name}: {defect}" for name, value in message.items()
                      for defect in value.defects],
    }


print(json.dumps([read(path) for path in sys.argv[1:]]))
