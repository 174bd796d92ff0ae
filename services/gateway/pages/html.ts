import { type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A whole HTML page as text. Everything but the doctype is escaped by the renderer. */
export function html(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}
