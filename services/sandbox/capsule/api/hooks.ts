import { isoSeconds } from '../../kernel/clock';
import { type RestHook } from '../hooks';
import { viewOwner } from '../party-view';
import { type Answer, type Call, created, NO_CONTENT, ok, wrapped } from './call';

export const listHooks = (call: Call): Answer =>
  ok({ restHooks: call.hooks.of(call.user, call.clientId).map((hook) => view(call, hook)) });

export const showHook = (call: Call): Answer => ok({ restHook: view(call, ofCall(call)) });

export function createHook(call: Call): Answer {
  const hook = call.hooks.subscribe(call.user, call.clientId, wrapped(call, 'restHook'));
  return created(call, `resthooks/${hook.id}`, { restHook: view(call, hook) });
}

export function deleteHook(call: Call): Answer {
  call.hooks.unsubscribe(ofCall(call).id);
  return NO_CONTENT;
}

const ofCall = (call: Call): RestHook => call.hooks.one(call.user, call.clientId, Number(call.params.id));

const view = (call: Call, hook: RestHook): Record<string, unknown> => ({
  id: hook.id,
  event: hook.event,
  targetUrl: hook.targetUrl,
  description: hook.description,
  embed: hook.embed,
  user: viewOwner(call.account.user(hook.userId)),
  clientId: hook.clientId,
  createdAt: isoSeconds(hook.createdAt),
  updatedAt: isoSeconds(hook.createdAt),
  batched: true,
});
