import { type CapsuleAccount } from './account';
import { invalid, notFound } from './errors';
import { type Tag } from './model';

export const tagNamed = (account: CapsuleAccount, name: string): Tag | undefined =>
  [...account.tags.values()].find((tag) => tag.name.toLowerCase() === name.toLowerCase());

/**
 * Adds a tag definition; its id is the same on every party (§3 `tags`, SOIL §20).
 * @throws ApiError 422 for an empty name, or one in use (what happens then is unknown: refusal is nastier)
 */
export function addTag(
  account: CapsuleAccount,
  input: { name?: unknown; description?: unknown; dataTag?: unknown },
): Tag {
  const fail = (message: string) => invalid({ message, resource: 'tag', field: 'name' });
  const name = typeof input.name === 'string' ? input.name.trim() : '';
  if (name === '') throw fail('name is required');
  if (name.length > 100) throw fail('name is too long');
  if (tagNamed(account, name)) throw fail('name is already in use');
  const description = typeof input.description === 'string' ? input.description : null;
  const tag = { id: account.nextId('tag'), name, description, dataTag: input.dataTag === true };
  account.tags.set(tag.id, tag);
  return tag;
}

/** Takes the tag off every party. @throws ApiError 404 */
export function deleteTag(account: CapsuleAccount, id: number): void {
  if (!account.tags.delete(id)) throw notFound('tag not found');
  for (const party of account.parties.all()) {
    if (!party.tagIds.includes(id)) continue;
    const tagIds = party.tagIds.filter((tagId) => tagId !== id);
    account.parties.put({ ...party, tagIds }, account.clock.now(), 0);
  }
}
