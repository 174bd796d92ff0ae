import { type ComponentChildren, type VNode } from 'preact';
import { type TenantSettings } from '../../../../shared/domain/types';
import { Icon } from '../icons';
import { type SettingsModel } from '../models';

/** The five settings, before and after connecting. Field names are those of the API. */
export function OptionsCard({ viewer, tenant, settings, teams, status }: SettingsModel): VNode {
  return (
    <section class="card" aria-labelledby="options-title">
      <h2 id="options-title">Options</h2>
      <p class="muted">
        {status.phase === 'disconnected'
          ? 'Set them before the import or leave them: the choices made here suit most firms.'
          : 'Contacts that are already in Capsule stay as they are.'}
      </p>
      <form method="post" action="/settings">
        <fieldset class="bare" disabled={!viewer.administrator}>
          <legend class="visually-hidden">Options of the sync</legend>
          <DefaultTeam teams={teams} chosen={settings.defaultTeamId} />
          <Check
            name="excludeSuppliers"
            checked={settings.excludeSuppliers}
            label="Leave suppliers out"
            help="Only customers of Sage are imported. Suppliers and their invoices stay in Sage."
          />
          <NearMatches chosen={settings.nearMatches} />
          <Check
            name="invoiceFields"
            checked={settings.invoiceFields}
            label="Show figures on the Capsule contact"
            help="Adds balance, overdue amount and a link to the invoices to each linked contact."
          />
          <Check
            name="supplierFiguresForAll"
            checked={settings.supplierFiguresForAll}
            label="Everybody may see suppliers’ figures"
            help="Otherwise only administrators see what you owe to suppliers."
          />
          {viewer.administrator && (
            <p class="actions">
              <button class="button">Save options</button>
            </p>
          )}
        </fieldset>
      </form>
      {!viewer.administrator && (
        <p class="note">
          <Icon name="lock" />
          <span>Only a Capsule administrator of {tenant.siteName} can change these.</span>
        </p>
      )}
    </section>
  );
}

function DefaultTeam({ teams, chosen }: { teams: SettingsModel['teams']; chosen: number | null }): VNode {
  const gone = teams !== null && chosen !== null && !teams.some(({ id }) => id === chosen);
  return (
    <div class="option">
      <label for="defaultTeamId">Team for new contacts</label>
      {teams ? (
        <select id="defaultTeamId" name="defaultTeamId" aria-describedby="defaultTeamId-help">
          <option value="" selected={chosen === null}>
            No team
          </option>
          {teams.map(({ id, name }) => (
            <option key={id} value={id} selected={id === chosen}>
              {name}
            </option>
          ))}
          {gone && (
            <option value={chosen} selected>
              A team that is no longer in Capsule
            </option>
          )}
        </select>
      ) : (
        <>
          <input type="hidden" name="defaultTeamId" value={chosen ?? ''} />
          <select id="defaultTeamId" disabled aria-describedby="defaultTeamId-help">
            <option>{chosen === null ? 'No team' : 'The team chosen before'}</option>
          </select>
        </>
      )}
      <p class="help" id="defaultTeamId-help">
        {teams
          ? 'Contacts created by the import are assigned to this team. They have no owner.'
          : 'The teams could not be read from Capsule just now. The choice made before is kept.'}
      </p>
    </div>
  );
}

function NearMatches({ chosen }: { chosen: TenantSettings['nearMatches'] }): VNode {
  return (
    <fieldset class="option" aria-describedby="near-help">
      <legend>Names that are nearly the same</legend>
      <p class="help" id="near-help">
        Such as “Harbour &amp; Sons Ltd” in Sage and “Harbour and Sons Limited” in Capsule.
      </p>
      <Radio value="review" chosen={chosen}>
        Ask me: they wait for a decision
      </Radio>
      <Radio value="create" chosen={chosen}>
        Treat as new: a contact is created in Capsule
      </Radio>
    </fieldset>
  );
}

interface RadioProps {
  value: TenantSettings['nearMatches'];
  chosen: TenantSettings['nearMatches'];
  children: ComponentChildren;
}

function Radio({ value, chosen, children }: RadioProps): VNode {
  return (
    <label class="check">
      <input type="radio" name="nearMatches" value={value} checked={value === chosen} />
      <span>{children}</span>
    </label>
  );
}

function Check(props: { name: string; checked: boolean; label: string; help: string }): VNode {
  const { name, checked, label, help } = props;
  return (
    <div class="option">
      <label class="check">
        <input type="checkbox" name={name} value="true" checked={checked} aria-describedby={`${name}-help`} />
        <span>{label}</span>
      </label>
      <p class="help indent" id={`${name}-help`}>
        {help}
      </p>
    </div>
  );
}
