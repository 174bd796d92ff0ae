import { rmSync } from 'node:fs';

/** Ends what test/support/servers.ts started. */
export default async function stopServers(): Promise<void> {
  const { folder, processes } = globalThis.testServers ?? { folder: null, processes: [] };
  await Promise.all(processes.map((server) => server.stop()));
  if (folder) rmSync(folder, { recursive: true, force: true });
}
