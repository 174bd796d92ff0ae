import { sandboxEnvironment } from '../../services/local/environment';
import { startSandbox } from '../../services/sandbox';

test('the local stack points at the sandboxes as they describe themselves', async () => {
  const sandbox = await startSandbox({ contacts: 0 });
  try {
    const ports = {
      sage: Number(new URL(sandbox.sageUrl).port),
      capsule: Number(new URL(sandbox.capsuleUrl).port),
    };
    expect(sandboxEnvironment(ports, { sandboxFile: 'file' })).toMatchObject(sandbox.environment);
  } finally {
    await sandbox.close();
  }
});
