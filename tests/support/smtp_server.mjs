// A real SMTP server on loopback for tests, with a script of misbehaviour. Started by
// smtp_server.h; by hand:
//
//     node tests/support/smtp_server.mjs /tmp/inbox '{"refuse_sender": "550 Not you"}'
//
// Prints "port N", keeps each message it took as NNNN.eml with NNNN.json beside it, and ends when
// its standard input does.
import fs from 'node:fs';
import path from 'node:path';
import {SMTPServer} from 'smtp-server';

const folder = process.argv[2];
const script = {
  security: 'none',  // "starttls" or "tls", with `key` and `certificate` (files)
  user: '',          // with `password`: sign-in is required
  password: '',
  greeting_refusal: '',   // "554 Closed"
  refuse_sender: '',      // reply to every MAIL FROM
  refuse_recipients: {},  // address → reply
  refuse_data: '',        // reply after the message, every time
  refuse_first: 0,        // reply 451 to so many deliveries of each Message-ID
  hang_at: '',            // "connect", "recipient" or "data": say nothing any more
  cut_after_data: 0,      // take so many messages, then cut the line without saying so
  close_after: 0,         // close the connection after so many messages
  ...JSON.parse(process.argv[3] ?? '{}'),
};

const refused = new Map();
let cut = 0;
let count = 0;

function error(reply) {
  const fault = new Error(reply.slice(4));
  fault.responseCode = Number(reply.slice(0, 3));
  return fault;
}

function keep(raw, session) {
  count += 1;
  const name = path.join(folder, String(count).padStart(4, '0'));
  const facts = {
    from: session.envelope.mailFrom.address ?? '',
    to: session.envelope.rcptTo.map((recipient) => recipient.address),
    secure: session.secure,
    user: session.user || '',
    session: session.id,
  };
  fs.writeFileSync(`${name}.eml`, raw);
  fs.writeFileSync(`${name}.json.part`, JSON.stringify(facts));
  fs.renameSync(`${name}.json.part`, `${name}.json`);
}

const server = new SMTPServer({
  secure: script.security === 'tls',
  ...(script.key ? {key: fs.readFileSync(script.key), cert: fs.readFileSync(script.certificate)} :
                   {}),
  disabledCommands: [
    ...(script.security === 'starttls' ? [] : ['STARTTLS']),
    ...(script.user ? [] : ['AUTH']),
  ],
  authOptional: !script.user,
  allowInsecureAuth: true,
  disableReverseLookup: true,
  hideSize: false,
  size: 20 * 1024 * 1024,
  closeTimeout: 100,
  onConnect(session, done) {
    if (script.hang_at === 'connect') return;
    done(script.greeting_refusal ? error(script.greeting_refusal) : undefined);
  },
  onAuth(auth, session, done) {
    const right = auth.username === script.user && auth.password === script.password;
    done(
        right ? null : error('535 Wrong name or password'),
        right ? {user: script.user} : undefined);
  },
  onMailFrom(
      address, session,
      done) { done(script.refuse_sender ? error(script.refuse_sender) : undefined); },
  onRcptTo(address, session, done) {
    if (script.hang_at === 'recipient') return;
    const reply = script.refuse_recipients[address.address];
    done(reply ? error(reply) : undefined);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const raw = Buffer.concat(chunks);
      if (script.hang_at === 'data') return;
      if (script.refuse_data) return done(error(script.refuse_data));
      const id = /^Message-ID:\s*(\S+)/im.exec(raw.toString('latin1'))?.[1] ?? '';
      const before = refused.get(id) ?? 0;
      if (before < script.refuse_first) {
        refused.set(id, before + 1);
        return done(error('451 Come back later'));
      }
      keep(raw, session);
      if (cut < script.cut_after_data) {
        cut += 1;
        return [...server.connections].forEach((connection) => connection._socket.destroy());
      }
      done(null, 'Taken');
      if (script.close_after && count % script.close_after === 0) {
        setTimeout(() => [...server.connections].forEach((connection) => connection.close()), 20);
      }
    });
  },
});

server.on('error', () => {});  // peers that break off are what tests want
server.listen(0, '127.0.0.1', () => console.log(`port ${server.server.address().port}`));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
