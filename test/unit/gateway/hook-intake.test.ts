import { createHookIntake } from '../../../services/gateway/hook-intake';
import { type Services } from '../../../services/gateway/services';

const TENANT = 'acme';

/** The gateway's services as far as the intake knows them. @param signal what Temporal does */
function intakeWith(signal: () => Promise<void>, connected = true) {
  const noted: number[] = [];
  const signalled: number[] = [];
  const services = {
    store: {
      tenants: { find: () => Promise.resolve({ connected }) },
      changes: {
        handOver: (_tenant: string, ids: readonly number[]) => Promise.resolve(void noted.push(...ids)),
      },
    },
    temporal: {
      signalPartiesChanged: () => {
        signalled.push(Date.now());
        return signal();
      },
    },
    log: { warn: () => undefined },
    now: () => new Date(),
  } as unknown as Services;
  return { intake: createHookIntake(services), noted, signalled };
}

const edited = (changed: number[]) => ({ changed, presumed: [] });

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('R12 hooks become few signals', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('signals the first hook at once, and those just after it together', async () => {
    const { intake, noted, signalled } = intakeWith(() => Promise.resolve());
    await intake.take(TENANT, edited([1]));
    await pass(0);
    expect(signalled).toHaveLength(1);
    for (const id of [2, 3, 4]) await intake.take(TENANT, edited([id]));
    await pass(25);
    expect({ noted, signals: signalled.length }).toEqual({ noted: [1, 2, 3, 4], signals: 2 });
  });

  it('signals ever less often while hooks keep coming, and at once again after a calm', async () => {
    const { intake, signalled } = intakeWith(() => Promise.resolve());
    for (let n = 1; n <= 600; n += 1) {
      await intake.take(TENANT, edited([n]));
      await pass(100);
    }
    expect(signalled.length).toBeLessThan(15);
    const before = signalled.length;
    await pass(1_500);
    await intake.take(TENANT, edited([601]));
    await pass(0);
    expect(signalled.length).toBeGreaterThan(before);
  });

  it('has one signal under way at most', async () => {
    const answers: (() => void)[] = [];
    const { intake, signalled } = intakeWith(() => new Promise((resolve) => answers.push(resolve)));
    for (const id of [1, 2, 3]) {
      await intake.take(TENANT, edited([id]));
      await pass(500);
    }
    expect(signalled).toHaveLength(1);
    answers.forEach((answer) => answer());
    await pass(500);
    expect(signalled).toHaveLength(2);
  });

  it('tells again what Temporal did not take, for a while', async () => {
    let away = 3;
    const { intake, signalled } = intakeWith(() =>
      away-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve(),
    );
    await intake.take(TENANT, edited([1]));
    await pass(60_000);
    expect(signalled).toHaveLength(4);
    away = 1_000;
    await intake.take(TENANT, edited([2]));
    await pass(600_000);
    expect(signalled).toHaveLength(12);
  });

  it('R23 never starts work for a tenant that is not connected', async () => {
    const { intake, signalled } = intakeWith(() => Promise.resolve(), false);
    await intake.take(TENANT, edited([1]));
    await pass(60_000);
    expect(signalled).toEqual([]);
  });
});
