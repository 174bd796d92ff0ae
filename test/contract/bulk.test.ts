import { randomUUID } from 'node:crypto';
import { insertNew, insertOrReplace } from '../../shared/store/bulk';
import { useStore } from '../support/database';

interface Row {
  _id: string;
  value: number;
}
const rows = (from: number, to: number, value = 1): Row[] =>
  Array.from({ length: to - from }, (_, i) => ({ _id: `r${from + i}`, value }));
const byId = (a: Row, b: Row) => a._id.localeCompare(b._id);

describe('bulk writes', () => {
  const { db } = useStore();
  const fresh = () => db().collection<Row>(randomUUID());

  test('nothing to write is written', async () => {
    const collection = fresh();
    expect(await insertNew(collection, [])).toEqual([]);
    await insertOrReplace(collection, []);
    expect(await collection.countDocuments()).toBe(0);
  });

  test('of new and known documents over several commands the known ones are told', async () => {
    const collection = fresh();
    await insertNew(collection, [...rows(0, 10), ...rows(490, 510), ...rows(1_195, 1_200)]);
    const known = await insertNew(collection, rows(0, 1_200, 2));
    expect(known.sort(byId)).toEqual(
      [...rows(0, 10, 2), ...rows(490, 510, 2), ...rows(1_195, 1_200, 2)].sort(byId),
    );
    expect(await collection.countDocuments({ value: 1 })).toBe(35);
    expect(await collection.countDocuments({ value: 2 })).toBe(1_165);
  });

  test('when all are known all are told', async () => {
    const collection = fresh();
    await insertNew(collection, rows(0, 600));
    expect(await insertNew(collection, rows(0, 600))).toHaveLength(600);
  });

  test('a document that loses against any unique index is told', async () => {
    const collection = fresh();
    await collection.createIndex({ value: 1 }, { unique: true });
    const list = [
      { _id: 'a', value: 1 },
      { _id: 'b', value: 1 },
      { _id: 'c', value: 2 },
    ];
    expect(await insertNew(collection, list)).toEqual([{ _id: 'b', value: 1 }]);
  });

  test('any other refusal of the store is thrown, even behind one of a known document', async () => {
    const validator = { value: { $lt: 10 } };
    const collection = await db().createCollection<Row>(randomUUID(), { validator });
    await insertNew(collection, rows(0, 1));
    await expect(insertNew(collection, [...rows(0, 2), ...rows(2, 3, 99)])).rejects.toThrow(/validation/);
  });

  test('what is there is replaced, what is new inserted', async () => {
    const collection = fresh();
    await insertOrReplace(collection, rows(0, 600));
    await insertOrReplace(collection, rows(450, 1_100, 2));
    expect(await collection.countDocuments({ value: 1 })).toBe(450);
    expect(await collection.countDocuments({ value: 2 })).toBe(650);
  });

  test('a replaced document keeps nothing of the old one', async () => {
    const collection = db().collection<Row & { old?: boolean }>(randomUUID());
    await insertOrReplace(collection, [{ _id: 'a', value: 1, old: true }]);
    await insertOrReplace(collection, [{ _id: 'a', value: 2 }]);
    expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', value: 2 });
  });
});
