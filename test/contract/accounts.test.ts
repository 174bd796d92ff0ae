import { type CapsuleAccount } from '../../shared/store/accounts';
import { useStore } from '../support/database';

const account: CapsuleAccount = {
  titles: ['Mr', 'Dr'],
  countryNames: { GB: 'United Kingdom', IE: 'Ireland' },
  fields: { sageId: 11, sageReference: 12, tagId: 1 },
};

describe('Capsule accounts', () => {
  const { store } = useStore();

  test('what an account offers comes back whole', async () => {
    await store().accounts.save('acme', account);
    expect(await store().accounts.get('acme')).toEqual(account);
  });

  test('what was read last counts', async () => {
    const bare: CapsuleAccount = {
      ...{ titles: [], countryNames: {} },
      fields: { sageId: null, sageReference: null, tagId: null },
    };
    await store().accounts.save('downgraded', account);
    await store().accounts.save('downgraded', bare);
    expect(await store().accounts.get('downgraded')).toEqual(bare);
  });

  test('an account that nobody has read is told as that', async () => {
    await expect(store().accounts.get('unread')).rejects.toThrow('has not been read yet');
  });
});
