import { type Response } from 'express';
import { type ComponentChildren, type InputHTMLAttributes, type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

import { AUTHORISATION_PARAMETERS, type AuthorisationRequest } from './oauth';
import { type Conditions } from './conditions';
import { type LoggedRequest } from './requests';
import { isoSeconds } from './clock';

export interface VendorLook {
  /** `sage` or `capsule`: chooses the colour. */
  id: string;
  /** As people read it: "Sage sandbox". */
  name: string;
  nav: readonly { href: string; label: string }[];
}

/** The frame of every sandbox page. */
export function Page(props: {
  vendor: VendorLook;
  title: string;
  /** `href` of the section that is shown. */
  at?: string;
  notice?: string;
  children: ComponentChildren;
}): VNode {
  const { vendor, title, at, notice, children } = props;
  return (
    <html lang="en-GB">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – ${vendor.name}`}</title>
        <link rel="stylesheet" href="/sandbox.css" />
        <link rel="icon" href="data:," />
      </head>
      <body class={`vendor-${vendor.id}`}>
        <header class="top">
          <a class="brand" href="/">
            {vendor.name}
          </a>
          <span class="stand-in">made-up data, on this machine only</span>
          <nav>
            {vendor.nav.map(({ href, label }) => (
              <a href={href} aria-current={href === at ? 'page' : undefined}>
                {label}
              </a>
            ))}
          </nav>
        </header>
        <main>
          <h1>{title}</h1>
          {notice && <p class="notice">{notice}</p>}
          {children}
        </main>
      </body>
    </html>
  );
}

export function sendPage(res: Response, page: VNode, status = 200): void {
  res
    .status(status)
    .type('html')
    .send(`<!doctype html>${renderToString(page)}`);
}

/** A table, on a phone a list of its rows; each row is an array of cells. Says `empty` when there is no row. */
export function Table(props: {
  head: readonly string[];
  rows: readonly (readonly ComponentChildren[])[];
  empty?: string;
  /** Columns (from 0) whose cells are figures. */
  figures?: readonly number[];
}): VNode {
  const { head, rows, empty = 'Nothing here.', figures = [] } = props;
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const look = (column: number): string | undefined => (figures.includes(column) ? 'figure' : undefined);
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {head.map((label, column) => (
              <th class={look(column)}>{label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, column) => (
                <td class={look(column)} data-label={head[column]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Figures at a glance. */
export function Tiles(props: { tiles: readonly { label: string; value: ComponentChildren }[] }): VNode {
  return (
    <dl class="tiles">
      {props.tiles.map(({ label, value }) => (
        <div>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A labelled text input. */
export function Field(props: {
  label: string;
  name: string;
  value?: string | number;
  type?: 'text' | 'number' | 'email' | 'date' | 'url';
  hint?: string;
  rows?: number;
  required?: boolean;
}): VNode {
  const { label, name, value = '', type = 'text', hint, rows, required } = props;
  return (
    <label class="field">
      <span>{label}</span>
      {rows ? (
        <textarea name={name} rows={rows}>
          {value}
        </textarea>
      ) : (
        <input
          {...({ name, type, value, required } as InputHTMLAttributes<HTMLInputElement>)}
          autocomplete="off"
        />
      )}
      {hint && <small>{hint}</small>}
    </label>
  );
}

/** A labelled choice; the empty option stands for "none" when `none` is given. */
export function Choice(props: {
  label: string;
  name: string;
  value?: string;
  options: readonly { value: string; label: string }[];
  none?: string;
}): VNode {
  const { label, name, value = '', options, none } = props;
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Search box of a list, by GET. */
export function SearchForm(props: { action: string; q: string; placeholder: string }): VNode {
  return (
    <form class="search" method="get" action={props.action} role="search">
      <input name="q" type="search" value={props.q} placeholder={props.placeholder} aria-label="Search" />
      <button>Search</button>
    </form>
  );
}

/** Previous / next links; `href` makes the address of a page (from 1). */
export function Pager(props: { page: number; pages: number; href: (page: number) => string }): VNode | null {
  const { page, pages, href } = props;
  if (pages <= 1) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {page > 1 ? <a href={href(page - 1)}>← Previous</a> : <span />}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages ? <a href={href(page + 1)}>Next →</a> : <span />}
    </nav>
  );
}

/** The vendor's consent page. Posts to `action` with the request repeated, `user` and `decision=allow|deny`. */
export function ConsentPage(props: {
  vendor: VendorLook;
  action: string;
  request: AuthorisationRequest;
  users: readonly { id: string; label: string; hint: string }[];
}): VNode {
  const { vendor, action, request, users } = props;
  return (
    <Page vendor={{ ...vendor, nav: [] }} title="Allow access?">
      <form class="card consent" method="post" action={action}>
        <p>
          <strong>{request.clientId}</strong> asks to act for you
          {request.scope && (
            <>
              {' '}
              with <strong>{request.scope}</strong>
            </>
          )}
          .
        </p>
        {Object.entries(AUTHORISATION_PARAMETERS).map(([key, name]) => (
          <input type="hidden" name={name} value={request[key as keyof AuthorisationRequest]} />
        ))}
        <fieldset>
          <legend>Sign in as</legend>
          {users.map(({ id, label, hint }, index) => (
            <label class="option">
              <input type="radio" name="user" value={id} checked={index === 0} />
              <span>
                {label}
                <small>{hint}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <div class="actions">
          <button name="decision" value="allow">
            Allow
          </button>
          <button class="quiet" name="decision" value="deny">
            Deny
          </button>
        </div>
      </form>
    </Page>
  );
}

/** The recent requests and the dials for latency and quota. */
export function RequestsPage(props: {
  vendor: VendorLook;
  conditions: Conditions;
  total: number;
  requests: readonly LoggedRequest[];
  /** What the limit counts: "user", "company". */
  limitPer: string;
}): VNode {
  const { vendor, conditions, total, requests, limitPer } = props;
  return (
    <Page vendor={vendor} title="Requests and conditions" at="/requests">
      <form class="card row" method="post" action="/sandbox/conditions">
        <Field label="Latency (ms)" name="latencyMs" type="number" value={conditions.latencyMs} />
        <Field
          label={`Limit per ${limitPer}`}
          name="limit"
          type="number"
          value={conditions.limit}
          hint="0 = unlimited"
        />
        <Field label="Window (s)" name="windowSeconds" type="number" value={conditions.windowSeconds} />
        <div class="actions">
          <button>Apply</button>
        </div>
      </form>
      <h2>
        Latest {requests.length} of {total} API requests
      </h2>
      <Table
        head={['Time (UTC)', 'Method', 'Path', 'Status']}
        empty="No request has come in yet."
        figures={[3]}
        rows={requests.map(({ at, method, path, query, status }) => [
          isoSeconds(at).slice(11, 19),
          method,
          <code>{query ? `${path}?${query}` : path}</code>,
          <span class={status >= 400 || status === 0 ? 'bad' : undefined}>{status || '–'}</span>,
        ])}
      />
    </Page>
  );
}
