import { renderApiDocs } from '../../../services/gateway/pages';
import { wordsOf } from './models';

/** The reference of one operation that answers with this schema. */
function docsOf(schema: object, schemas: object = {}): string {
  const content = { 'application/json': { schema } };
  const get = {
    summary: 'One thing',
    parameters: [
      { name: 'thingId', in: 'path', required: true, description: 'Which', schema: { type: 'integer' } },
    ],
    responses: { '200': { description: 'Here it is', content } },
  };
  return renderApiDocs({
    document: {
      openapi: '3.1.0',
      info: { title: 'Things', version: '1' },
      paths: { '/api/things/{thingId}': { get } },
      components: { schemas },
    },
  });
}

describe('the API reference', () => {
  test('shows method, path, summary and parameters, and can be linked to', () => {
    const html = docsOf({ type: 'string' });
    expect(wordsOf(html)).toContain('GET /api/things/{thingId} One thing');
    expect(wordsOf(html)).toContain('thingId in path required integer');
    expect(html).toContain('href="#get-api-things-thingId-"');
    expect(html).toContain('id="get-api-things-thingId-"');
  });

  test.each([
    [{ type: 'string', format: 'date-time' }, 'string (date-time)'],
    [{ type: ['integer', 'null'] }, 'integer or null'],
    [{ enum: ['review', 'create'] }, '"review" or "create"'],
    [{ type: 'array', items: { type: 'string' } }, 'list of string'],
    [{ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, 'integer from 1'],
  ])('names the type of %j', (schema, expected) => {
    const words = wordsOf(docsOf(schema)).replaceAll('&quot;', '"');
    expect(words).toContain(`application/json ${expected} `);
    expect(words).not.toContain('up to');
  });

  test('unfolds what is nullable, what is in lists and what is referred to', () => {
    const part = { type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'] };
    const words = wordsOf(
      docsOf(
        {
          type: 'object',
          properties: {
            maybe: { anyOf: [part, { type: 'null' }] },
            some: { type: 'array', items: { $ref: '#/components/schemas/Part' } },
          },
        },
        { Part: part },
      ),
    );
    expect(words).toContain('maybe optional object or null colour string');
    expect(words).toContain('some optional list of Part each: Part: object colour string');
  });

  test('a schema that holds itself is unfolded once', () => {
    const self = { $ref: '#/components/schemas/Tree' };
    const html = docsOf(self, { Tree: { type: 'object', properties: { left: self } } });
    expect(html.match(/<code>left<\/code>/g)).toHaveLength(1);
  });
});
