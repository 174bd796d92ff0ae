import { storeReady, temporalReady } from '../../services/local/health';

test('the servers of the test run answer', async () => {
  expect(await temporalReady(process.env.TEMPORAL_ADDRESS ?? '')()).toBe(true);
  expect(await storeReady(process.env.MONGODB_URI ?? '')()).toBe(true);
});

test('a server that is not there counts as not ready', async () => {
  await expect(temporalReady('127.0.0.1:1')()).rejects.toThrow();
  await expect(storeReady('mongodb://127.0.0.1:1')()).rejects.toThrow();
});
