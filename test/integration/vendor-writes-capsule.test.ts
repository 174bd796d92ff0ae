import { createCapsuleClient } from '../../shared/capsule/client';
import { capsuleDialect } from '../../shared/capsule/dialect';
import { mapParty } from '../../shared/domain/synced-fields';
import { createPacer } from '../../shared/http/pacer';
import { createVendorHttp } from '../../shared/http/vendor-http';
import { useCapsuleSandbox } from '../support/capsule-sandbox';

const UNLIMITED = { ownLimit: 0, ownWindowMs: 60_000, reserveShare: 0 };
const iso = (ms: number) => new Date(ms).toISOString();

describe('writes to Capsule', () => {
  const { capsule, call, create } = useCapsuleSandbox();

  function client(username = 'alice') {
    const { accessToken } = capsule().issueTokens(username);
    const tokens = { get: () => Promise.resolve(accessToken) };
    const http = createVendorHttp({
      ...{ apiUrl: `${capsule().url}/api/v2`, dialect: capsuleDialect, tokens },
      pacer: createPacer('capsule', UNLIMITED),
    });
    return createCapsuleClient(http);
  }
  const firm = (more: object = {}) => ({ type: 'organisation' as const, name: 'Hall & Sons', ...more });

  test('25 parties are read by id, and a missing one is just absent', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 25; n += 1) ids.push((await create(firm({ name: `Firm ${n}` }))).id);
    capsule().deleteParty(ids[7] ?? 0);
    capsule().account.restricted.add(ids[24] ?? 0);
    const reads = await client().getParties(ids);
    expect(reads.map(({ party }) => party.id)).toEqual(ids.filter((_, index) => index !== 7 && index !== 24));
    await expect(client().getParty(ids[7] ?? 0)).rejects.toMatchObject({ kind: 'missing' });
  });

  test('R15 a tag is found, taken off, and taken off again without complaint', async () => {
    const { id } = await create(firm({ tags: [{ name: 'Add to Sage' }, { name: 'Other' }] }));
    await create(firm({ name: 'Untagged' }));
    expect(await client().listTagged('Add to Sage')).toEqual([id]);
    const [tag] = (await client().getParty(id)).tags;
    expect(tag?.name).toBe('Add to Sage');
    const edit = { removeTagIds: [tag?.id ?? 0] };
    await client().editParty(id, edit);
    await client().editParty(id, edit);
    expect((await client().getParty(id)).tags).toMatchObject([{ name: 'Other' }]);
    expect(await client().listTagged('Add to Sage')).toEqual([]);
    expect(await client().listTagged('No such tag')).toEqual([]);
  });

  test('R19 our website row goes, the others stay', async () => {
    const websites = ['https://hall.test', 'https://sync.test/s/s1'].map((address) => ({
      address,
      service: 'URL',
    }));
    const { id } = await create(firm({ websites }));
    const row = (await client().listWebsiteRows(id)).find(({ address }) => address.endsWith('/s/s1'));
    const after = await client().editParty(id, { removeWebsites: [row?.id ?? 0] });
    expect(after.websites).toEqual(['https://hall.test']);
    expect((await client().editParty(id, { removeWebsites: [row?.id ?? 0] })).websites).toEqual(
      after.websites,
    );
  });

  test('R19 our fields are filled and cleared, others are not touched', async () => {
    const tag = await client().createDataTag('Sage');
    const ours = await client().createFieldDefinition('Sage balance', tag.id);
    const other = await client().createFieldDefinition('Shoe size', tag.id);
    const { id } = await create(firm());
    const values = async () =>
      (await call('GET', `/parties/${id}?embed=fields`)).body.party.fields.map(({ value }) => value);
    await client().editParty(id, {
      fields: [
        { id: ours.id, value: '£10.00' },
        { id: other.id, value: '9' },
      ],
      addTagIds: [tag.id],
    });
    expect(await values()).toEqual(['£10.00', '9']);
    await client().editParty(id, { clearFields: [ours.id] });
    await client().editParty(id, { clearFields: [ours.id] });
    expect(await values()).toEqual(['9']);
  });

  test('an edit of a party that is gone finds it missing', async () => {
    const { id } = await create(firm());
    capsule().deleteParty(id);
    await expect(client().editParty(id, { clearFields: [1], removeTagIds: [1] })).rejects.toMatchObject({
      kind: 'missing',
    });
  });

  test('R18 deletions are listed from the very second on, restricted parties are none', async () => {
    const { id } = await create(firm());
    const hidden = await create(firm({ name: 'Hidden' }));
    capsule().account.restricted.add(hidden.id);
    capsule().deleteParty(id);
    const [gone] = [...capsule().account.parties.deleted()];
    const { ids, date } = await client().listDeletedSince(iso(gone?.deletedAt ?? 0));
    expect(ids).toEqual([id]);
    expect(Math.abs(date.getTime() - capsule().clock.now())).toBeLessThan(10_000);
  });

  test('R18 deletions are listed from all pages', async () => {
    const made: number[] = [];
    for (let n = 0; n < 120; n += 1) made.push(capsule().addParty(firm({ name: `Firm ${n}` })).id);
    for (const id of made) capsule().deleteParty(id);
    const { ids } = await client().listDeletedSince(iso(0));
    expect(new Set(ids)).toEqual(new Set(made));
  });

  test('R12 hooks are subscribed to, listed and removed', async () => {
    const target = 'https://sync.test/hooks/t1';
    const { id } = await client().subscribeHook('party/updated', target, 'capsule-sage-sync');
    expect(await client().listHooks()).toEqual([{ id, event: 'party/updated', targetUrl: target }]);
    await client().deleteHook(id);
    await client().deleteHook(id);
    expect(await client().listHooks()).toEqual([]);
  });

  test('R12 a hook is refused when the account has no room for it, and to non-administrators', async () => {
    const subscribe = (username: string) =>
      client(username).subscribeHook('party/created', 'https://sync.test/hooks/t1', 'capsule-sage-sync');
    const member = capsule().account.users.find(({ administrator }) => !administrator)?.username ?? '';
    await expect(subscribe(member)).rejects.toMatchObject({ kind: 'forbidden' });
    capsule().account.quirks.hooksOfOtherApps = 20;
    await expect(subscribe('alice')).rejects.toMatchObject({ kind: 'rejected', status: 422 });
  });

  test('countries are mapped by the names that Capsule itself lists', async () => {
    const names = await client().listCountryNames();
    const codes = new Map([...names].map(([code, name]) => [name, code]));
    const made = [...names.values()].map(
      (country) => capsule().addParty(firm({ addresses: [{ country }] })).id,
    );
    const reads = await client().getParties(made);
    expect(reads).toHaveLength(names.size);
    for (const { party } of reads) {
      const { faults, fields } = mapParty(party, codes);
      expect(faults).toEqual([]);
      expect(names.get(fields.countryCode ?? '')).toBe(party.addresses[0]?.country);
    }
  });
});
