import { type ComponentChildren, type VNode } from 'preact';
import { Icon, Logo } from './icons';
import { type Account, type Action, type Flash, type Frame, type Viewer } from './models';
import { Attention, Nav, type Place } from './nav';

export const PRODUCT = 'Capsule Sage Sync';

interface LayoutProps {
  /** Of the browser tab; the product's name is added. */
  title: string;
  viewer?: Viewer | undefined;
  tenant?: Account;
  /** Where the page stands in the navigation, which is left out without it. */
  here?: Place;
  waiting?: Frame['waiting'];
  /** Says above the page what stands still; the overview says more about it. */
  phase?: Frame['phase'];
  /** Seconds after which browsers without JavaScript load the page again. */
  refreshSeconds?: number | undefined;
  /** Class of `main`, for pages with a width of their own. */
  look?: 'narrow' | 'wide';
  children: ComponentChildren;
}

/** The frame of every page: skip link, header with the signed-in person, main, footer. */
export function Layout(props: LayoutProps): VNode {
  const { title, viewer, tenant, here, waiting, phase, refreshSeconds, look, children } = props;
  return (
    <html lang="en-GB">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} – ${PRODUCT}`}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/app.css" />
        <script src="/app.js" defer />
        {refreshSeconds !== undefined && (
          <noscript>
            <meta http-equiv="refresh" content={String(refreshSeconds)} />
          </noscript>
        )}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/">
            <Logo />
            {PRODUCT}
          </a>
          {viewer && <Person viewer={viewer} tenant={tenant} />}
          {viewer && here && <Nav here={here} waiting={waiting} />}
        </header>
        <main id="main" class={look} tabIndex={-1}>
          {phase && <Attention phase={phase} />}
          {children}
        </main>
        <footer class="foot">
          <a href="/docs">API reference</a>
        </footer>
      </body>
    </html>
  );
}

function Person({ viewer, tenant }: { viewer: Viewer; tenant: Account | undefined }): VNode {
  return (
    <div class="person">
      <p>
        <strong>{viewer.name}</strong>
        {tenant && <span class="muted">{tenant.siteName}</span>}
      </p>
      <form method="post" action="/signout">
        <button class="button quiet">Sign out</button>
      </form>
    </div>
  );
}

export function FlashNote({ flash }: { flash: Flash | null }): VNode | null {
  if (!flash) return null;
  const failed = flash.kind === 'error';
  return (
    <p class={`note ${flash.kind}`} role={failed ? 'alert' : 'status'}>
      <Icon name={failed ? 'failed' : 'check'} />
      <span>{flash.text}</span>
    </p>
  );
}

/** A link or a form post that looks like a button. */
export function ActionButton({ action, quiet }: { action: Action; quiet?: boolean }): VNode {
  const look = quiet ? 'button quiet' : 'button';
  if (action.method !== 'post')
    return (
      <a class={look} href={action.href}>
        {action.label}
      </a>
    );
  return (
    <form method="post" action={action.href}>
      <button class={look}>{action.label}</button>
    </form>
  );
}

/** An instant, readable by people and machines. */
export function Time({ at, children }: { at: string; children: string }): VNode {
  return <time dateTime={at}>{children}</time>;
}

/** Address outside the product, in the same tab; the sign says that it leaves. */
export function Outside({ href, children }: { href: string; children: ComponentChildren }): VNode {
  return (
    <a class="outside" href={href} rel="noreferrer">
      {children}
      <Icon name="external" />
    </a>
  );
}
