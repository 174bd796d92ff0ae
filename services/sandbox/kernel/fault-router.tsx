import { json, type Request, type Response, Router, urlencoded } from 'express';
import { type VNode } from 'preact';

import { type Fault, type FaultDial, HOOK_FAULTS, REQUEST_FAULTS } from './faults';
import { Field, Page, sendPage, Table, type VendorLook } from './page';

const KINDS: Record<string, string> = { ...REQUEST_FAULTS, ...HOOK_FAULTS };

/** A fault as JSON and environment tell it: `route` is a method and a regular expression, or the latter alone. */
export interface FaultSpec {
  how: string;
  route?: string;
  times?: number;
  chance?: number;
  status?: number;
  ms?: number;
}

/** @throws Error that says what is wrong */
export function readFault(spec: unknown): Fault {
  const { how, route = '', ...numbers } = (spec ?? {}) as FaultSpec;
  if (!Object.hasOwn(KINDS, String(how)))
    throw new Error(`how must be one of ${Object.keys(KINDS).join(', ')}`);
  const [, method, path] = /^(?:(GET|POST|PUT|DELETE)\s+)?(.*)$/.exec(String(route)) ?? [];
  const fault: Fault = {
    how: how as Fault['how'],
    match: { ...(method ? { method } : {}), path: pathOf(path ?? '') },
  };
  const bounds = { times: [1, 1e9], chance: [0, 1], status: [400, 599], ms: [0, 1e9] } as const;
  for (const [name, [least, most]] of Object.entries(bounds)) {
    const value = numbers[name as keyof typeof bounds];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= least && value <= most)) {
      throw new Error(`${name} must be a number from ${least} to ${most}`);
    }
    Object.assign(fault, { [name]: value });
  }
  return fault;
}

function pathOf(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw new Error('route must be a regular expression');
  }
}

const specOf = ({ match, body: _body, ...fault }: Fault): FaultSpec => ({
  ...fault,
  route: [match.method, match.path.source].filter(Boolean).join(' '),
});

/**
 * GET → `{faults, strikes}`; PUT `{faults: […], seed?}` puts these in the place of all; DELETE takes them away.
 * To be mounted at `/sandbox/faults`.
 */
export function faultRouter(dial: FaultDial): Router {
  const shown = () => ({ faults: dial.all().map(specOf), strikes: dial.strikes() });
  return Router()
    .get('/', (_req, res) => {
      res.json(shown());
    })
    .put('/', json(), (req, res) => {
      const { faults, seed } = (req.body ?? {}) as { faults?: unknown; seed?: string };
      try {
        if (!Array.isArray(faults)) throw new Error('faults must be a list');
        dial.set(faults.map(readFault), seed);
        res.json(shown());
      } catch (error) {
        res.status(400).json({ message: (error as Error).message });
      }
    })
    .delete('/', (_req, res) => {
      dial.clear();
      res.status(204).end();
    });
}

/** The dial as a page, at `/faults`. */
export function faultPage(dial: FaultDial, vendor: VendorLook): Router {
  const show = (res: Response, problem?: string) => {
    sendPage(res, <FaultsPage dial={dial} vendor={vendor} problem={problem} />, problem ? 422 : 200);
  };
  return Router()
    .get('/faults', (_req, res) => {
      show(res);
    })
    .post('/faults', urlencoded({ extended: false }), (req, res) => {
      try {
        if ('clear' in formOf(req)) dial.clear();
        else dial.set([...dial.all(), readFault(specOfForm(formOf(req)))]);
        res.redirect(303, '/faults');
      } catch (error) {
        show(res, `Not added: ${(error as Error).message}.`);
      }
    });
}

const formOf = (req: Request): Record<string, string> => (req.body ?? {}) as Record<string, string>;

function specOfForm({ how = '', route = '', ...rest }: Record<string, string>): FaultSpec {
  const number = (name: string, factor = 1) => (rest[name] ? { [name]: Number(rest[name]) * factor } : {});
  return { how, route, ...number('times'), ...number('chance', 0.01), ...number('status'), ...number('ms') };
}

function FaultsPage(props: { dial: FaultDial; vendor: VendorLook; problem: string | undefined }): VNode {
  const { dial, vendor, problem } = props;
  const strikes = dial.strikes();
  return (
    <Page vendor={vendor} title="Faults" at="/faults" notice={problem}>
      <form class="card" method="post" action="/faults">
        <div class="row">
          <label class="field">
            <span>What goes wrong</span>
            <select name="how">
              {Object.keys(KINDS)
                .filter((kind) => vendor.id === 'capsule' || !(kind in HOOK_FAULTS))
                .map((kind) => (
                  <option value={kind}>{kind}</option>
                ))}
            </select>
          </label>
          <Field label="Route" name="route" value="" hint="a method and an expression, as POST /parties$" />
          <Field label="Chance (%)" name="chance" type="number" value={100} />
          <Field label="At most (times)" name="times" type="number" value="" hint="empty = always" />
          <Field label="Status" name="status" type="number" value="" />
          <Field label="Milliseconds" name="ms" type="number" value="" />
        </div>
        <div class="actions">
          <button>Add</button>
        </div>
      </form>
      <h2>Set now</h2>
      <Table
        head={['What', 'Route', 'Chance', 'Times left', 'Has struck']}
        empty="Nothing goes wrong."
        figures={[2, 3, 4]}
        rows={dial.all().map(({ how, match, chance = 1, times }) => [
          <>
            {how}
            <small>{KINDS[how]}</small>
          </>,
          <code>{[match.method, match.path.source].filter(Boolean).join(' ')}</code>,
          `${Math.round(chance * 100)} %`,
          times ?? '∞',
          strikes[how] ?? 0,
        ])}
      />
      <form method="post" action="/faults">
        <button class="quiet" name="clear" value="1">
          Take all away
        </button>
      </form>
    </Page>
  );
}
