import { startSandbox } from './index';
import { optionsFromEnvironment } from './options';

async function main(): Promise<void> {
  const sandbox = await startSandbox(optionsFromEnvironment(process.env));
  console.log(`Sage sandbox     ${sandbox.sageUrl}`);
  console.log(`Capsule sandbox  ${sandbox.capsuleUrl}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void sandbox.close();
    });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
