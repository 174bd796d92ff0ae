import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface Heard {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the server does with a request. A body that is a text is sent as it is, any other as JSON. */
export type Answer =
  { status?: number; body?: unknown; headers?: Record<string, string> } | 'hang up' | 'cut short';

/** A server of the tests of a file that answers as it is told to and remembers what it was asked. */
export function useVendorServer() {
  let server: Server;
  let heard: Heard[] = [];
  let script: Answer[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      void hear(request).then((what) => {
        heard.push(what);
        const answer = (script.length > 1 ? script.shift() : script[0]) ?? {};
        give(answer, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  beforeEach(() => {
    heard = [];
    script = [];
  });

  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  return {
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    /** The answers to the next requests in turn; the last one stays. */
    answer(...answers: Answer[]): void {
      script = answers;
    },
  };
}

/** An address on which nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

async function hear(request: IncomingMessage): Promise<Heard> {
  const { method = '', url = '', headers } = request;
  let body = '';
  for await (const part of request) body += String(part);
  return { method, url, headers, body };
}

function give(answer: Answer, response: ServerResponse): void {
  if (answer === 'hang up') {
    response.socket?.destroy();
    return;
  }
  if (answer === 'cut short') {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"half":', () => response.socket?.destroy());
    return;
  }
  const { status = 200, body, headers } = answer;
  response.writeHead(status, headers);
  response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
}
