// A real mail server on a free port of the loopback. Writes one line of JSON per event to stdout:
//   { port } once it listens
//   { letter: { connection, accepted, secure, user, from, to, headers: [[name, value], …], subject, text, raw } } per letter that came in whole
//   { closed: connection } when a connection has ended
// Connections count from 1. The one argument is JSON, every member optional:
//   auth: [user, password]   sign-in is required
//   starttls: true           STARTTLS is offered, with a certificate that nobody trusts
//   tls: true                the same certificate from the first byte on
//   reject: [address, …]     these recipients are refused for good, quoting the address
//   answers: [what, …]       to the letters in turn, the last one standing for all that follow: "take", "later" (451), "never" (554, quoting the letter),
//                            "hangup" (once the letter is there, without an answer), "die" (the whole process, half-way through the letter), "silence"
//   port: number             instead of any that is free
//   timeout: milliseconds    after which an idle connection is closed
// It ends when stdin does.
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const { auth, starttls, tls, reject = [], answers = ['take'], port = 0, timeout } = JSON.parse(process.argv[2] ?? '{}');
const say = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const refusal = (responseCode, message) => Object.assign(new Error(message), { responseCode });
const connections = new Map();
let letters = 0;

const server = new SMTPServer({
  logger: false,
  secure: tls,
  disabledCommands: [...(starttls ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])],
  allowInsecureAuth: true,
  socketTimeout: timeout,
  disableReverseLookup: true,
  onConnect(session, callback) {
    connections.set(session.id, connections.size + 1);
    callback();
  },
  onAuth({ username, password }, session, callback) {
    if (username === auth[0] && password === auth[1]) callback(null, { user: username });
    else callback(refusal(535, '5.7.8 Wrong user or password'));
  },
  onRcptTo({ address }, session, callback) {
    callback(reject.includes(address) ? refusal(550, `5.1.1 <${address}>: there is no such mailbox`) : null);
  },
  async onData(stream, session, callback) {
    const answer = answers[Math.min(letters++, answers.length - 1)];
    if (answer === 'die') return stream.once('data', () => process.exit(9));
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    const { headers, subject, text } = await PostalMime.parse(raw);
    const { mailFrom, rcptTo } = session.envelope;
    say({
      letter: {
        connection: connections.get(session.id),
        accepted: answer === 'take',
        secure: session.secure,
        user: session.user,
        from: mailFrom.address,
        to: rcptTo.map((one) => one.address),
        headers: headers.map(({ key, value }) => [key, value]),
        subject,
        text,
        raw,
      },
    });
    if (answer === 'take') callback();
    else if (answer === 'later') callback(refusal(451, '4.3.0 Try again later'));
    else if (answer === 'never') callback(refusal(554, `5.7.1 This is spam: ${text.replace(/\s+/g, ' ')}`));
    else if (answer === 'hangup') for (const connection of server.connections) if (connection.id === session.id) connection._socket.destroy();
  },
  onClose(session) {
    say({ closed: connections.get(session.id) });
  },
});

// A client that hangs up, or does not trust the certificate, is part of what is tested.
server.on('error', () => {});
server.listen(port, '127.0.0.1', () => say({ port: server.server.address().port }));
process.stdin.resume().on('end', () => process.exit());
