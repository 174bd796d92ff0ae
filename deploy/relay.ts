import { connect, createServer, type Server } from 'node:net';

/**
 * Makes a port of another container answer on this one's loopback, so that both can use one address for it:
 * plain http is allowed for loopback hosts only. For the compose profile `sandbox`, never for real vendors.
 *
 *   node --import tsx deploy/relay.ts 4010=sandbox:4010 …
 */
export async function relay(port: number, host: string, targetPort: number): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(targetPort, host);
    near.pipe(far).pipe(near);
    // An end that breaks takes the other with it; the client sees a closed connection and asks again.
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

async function main(routes: string[]): Promise<void> {
  for (const route of routes) {
    const match = /^(\d+)=([\w.-]+):(\d+)$/.exec(route);
    if (!match) throw new Error(`A route looks like 4010=sandbox:4010, not "${route}".`);
    await relay(Number(match[1]), String(match[2]), Number(match[3]));
    console.log(`127.0.0.1:${match[1]} → ${match[2]}:${match[3]}`);
  }
}

if (process.argv[1] === __filename) {
  process.once('SIGTERM', () => process.exit(0));
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
