import { type CapsuleAccount } from '../../shared/store/accounts';
import { useStore } from '../support/database';

const account: CapsuleAccount = {
  titles: ['Mr', 'Dr'],
  countryNames: { GB: 'United Kingdom', IE: 'Ireland' },
  fields: { sageId: 11, sageReference: 12, tagId: 1 },
  figures: null,
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
      figures: null,
    };
    await store().accounts.save('downgraded', account);
    await store().accounts.save('downgraded', bare);
    expect(await store().accounts.get('downgraded')).toEqual(bare);
  });

  test('the fields of figures stay known when the account is read again', async () => {
    const { figures: _none, ...read } = account;
    const figures = {
      rule: 'all',
      ids: { tagId: 1, balance: 2, overdue: 3, invoices: 4 },
      refusedAt: null,
    } as const;
    await store().accounts.save('again', read);
    await store().accounts.saveFigures('again', figures);
    await store().accounts.save('again', read);
    expect(await store().accounts.get('again')).toEqual({ ...account, figures });
  });

  test('an account that nobody has read is told as that', async () => {
    await expect(store().accounts.get('unread')).rejects.toThrow('has not been read yet');
  });
});
