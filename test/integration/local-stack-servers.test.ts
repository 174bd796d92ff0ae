import { storeReady, temporalReady } from '../../services/local/health';

test('the servers of the test run answer', async () => {
  expect(await temporalReady(process.env.TEMPORAL_ADDRESS ?? '')()).toBe(true);
  expect(await storeReady(process.env.MONGODB_URI ?? '')()).toBe(true);
});

test('a server that is not there counts as not ready', async () => {
  const probes = [temporalReady('127.0.0.1:1'), storeReady('mongodb://127.0.0.1:1')];
  const answers = await Promise.allSettled(probes.map((probe) => probe()));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
