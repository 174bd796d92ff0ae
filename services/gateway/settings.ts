import { grantId } from '../../shared/ids';
import { figuresRuleOf } from '../../shared/domain/record-figures';
import { type TenantSettings } from '../../shared/domain/types';
import { capsuleGrantOf } from './connecting';
import { Problem } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** How long the teams of an account are remembered: pages are reloaded often, teams change rarely. */
const TEAMS_MS = 60_000;
/** A page does not wait longer for Capsule. */
const PATIENCE_MS = 2_000;
const MOST_TENANTS = 1_000;

export interface Team {
  id: number;
  name: string;
}

export type SettingsService = ReturnType<typeof createSettingsService>;

/** Reads and changes a tenant's settings, and knows the teams of its Capsule account. */
export function createSettingsService(services: Services) {
  const { store, vendors, keeper, temporal, log, now } = services;
  const known = new Map<string, { teams: Team[]; readAt: number }>();

  /** The teams, or null when Capsule does not tell them in time. */
  async function teams(who: SignedIn): Promise<Team[] | null> {
    const { tenantId } = who;
    const remembered = known.get(tenantId);
    if (remembered && now().getTime() - remembered.readAt < TEAMS_MS) return remembered.teams;
    const asked = readTeams(who).catch((err: unknown) => {
      log.info({ tenantId, err }, 'teams not read');
      return null;
    });
    return Promise.race([asked, timeout()]);
  }

  async function readTeams(who: SignedIn): Promise<Team[] | null> {
    const { tenantId, userId } = who;
    const own = await store.grants.describe(grantId(tenantId, 'capsule'));
    const grant = own?.state === 'active' ? own.id : await capsuleGrantOf(services, tenantId, userId);
    if (!grant) return null;
    const list = await vendors.capsuleOf(keeper.tokensOf(grant)).listTeams();
    if (known.size >= MOST_TENANTS) known.clear();
    known.set(tenantId, { teams: list, readAt: now().getTime() });
    return list;
  }

  return {
    teams,

    /**
     * @param change what is left out stays
     * @throws Problem 422 when the default team is none of the account's
     */
    async change(who: SignedIn, change: Partial<TenantSettings>): Promise<TenantSettings> {
      const { tenantId } = who;
      const current = await this.read(tenantId);
      const settings = { ...current, ...change };
      const { defaultTeamId } = settings;
      if (defaultTeamId !== null && defaultTeamId !== current.defaultTeamId) {
        const list = await teams(who);
        if (list && !list.some(({ id }) => id === defaultTeamId)) {
          throw new Problem(422, 'This team does not exist', `Capsule has no team ${defaultTeamId}.`);
        }
      }
      await store.tenants.saveSettings(tenantId, settings);
      log.info({ tenantId, userId: who.userId, settings }, 'settings changed');
      // A bell only: without it the next pass finds out.
      if (figuresRuleOf(settings) !== figuresRuleOf(current))
        await temporal.figuresChanged(tenantId).catch(() => undefined);
      return settings;
    },

    async read(tenantId: string): Promise<TenantSettings> {
      const tenant = await store.tenants.find(tenantId);
      if (!tenant) throw new Problem(404, 'Not found', 'This account is not known any more.');
      return tenant.settings;
    },
  };
}

const timeout = (): Promise<null> => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null).unref());
