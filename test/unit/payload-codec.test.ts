import fc from 'fast-check';
import { createKeyring } from '../../shared/crypto';
import { createPayloadCodec, dataConverterOf } from '../../shared/temporal/payload-codec';

const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });
const codec = createPayloadCodec(createKeyring([key('k1', 1)]));
const payload = fc.record({
  metadata: fc.dictionary(fc.string(), fc.uint8Array()),
  data: fc.uint8Array(),
});
const plain = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('hex');

describe('the payload codec', () => {
  test('gives back what it sealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(payload, { maxLength: 3 }), async (payloads) => {
        const opened = await codec.decode(await codec.encode(payloads));
        expect(opened.map(({ data }) => plain(data))).toEqual(payloads.map(({ data }) => plain(data)));
        opened.forEach(({ metadata }, i) => {
          const names = Object.keys(payloads[i]?.metadata ?? {});
          expect(Object.keys(metadata ?? {})).toEqual(names);
          for (const name of names) expect(plain(metadata?.[name])).toBe(plain(payloads[i]?.metadata[name]));
        });
      }),
    );
  });

  test('leaves nothing readable, and lets through what was never sealed', async () => {
    const secret = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"tenant-4711"') };
    const [sealed] = await codec.encode([secret]);
    expect(Buffer.from(sealed?.data ?? []).toString()).not.toContain('4711');
    expect(Buffer.from(sealed?.metadata?.encoding ?? []).toString()).toBe('binary/encrypted');
    expect(await codec.decode([secret])).toEqual([secret]);
  });

  test('opens what an older key sealed while that key is in the ring, and nothing else', async () => {
    const sealed = await codec.encode([{ data: Buffer.from('1') }]);
    const rotated = createPayloadCodec(createKeyring([key('k2', 2), key('k1', 1)]));
    expect(plain((await rotated.decode(sealed))[0]?.data)).toBe(plain(Buffer.from('1')));
    const other = createPayloadCodec(createKeyring([key('k1', 9)]));
    await expect((async () => other.decode(sealed))()).rejects.toThrow(/altered/);
  });

  test('is used only where it is switched on', () => {
    const encryptionKeys = [key('k1', 1)];
    expect(dataConverterOf({ payloadEncryption: false, encryptionKeys })).toBeUndefined();
    expect(dataConverterOf({ payloadEncryption: true, encryptionKeys })?.payloadCodecs).toHaveLength(1);
  });
});
