import { once } from 'node:events';
import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createCodecServer } from '../../services/codec-server/app';
import { createKeyring } from '../../shared/crypto';
import { importWorkflowId, tenantSyncWorkflowId } from '../../shared/ids';
import { createPayloadCodec } from '../../shared/temporal/payload-codec';
import { type Company, connectCompany } from '../support/company';
import { startWorker, type TestWorker } from '../support/worker';

interface RawPayload {
  metadata: Record<string, Uint8Array>;
  data: Uint8Array;
}

/** Every payload of a value, however deep: what has bytes as data and an encoding. */
function payloadsOf(value: unknown): RawPayload[] {
  if (typeof value !== 'object' || value === null) return [];
  const { data, metadata } = value as Partial<RawPayload>;
  if (data instanceof Uint8Array && metadata?.encoding) return [value as RawPayload];
  return Object.values(value).flatMap(payloadsOf);
}

describe('histories with TEMPORAL_PAYLOAD_ENCRYPTION=on', () => {
  let company: Company;
  let worker: TestWorker;
  let events: unknown[];
  let codecServer: Server;
  let endpoint: string;

  beforeAll(async () => {
    company = await connectCompany({
      sandbox: { contacts: 5 },
      env: { TEMPORAL_PAYLOAD_ENCRYPTION: 'on' },
    });
    worker = await startWorker(company);
    await worker.startTenantSync();
    await worker.reaches('active');
    const { workflow } = worker.client;
    const histories = await Promise.all(
      [tenantSyncWorkflowId(company.tenantId), importWorkflowId(company.tenantId, 1)].map((id) =>
        workflow.getHandle(id).fetchHistory(),
      ),
    );
    events = histories.flatMap((history) => history.events ?? []);
    const codec = createPayloadCodec(createKeyring(company.config.encryptionKeys));
    codecServer = createCodecServer(codec, company.config.temporal.uiUrl).listen(0, '127.0.0.1');
    await once(codecServer, 'listening');
    endpoint = `http://127.0.0.1:${(codecServer.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    codecServer.close();
    await worker.close();
    await company.close();
  });

  test('hold no input and no result in clear', () => {
    // Search attributes are for the server to read: they name the tenant and its phase, and bear a type.
    const payloads = payloadsOf(events).filter(({ metadata }) => !('type' in metadata));
    expect(payloads.length).toBeGreaterThan(10);
    const encodings = new Set(
      payloads.map(({ metadata }) => Buffer.from(metadata.encoding ?? []).toString()),
    );
    expect([...encodings]).toEqual(['binary/encrypted']);
    const readable = payloads.map(({ data }) => Buffer.from(data).toString()).join() + JSON.stringify(events);
    expect(readable).not.toContain(company.sandbox.sage.business().name);
    expect(readable).not.toContain('businessName');
  });

  const decode = (origin: string) =>
    fetch(`${endpoint}/decode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({
        payloads: payloadsOf(events)
          .slice(0, 1)
          .map(({ metadata, data }) => ({
            metadata: { encoding: Buffer.from(metadata.encoding ?? []).toString('base64') },
            data: Buffer.from(data).toString('base64'),
          })),
      }),
    });

  test('are opened for the Temporal UI by the codec server, and for no other page', async () => {
    const answer = await decode(new URL(company.config.temporal.uiUrl).origin);
    const { payloads } = (await answer.json()) as { payloads: { data: string }[] };
    expect(Buffer.from(payloads[0]?.data ?? '', 'base64').toString()).toContain(company.tenantId);
    expect((await decode('https://elsewhere.example')).status).toBe(403);
  });

  test('a payload that was altered is refused with a reason, and a body that is none as well', async () => {
    const post = (body: object) =>
      fetch(`${endpoint}/decode`, {
        ...{ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
      });
    const encoding = Buffer.from('binary/encrypted').toString('base64');
    const altered = { metadata: { encoding }, data: Buffer.from('k1.a.b.c').toString('base64') };
    expect((await post({ payloads: [altered] })).status).toBe(422);
    expect((await post({ payloads: 'none' })).status).toBe(400);
  });
});
