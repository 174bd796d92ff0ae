import { type VNode } from 'preact';
import { type SyncPhase } from '../../../shared/domain/types';
import { number } from './format';
import { Icon } from './icons';
import { type Frame } from './models';

export type Place = 'overview' | 'contacts' | 'reviews' | 'failures' | 'runs' | 'ignored';

const PLACES: { place: Place; href: string; label: string }[] = [
  { place: 'overview', href: '/', label: 'Overview' },
  { place: 'contacts', href: '/contacts', label: 'Contacts' },
  { place: 'reviews', href: '/reviews', label: 'Reviews' },
  { place: 'failures', href: '/failures', label: 'Set aside' },
  { place: 'runs', href: '/runs', label: 'Runs' },
  { place: 'ignored', href: '/ignored', label: 'Not brought back' },
];

/** The way from page to page, with what waits in the queues. */
export function Nav({ here, waiting }: { here: Place; waiting: Frame['waiting'] | undefined }): VNode {
  const counts: Partial<Record<Place, number>> = { reviews: waiting?.review, failures: waiting?.failing };
  return (
    <nav class="places" aria-label="Pages of the console">
      <ul>
        {PLACES.map(({ place, href, label }) => (
          <li key={place}>
            <a href={href} aria-current={place === here ? 'page' : undefined}>
              {label}
              {(counts[place] ?? 0) > 0 && (
                <span class="waits" data-waits={place}>
                  <span class="visually-hidden">, </span>
                  {number(counts[place] ?? 0)}
                  <span class="visually-hidden"> waiting</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const STANDS_STILL: Partial<Record<SyncPhase, string>> = {
  disconnected: 'Sage is not connected: what you see is how things were left.',
  paused: 'The sync is paused: changes wait until it is resumed.',
  reconnect: 'The connection has to be renewed: changes wait until an administrator reconnects.',
  lapsed: 'The Sage subscription has lapsed: changes wait until it is active again.',
  breaker: 'A pass has stopped before changing a lot, and asks an administrator.',
};

/** One line where the sync stands still; the overview tells all and offers what can be done. */
export function Attention({ phase }: { phase: SyncPhase }): VNode | null {
  const words = STANDS_STILL[phase];
  if (!words) return null;
  return (
    <p class="note warning">
      <Icon name="failed" />
      <span>
        {words} <a href="/">Go to the overview</a>
      </span>
    </p>
  );
}
