import { type DataConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import { createKeyring, type Key, type Keyring } from '../crypto';

/** How payloads say that they are sealed; anything else is passed on as it is. */
const ENCODING = 'binary/encrypted';
/** Ties what was sealed to its use: a payload opens nowhere else. */
const CONTEXT = 'temporal-payload';

interface Plain {
  metadata: Record<string, string>;
  data: string;
}

/**
 * Seals every input and result before it leaves for Temporal, so that histories and the Temporal UI hold nothing
 * readable. Payloads sealed before a rotation open as long as their key is in the ring.
 */
export function createPayloadCodec(keyring: Keyring): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => seal(keyring, payload))),
    decode: (payloads) => Promise.resolve(payloads.map((payload) => open(keyring, payload))),
  };
}

/** What clients and workers are given; undefined leaves payloads in clear. */
export function dataConverterOf(config: {
  payloadEncryption: boolean;
  encryptionKeys: Key[];
}): DataConverter | undefined {
  if (!config.payloadEncryption) return undefined;
  return {
    payloadCodecs: [createPayloadCodec(createKeyring(config.encryptionKeys))],
    // Messages and stacks of failures as well: a vendor's words may name a customer.
    failureConverterPath: require.resolve('./failure-converter'),
  };
}

function seal(keyring: Keyring, { metadata, data }: Payload): Payload {
  const plain: Plain = {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
    data: Buffer.from(data ?? []).toString('base64'),
  };
  return {
    metadata: { encoding: Buffer.from(ENCODING) },
    data: Buffer.from(keyring.seal(JSON.stringify(plain), CONTEXT)),
  };
}

/** @throws SealError when the payload was altered, or its key is not in the ring */
function open(keyring: Keyring, payload: Payload): Payload {
  const encoding = Buffer.from(payload.metadata?.encoding ?? []).toString();
  if (encoding !== ENCODING) return payload;
  const text = keyring.open(Buffer.from(payload.data ?? []).toString(), CONTEXT);
  const plain = JSON.parse(text) as Plain;
  return {
    metadata: Object.fromEntries(
      Object.entries(plain.metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
    ),
    data: Buffer.from(plain.data, 'base64'),
  };
}
