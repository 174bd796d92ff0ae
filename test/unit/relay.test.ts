import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { relay } from '../../deploy/relay';

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

describe('the relay between containers', () => {
  const open: { close(): unknown }[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) server.close();
  });

  async function target(): Promise<Server> {
    const server = createServer((req, res) => {
      req.pipe(res.writeHead(201, { connection: 'close' }));
    }).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    return server;
  }

  it('passes a request and its answer on unchanged', async () => {
    const near = await relay(0, '127.0.0.1', portOf(await target()));
    open.push(near);
    const body = 'Łódź & Söhne '.repeat(20_000);
    const answer = await fetch(`http://127.0.0.1:${portOf(near)}/`, { method: 'POST', body });
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe(body);
  });

  it('closes the connection when nothing answers behind it, and goes on serving', async () => {
    const server = await target();
    const port = portOf(server);
    const near = await relay(0, '127.0.0.1', port);
    open.push(near);
    server.close();
    await once(server, 'close');
    await expect(fetch(`http://127.0.0.1:${portOf(near)}/`)).rejects.toThrow('fetch failed');

    open.push(createServer((_req, res) => res.end('back')).listen(port, '127.0.0.1'));
    const again = await fetch(`http://127.0.0.1:${portOf(near)}/`);
    expect(await again.text()).toBe('back');
  });

  it('listens on loopback only', async () => {
    const near = await relay(0, '127.0.0.1', 1);
    open.push(near);
    expect((near.address() as AddressInfo).address).toBe('127.0.0.1');
  });
});
