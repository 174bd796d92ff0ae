import { type VNode } from 'preact';

/**
 * A bar of segments side by side, drawn in SVG because widths in style attributes need a weaker
 * content security policy. `shares` are parts of 1; app.js moves the same rectangles.
 */
export function Bar({ shares }: { shares: { name: string; share: number }[] }): VNode {
  let left = 0;
  return (
    <svg class="bar" aria-hidden="true" focusable="false">
      <rect class="bar-empty" width="100%" height="100%" />
      {shares.map(({ name, share }) => {
        const x = left;
        left += share;
        return (
          <rect
            key={name}
            class={`bar-${name}`}
            data-segment={name}
            x={`${(x * 100).toFixed(2)}%`}
            width={`${(share * 100).toFixed(2)}%`}
            height="100%"
          />
        );
      })}
    </svg>
  );
}
