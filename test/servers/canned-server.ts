import net from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A server in a process of its own that gives every request without a body the same small answer, as
 * fast as Node can, and tells its parent how many it has answered when asked.
 */
const answer = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok';
let answered = 0;

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.setEncoding('latin1');
  socket.on('error', () => {}); // a client that goes is none of its business
  socket.on('data', (text: string) => {
    const requests = text.split('\r\n\r\n').length - 1;
    answered += requests;
    socket.write(answer.repeat(requests), 'latin1');
  });
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('message', () => process.send!(answered));
process.on('disconnect', () => process.exit());
