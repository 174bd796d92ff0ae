import { type VNode } from 'preact';

import { type CapsuleAccount } from '../account';

export function TagList(props: { account: CapsuleAccount; tagIds: readonly number[] }): VNode {
  return (
    <>
      {props.tagIds.map((id) => (
        <span class="tag">{props.account.tags.get(id)?.name}</span>
      ))}
    </>
  );
}
