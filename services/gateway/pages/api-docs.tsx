import { type VNode } from 'preact';
import { SchemaView } from './api-schema';
import { html } from './html';
import { Layout } from './layout';
import { type ApiDocsModel } from './models';
import { type ApiDocument, type Content, type Operation, type Parameter, type Response } from './openapi';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface Entry {
  id: string;
  method: string;
  path: string;
  operation: Operation;
}

/** The reference of the JSON API, for reading: no script, nothing from elsewhere. */
export function renderApiDocs({ document }: ApiDocsModel): string {
  const api = document as ApiDocument;
  const groups = groupByTag(entriesOf(api));
  return html(
    <Layout title="API reference" look="wide">
      <div class="docs">
        <Contents groups={groups} />
        <div class="stack">
          <header class="stack">
            <h1>{api.info.title}</h1>
            <p class="muted">
              Version {api.info.version}, also as <a href="/openapi.json">OpenAPI {api.openapi}</a>
            </p>
            {api.info.description && <p>{api.info.description}</p>}
          </header>
          {[...groups].map(([tag, entries]) => (
            <section key={tag} class="stack">
              <h2>{tag}</h2>
              {entries.map((entry) => (
                <OperationView key={entry.id} {...entry} api={api} />
              ))}
            </section>
          ))}
        </div>
      </div>
    </Layout>,
  );
}

function entriesOf(api: ApiDocument): Entry[] {
  return Object.entries(api.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const id = `${method}${path.replace(/[^a-zA-Z0-9]+/g, '-')}`;
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return [{ id, method, path, operation: { ...operation, parameters } }];
    }),
  );
}

/** Operations under their first tag, in the order of the document. */
function groupByTag(entries: Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const tag = entry.operation.tags?.[0] ?? 'Operations';
    groups.set(tag, [...(groups.get(tag) ?? []), entry]);
  }
  return groups;
}

function Contents({ groups }: { groups: Map<string, Entry[]> }): VNode {
  return (
    <nav class="contents" aria-label="Operations">
      {[...groups].map(([tag, entries]) => (
        <div key={tag}>
          <p>{tag}</p>
          <ul>
            {entries.map(({ id, method, path }) => (
              <li key={id}>
                <a href={`#${id}`}>
                  <Method method={method} /> {path}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Method({ method }: { method: string }): VNode {
  return <span class={`method ${method}`}>{method.toUpperCase()}</span>;
}

function OperationView({ id, method, path, operation, api }: Entry & { api: ApiDocument }): VNode {
  const { summary, description, parameters = [], requestBody, responses = {} } = operation;
  return (
    <article class="card operation" id={id}>
      <h3>
        <Method method={method} /> <code>{path}</code>
      </h3>
      {summary && <p class="lead">{summary}</p>}
      {description && <p>{description}</p>}
      {parameters.length > 0 && <Parameters parameters={parameters} api={api} />}
      {requestBody && (
        <>
          <h4>Request body{requestBody.required === false && ' (optional)'}</h4>
          <ContentView content={requestBody.content} api={api} />
        </>
      )}
      <h4>Responses</h4>
      {Object.entries(responses).map(([status, response]) => (
        <ResponseView key={status} status={status} response={response} api={api} />
      ))}
    </article>
  );
}

function Parameters({ parameters, api }: { parameters: Parameter[]; api: ApiDocument }): VNode {
  return (
    <>
      <h4>Parameters</h4>
      <ul class="schema">
        {parameters.map(({ name, in: place, required, description, schema }) => (
          <li key={`${place}-${name}`}>
            <code>{name}</code> <span class="muted">in {place}</span>
            {required && <span class="required">required</span>}
            {schema && <SchemaView schema={schema} api={api} />}
            {description && <p class="help">{description}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

function ResponseView(props: { status: string; response: Response; api: ApiDocument }): VNode {
  const { status, response, api } = props;
  const resolved = response.$ref ? resolveResponse(response.$ref, api) : response;
  const { description, content } = resolved;
  if (!content)
    return (
      <p class="response">
        <code>{status}</code> {description}
      </p>
    );
  return (
    <details class="response" open={status.startsWith('2')}>
      <summary>
        <code>{status}</code> {description}
      </summary>
      <ContentView content={content} api={api} />
    </details>
  );
}

const resolveResponse = (ref: string, api: ApiDocument): Response =>
  api.components?.responses?.[ref.split('/').at(-1) ?? ''] ?? {};

function ContentView({ content, api }: { content: Content | undefined; api: ApiDocument }): VNode {
  return (
    <>
      {Object.entries(content ?? {}).map(([type, { schema }]) => (
        <div key={type}>
          <p class="muted small">{type}</p>
          {schema && <SchemaView schema={schema} api={api} />}
        </div>
      ))}
    </>
  );
}
