import { type VNode } from 'preact';
import { html } from './html';
import { Icon, type IconName } from './icons';
import { FlashNote, Layout } from './layout';
import { type LandingModel } from './models';

const PROMISES: { icon: IconName; title: string; text: string }[] = [
  {
    icon: 'linked',
    title: 'One record for each customer',
    text: 'Sage contacts are linked to the Capsule contacts of the same name. Nothing is overwritten on either side.',
  },
  {
    icon: 'review',
    title: 'Never a guess',
    text: 'Two customers of one name, or a name that is nearly the same? It waits for your decision.',
  },
  {
    icon: 'shield',
    title: 'Every contact accounted for',
    text: 'Linked, created, left out or set aside with the reason: the figures always add up.',
  },
];

/** The front door, for somebody who is not signed in. */
export function renderLanding({ flash }: LandingModel): string {
  return html(
    <Layout title="Sign in" look="wide">
      <FlashNote flash={flash} />
      <section class="hero">
        <div>
          <h1>Your customers, in step in Capsule and Sage</h1>
          <p class="lead">
            Brings every contact of your Sage Business Cloud Accounting company into Capsule CRM: the ones you
            have in both are linked, the others are created, each exactly once.
          </p>
          <p class="actions">
            <a class="button big" href="/connect/capsule">
              Sign in with Capsule
              <Icon name="arrow" />
            </a>
          </p>
          <p class="muted">
            You sign in on Capsule’s own page. Nothing is changed in Capsule or Sage until an administrator
            connects the two. For Sage businesses in the United Kingdom.
          </p>
        </div>
        <Picture />
      </section>
      <ul class="promises">
        {PROMISES.map(({ icon, title, text }) => (
          <li key={title}>
            <Icon name={icon} />
            <h2>{title}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </Layout>,
  );
}

/** Two lists of records with lines between them. */
function Picture(): VNode {
  const rows = [28, 72, 116, 160];
  return (
    <svg class="picture" viewBox="0 0 360 216" aria-hidden="true" focusable="false">
      {[12, 236].map((left) => (
        <g key={left}>
          <rect class="sheet" x={left} y="8" width="112" height="200" rx="14" />
          {rows.map((top) => (
            <g key={top}>
              <circle class="face" cx={left + 24} cy={top + 12} r="9" />
              <rect class="line" x={left + 42} y={top + 4} width="52" height="6" rx="3" />
              <rect class="line faint" x={left + 42} y={top + 15} width="34" height="5" rx="2.5" />
            </g>
          ))}
        </g>
      ))}
      <path class="tie" d="M124 40 H236" />
      <path class="tie" d="M124 84 C180 84 180 128 236 128" />
      <path class="tie" d="M124 128 C180 128 180 84 236 84" />
      <path class="tie open" d="M124 172 H236" />
    </svg>
  );
}
