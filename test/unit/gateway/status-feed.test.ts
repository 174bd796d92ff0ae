import { type AddressInfo } from 'node:net';
import { type Server } from 'node:http';
import express from 'express';
import { createStatusFeed, type StatusFeed } from '../../../services/gateway/status-feed';
import { type StatusModel } from '../../../services/gateway/pages';
import { createLogger } from '../../../shared/log';
import { EventListener } from '../../support/event-listener';
import { until } from '../../support/until';

interface Message {
  tenantId: string;
  version: number;
}

describe('the feed of the status', () => {
  let server: Server;
  let feed: StatusFeed;
  let versions: Record<string, number>;
  let reads: Record<string, number>;
  let failing: boolean;
  let open: EventListener<Message>[];

  const read = (tenantId: string) => {
    reads[tenantId] = (reads[tenantId] ?? 0) + 1;
    if (failing) return Promise.reject(new Error('store is away'));
    return Promise.resolve({ tenantId, version: versions[tenantId] ?? 0 } as unknown as StatusModel);
  };

  const listen = async (tenantId: string) => {
    const listener = new EventListener<Message>();
    open.push(listener);
    const { port } = server.address() as AddressInfo;
    await listener.open(`http://127.0.0.1:${port}/${tenantId}`);
    await until(() => listener.messages.length > 0);
    return listener;
  };

  beforeEach(async () => {
    [versions, reads, failing, open] = [{}, {}, false, []];
    feed = createStatusFeed(read, createLogger('test', 'silent'), 50);
    const app = express().get('/:tenantId', (req, res) => feed.follow(req.params.tenantId, req, res));
    server = app.listen(0, '127.0.0.1');
    await until(() => server.listening);
  });

  afterEach(() => {
    for (const listener of open) listener.close();
    feed.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  test('what stays the same is sent once, a change at the next poll', async () => {
    const listener = await listen('a');
    await until(() => (reads.a ?? 0) >= 3);
    expect(listener.messages).toEqual([{ tenantId: 'a', version: 0 }]);
    versions.a = 1;
    await until(() => listener.messages.length > 1);
    expect(listener.messages[1]).toEqual({ tenantId: 'a', version: 1 });
  });

  test('each tenant hears of itself only', async () => {
    const [a, b] = [await listen('a'), await listen('b')];
    versions.b = 1;
    await until(() => b.messages.length > 1);
    expect(a.messages).toEqual([{ tenantId: 'a', version: 0 }]);
  });

  test('ten open pages ask once a poll, not ten times', async () => {
    await listen('b');
    for (let i = 0; i < 10; i += 1) await listen('a');
    const before = { ...reads };
    await until(() => (reads.b ?? 0) >= (before.b ?? 0) + 3);
    expect((reads.a ?? 0) - (before.a ?? 0)).toBeLessThanOrEqual(4);
  });

  test('when the last page of a tenant is closed, nobody asks for it any more', async () => {
    const [a] = [await listen('a'), await listen('b')];
    a.close();
    await until(() => a.closed);
    const before = { ...reads };
    await until(() => (reads.b ?? 0) >= (before.b ?? 0) + 3);
    expect((reads.a ?? 0) - (before.a ?? 0)).toBeLessThanOrEqual(1);
  });

  test('a poll that fails is followed by another one', async () => {
    const listener = await listen('a');
    failing = true;
    const before = reads.a ?? 0;
    await until(() => (reads.a ?? 0) > before);
    [failing, versions.a] = [false, 2];
    await until(() => listener.messages.length > 1);
    expect(listener.messages[1]).toMatchObject({ version: 2 });
  });
});
