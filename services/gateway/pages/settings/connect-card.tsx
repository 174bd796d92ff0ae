import { type VNode } from 'preact';
import { Icon } from '../icons';
import { Outside } from '../layout';
import { type SettingsModel } from '../models';

const SAGE_SIGN_UP = 'https://www.sage.com/en-gb/sage-business-cloud/accounting/';

const STEPS = [
  { title: 'Sign in to Sage', text: 'The button opens Sage’s own page. Your password stays there.' },
  {
    title: 'Allow access',
    text: 'Sage asks whether this connection may read and write your contacts. Press Allow.',
  },
  { title: 'Watch them arrive', text: 'You come back here, and the import starts by itself.' },
];

/** How to connect, for administrators; for others, why they cannot (R5). */
export function ConnectCard({ viewer, tenant, status }: SettingsModel): VNode {
  const before = status.business;
  return (
    <section class="card" aria-labelledby="connect-title">
      <h2 id="connect-title">{before ? 'Connect again' : 'Connect your Sage business'}</h2>
      {before && (
        <p>
          This account was connected to <strong>{before.name}</strong>. The links between its contacts are
          kept: connect it again and they are taken up where they were.
        </p>
      )}
      {viewer.administrator ? <Steps /> : <NotAdministrator siteName={tenant.siteName} />}
    </section>
  );
}

function Steps(): VNode {
  return (
    <>
      <ol class="steps">
        {STEPS.map(({ title, text }) => (
          <li key={title}>
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ol>
      <p class="actions">
        <a class="button big" href="/connect/sage">
          Connect to Sage Business Cloud
          <Icon name="arrow" />
        </a>
      </p>
      <p class="muted">
        No Sage account yet? <Outside href={SAGE_SIGN_UP}>See Sage Business Cloud Accounting</Outside>
      </p>
    </>
  );
}

function NotAdministrator({ siteName }: { siteName: string }): VNode {
  return (
    <div class="note">
      <Icon name="lock" />
      <div>
        <p>
          <strong>Only a Capsule administrator can connect Sage.</strong>
        </p>
        <p>
          The connection changes records for everybody in {siteName}, and Capsule did not let your user do
          what only administrators may. Ask an administrator of {siteName} to sign in here and connect.
        </p>
      </div>
    </div>
  );
}

/** What people ask before they press the button. */
export function GoodToKnow(): VNode {
  return (
    <aside class="card plain" aria-labelledby="know-title">
      <h2 id="know-title">What the import does</h2>
      <ul class="facts">
        <li>
          <Icon name="linked" />
          <span>
            <strong>Links</strong> Sage contacts to the Capsule contacts of the same name. Neither side is
            overwritten.
          </span>
        </li>
        <li>
          <Icon name="created" />
          <span>
            <strong>Creates</strong> in Capsule the ones it does not have yet, with address, phone and e-mail.
          </span>
        </li>
        <li>
          <Icon name="review" />
          <span>
            <strong>Asks you</strong> wherever a name fits more than one contact, or only nearly fits.
          </span>
        </li>
        <li>
          <Icon name="building" />
          <span>
            <strong>Works with</strong> businesses in the United Kingdom that use Sage Business Cloud
            Accounting.
          </span>
        </li>
      </ul>
    </aside>
  );
}
