import { type CapsuleClient } from '../shared/capsule/client';
import { isVendorError, type VendorError } from '../shared/http/vendor-error';
import { type ActivityDeps } from './deps';

/** The three that matter (reference capsule-api §5): an account has 20 for all its apps. */
const EVENTS = ['party/created', 'party/updated', 'party/deleted'] as const;
const DESCRIPTION = 'Keeps Sage in step with this account';
const REFUSED = 'hooks-refused';

type Hook = Awaited<ReturnType<CapsuleClient['listHooks']>>[number];

type HookDeps = Pick<ActivityDeps, 'store' | 'vendors' | 'publicUrl' | 'log'>;

export function createCapsuleHooks({ store, vendors, publicUrl, log }: HookDeps) {
  const baseOf = (tenantId: string) => `${publicUrl}/hooks/capsule/${encodeURIComponent(tenantId)}/`;

  return {
    /**
     * Sees to it that Capsule tells of changed parties: what is missing is subscribed, what is left of earlier
     * connections removed. Where Capsule refuses, people are told, and the passes do the work.
     * @throws VendorError when Capsule takes no requests now, or the grant is dead
     */
    async ensureHooks(tenantId: string): Promise<void> {
      const tenant = await store.tenants.find(tenantId);
      if (!tenant?.connected || !tenant.connection) return;
      const { secret, hookIds } = await store.hooks.ensure(tenantId, tenant.connection.number);
      const capsule = vendors.capsule(tenantId, 'interactive');
      try {
        const targetUrl = baseOf(tenantId) + secret;
        const kept = await clean(capsule, tenantId, hookIds, targetUrl);
        for (const event of EVENTS) {
          if (kept.some((hook) => hook.event === event)) continue;
          const { id } = await capsule.subscribeHook(event, targetUrl, DESCRIPTION);
          kept.push({ id, event, targetUrl });
          await store.hooks.saveIds(tenantId, idsOf(kept));
        }
        await store.tenants.clearProblem(tenantId, REFUSED);
      } catch (error) {
        if (!isVendorError(error, 'forbidden', 'rejected')) throw error;
        log.warn({ tenantId, reason: error.reason }, 'Capsule refused a hook');
        const message = inWords(error);
        await store.tenants.reportProblem(tenantId, { code: REFUSED, message, since: new Date() });
      }
    },

    /**
     * Ends the telling (R23). The secret goes first: whatever comes late is refused at once. A grant that is dead
     * cannot remove hooks; Capsule drops them by itself after some refusals (reference §5 Retry, A').
     * @throws VendorError when Capsule takes no requests now
     */
    async removeHooks(tenantId: string): Promise<void> {
      const known = await store.hooks.find(tenantId);
      await store.hooks.forget(tenantId);
      try {
        await clean(vendors.capsule(tenantId, 'interactive'), tenantId, known?.hookIds ?? [], null);
      } catch (error) {
        if (!isVendorError(error, 'forbidden', 'rejected', 'unauthorised')) throw error;
        log.info({ tenantId, reason: error.reason }, 'hooks are left for Capsule to drop');
      }
      await store.tenants.clearProblem(tenantId, REFUSED);
    },
  };

  /**
   * Removes this tenant's hooks but one for each event at the address to keep. Those of others stay: of another
   * installation with the same app, say.
   * @returns the hooks that stay
   */
  async function clean(
    capsule: CapsuleClient,
    tenantId: string,
    remembered: readonly number[],
    keepUrl: string | null,
  ): Promise<Hook[]> {
    const ours = (await capsule.listHooks()).filter(
      // The remembered ones too: our public address may have changed since.
      ({ id, targetUrl }) => targetUrl.startsWith(baseOf(tenantId)) || remembered.includes(id),
    );
    const kept: Hook[] = [];
    for (const hook of ours) {
      const stays = hook.targetUrl === keepUrl && isWanted(hook) && !kept.some(sameEvent(hook));
      if (stays) kept.push(hook);
      else await capsule.deleteHook(hook.id);
    }
    if (keepUrl !== null) await store.hooks.saveIds(tenantId, idsOf(kept));
    return kept;
  }
}

const idsOf = (hooks: readonly Hook[]): number[] => hooks.map(({ id }) => id);

const isWanted = ({ event }: Hook): boolean => (EVENTS as readonly string[]).includes(event);

const sameEvent =
  ({ event }: Hook) =>
  (other: Hook): boolean =>
    other.event === event;

function inWords({ kind, reason }: VendorError): string {
  const meanwhile = 'Until then edits in Capsule reach Sage at the next pass, and not within seconds.';
  return kind === 'forbidden'
    ? `Capsule lets only an administrator subscribe to its notifications, and the one who connected is none any more. An administrator has to connect again. ${meanwhile}`
    : `Capsule takes no more notifications of changed contacts for this account (${reason}): all apps together may have 20. Remove one that is no longer needed. ${meanwhile}`;
}
