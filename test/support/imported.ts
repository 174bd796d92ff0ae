import { markerUrl } from '../../shared/ids';
import { createLogger } from '../../shared/log';
import { type ImportCounts, type SyncPhase } from '../../shared/domain/types';
import { bootGateway, type TestGateway } from './gateway';
import { type TestBrowser } from './test-browser';
import { startWorker, type TestWorker } from './worker';

/** A company that has connected through the gateway and was imported, with everything running. */
export interface ImportedCompany {
  gateway: TestGateway;
  worker: TestWorker;
  tenantId: string;
  admin: TestBrowser;
  /** The figures that the pages show; fails when they do not account for everybody. */
  figures(): Promise<ImportCounts>;
  /** How many Capsule parties carry the marker of a Sage contact. */
  copies(sageContactId: string): number;
  close(): Promise<void>;
}

/**
 * @param prepare fills the two sandboxes before the import
 * @param options.until the phase to wait for: the import's end unless told otherwise
 * @param options.sageUser who connects
 */
export async function importCompany(
  prepare: (gateway: TestGateway) => void,
  options: { until?: SyncPhase; env?: Record<string, string>; sageUser?: string } = {},
): Promise<ImportedCompany> {
  const gateway = await bootGateway({ sandbox: { contacts: 0, parties: 0 }, env: options.env });
  const { services, sandbox } = gateway;
  prepare(gateway);
  const tenantId = sandbox.capsule.account.tenant;
  const log = createLogger('test', process.env.TEST_LOG ?? 'silent');
  const worker = await startWorker(
    { config: services.config, core: services, log, tenantId },
    gateway.taskQueue,
  );
  const admin = gateway.browser();
  await admin.connectCapsule('alice');
  await admin.connectSage(options.sageUser ?? 'single');
  await worker.reaches(options.until ?? 'active');

  const company: ImportedCompany = {
    ...{ gateway, worker, tenantId, admin },
    async figures() {
      const { body } = await admin.api<{ import: ImportCounts }>('GET', '/api/status');
      const { total, done, linked, created, review, excluded, failed } = body.import;
      const sum = linked + created + review + excluded + failed;
      if (sum !== total || done !== total) throw new Error(`not everybody: ${JSON.stringify(body.import)}`);
      return { total, done, linked, created, review, excluded, failed };
    },
    copies(sageContactId) {
      const marker = markerUrl(services.config.publicUrl, sageContactId);
      const bears = ({ websites }: { websites: readonly { address: string }[] }) =>
        websites.some(({ address }) => address === marker);
      return sandbox.capsule.parties().filter(bears).length;
    },
    async close() {
      await company.worker.close();
      await gateway.close();
    },
  };
  return company;
}
