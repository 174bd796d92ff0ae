import { type VNode } from 'preact';

/** Line drawings on a 24 × 24 grid. They only decorate: the text beside them says it all. */
const SHAPES = {
  linked:
    'M10 13a5 5 0 0 0 7.5.5l3-3a5 5 0 0 0-7-7l-1.7 1.6M14 11a5 5 0 0 0-7.5-.5l-3 3a5 5 0 0 0 7 7l1.7-1.6',
  created: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 8v8M8 12h8',
  review: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9.2 9.3a2.9 2.9 0 0 1 5.6.9c0 1.9-2.8 2.4-2.8 4M12 17.2v.1',
  excluded: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12h8',
  failed: 'M12 3.5 2.5 20h19L12 3.5M12 10v4.5M12 17.2v.1',
  check: 'M4.5 12.5 10 18 20 6.5',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3.5 2',
  external: 'M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5',
  shield: 'M12 3 4.5 6v5.5c0 4.6 3.1 7.8 7.5 9.5 4.4-1.7 7.5-4.9 7.5-9.5V6L12 3M9 11.8l2.2 2.2L15.2 10',
  building:
    'M5 21V4.5A1.5 1.5 0 0 1 6.5 3h7A1.5 1.5 0 0 1 15 4.5V21M15 9h3.5A1.5 1.5 0 0 1 20 10.5V21M3 21h18M8.5 7h3M8.5 11h3M8.5 15h3',
  lock: 'M6 11h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1M8 11V7.5a4 4 0 0 1 8 0V11',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5.5M12 7.6v.1',
  sync: 'M4 10a8 8 0 0 1 14-3.6L20 8.5M20 4v4.5h-4.5M20 14a8 8 0 0 1-14 3.6L4 15.5M4 20v-4.5h4.5',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  circle: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18',
  half: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 3v18M12 7.5h7.4M12 12h9M12 16.5h7.4',
  pencil: 'M4 20l1-4.5L16.5 4 20 7.5 8.5 19 4 20M14 6.5 17.5 10',
  sheet: 'M6 3h8l4 4v14H6V3M14 3v4h4M9 12h6M9 16h6',
  struck: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M5.7 5.7l12.6 12.6',
  flag: 'M6 21V4h12l-2.5 4L18 12H6',
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}

/** The mark of the product: two records that overlap. favicon.svg shows the same. */
export function Logo(): VNode {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="logo-back" width="32" height="32" rx="8" />
      <circle class="logo-ring" cx="12.5" cy="16" r="6.5" />
      <circle class="logo-ring" cx="19.5" cy="16" r="6.5" />
    </svg>
  );
}
