import { openApiDocument } from '../../../services/gateway/api/openapi';
import { ConnectionWish, ListQuery, SettingsChange } from '../../../services/gateway/api/schemas';

interface Document {
  paths: Record<string, Record<string, { responses: object }>>;
  components: { schemas: Record<string, object>; securitySchemes: { session: { name: string } } };
}

const document = openApiDocument('https://sync.example') as Document;

describe('the OpenAPI document', () => {
  test('every reference leads to a schema of the document', () => {
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name = ''] of references) expect(document.components.schemas).toHaveProperty(name);
  });

  test('every change can be refused with a problem', () => {
    for (const methods of Object.values(document.paths)) {
      const { get: _reading, ...changes } = methods;
      for (const change of Object.values(changes)) expect(change.responses).toHaveProperty('403');
    }
  });

  test('the cookie has the name that browsers get', () => {
    const nameAt = (url: string) =>
      (openApiDocument(url) as Document).components.securitySchemes.session.name;
    expect(nameAt('https://sync.example')).toBe('__Host-session');
    expect(nameAt('http://localhost:3000')).toBe('session');
  });
});

describe('the shapes of requests', () => {
  test('R24 a different business is confirmed only on purpose', () => {
    expect(ConnectionWish.parse({ businessId: 'b' })).toEqual({
      ...{ businessId: 'b', confirmDifferentBusiness: false },
    });
    expect(ConnectionWish.safeParse({ businessId: 'b', confirmDifferentBusiness: 'yes' }).success).toBe(
      false,
    );
  });

  test.each([{}, { businessId: '' }, { businessId: 7 }])('a wish of %j is none', (wish) => {
    expect(ConnectionWish.safeParse(wish).success).toBe(false);
  });

  test('settings that are left out stay out, and unknown ones are dropped', () => {
    expect(SettingsChange.parse({ invoiceFields: false, surprise: 1 })).toEqual({ invoiceFields: false });
  });

  test('a list has 50 items unless told otherwise', () => {
    expect(ListQuery.parse({})).toEqual({ limit: 50 });
    expect(ListQuery.parse({ limit: '7', cursor: 'c' })).toEqual({ limit: 7, cursor: 'c' });
  });
});
