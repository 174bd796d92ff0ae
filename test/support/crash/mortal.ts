import { type Collection, type Db, type Document } from 'mongodb';
import { type AccessTokens } from '../../../shared/http/access-tokens';
import { Killed, type Life } from './life';

type Method = (...args: unknown[]) => unknown;

/** The store as a mortal process reaches it: each command is a call of the world, `<collection>.<command>`. */
export function mortalDatabase(db: Db, life: Life): Db {
  const collection = (name: string) => mortalCollection(db.collection(name), life);
  return proxied(db, (name, method) => (name === 'collection' ? (collection as Method) : method));
}

/** What only builds a query; what answers is asked of the cursor. */
const QUERIES = new Set(['find', 'aggregate']);

function mortalCollection(collection: Collection<Document>, life: Life): Collection<Document> {
  const named = (command: string) => `${collection.collectionName}.${command}`;
  return proxied(collection, (name, method) =>
    QUERIES.has(name)
      ? (...args) => mortalCursor(method(...args) as object, named(name), life)
      : (...args) => life.reach(named(name), () => Promise.resolve(method(...args))),
  );
}

const ANSWERS = new Set(['toArray', 'next', 'hasNext', 'tryNext', 'forEach', 'count', 'explain']);

function mortalCursor<T extends object>(cursor: T, named: string, life: Life): T {
  return proxied(cursor, (name, method) => {
    if (ANSWERS.has(name)) return (...args) => life.reach(named, () => Promise.resolve(method(...args)));
    // Sorted, limited and so on: a cursor still.
    return (...args) => mortalCursor(method(...args) as object, named, life);
  });
}

/** A vendor as a mortal process reaches it: each method that waits is a call of the world, `<vendor>.<method>`. */
export function mortalVendor<T extends object>(vendor: string, client: T, life: Life): T {
  return proxied(client, (name, method) => {
    return (...args) => life.reach(`${vendor}.${name}`, () => Promise.resolve(method(...args)));
  });
}

/** A method may send several requests: the dead send no more of them. */
export function mortalTokens(tokens: AccessTokens, life: Life): AccessTokens {
  return {
    async get(rejected) {
      const token = await tokens.get(rejected);
      if (life.isDead()) throw new Killed();
      return token;
    },
  };
}

/** The same object, whose methods are others. */
function proxied<T extends object>(object: T, replace: (name: string, method: Method) => Method): T {
  return new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function' || typeof key !== 'string') return value;
      return replace(key, (...args) => Reflect.apply(value, target, args) as unknown);
    },
  });
}
