// Opens messages of Web Push (RFC 8291): each line names a browser's private key, its secret and a message, all base64url; answers with what it says, or why it cannot be opened.
import { createECDH } from 'node:crypto';
import { createInterface } from 'node:readline';
import ece from 'http_ece';

for await (const line of createInterface({ input: process.stdin })) {
  const { key, auth, body } = JSON.parse(line);
  const privateKey = createECDH('prime256v1');
  privateKey.setPrivateKey(key, 'base64url');
  let answer;
  try {
    answer = { text: ece.decrypt(Buffer.from(body, 'base64url'), { version: 'aes128gcm', privateKey, authSecret: auth }).toString('utf8') };
  } catch (wrong) {
    answer = { error: String(wrong) };
  }
  console.log(JSON.stringify(answer));
}
