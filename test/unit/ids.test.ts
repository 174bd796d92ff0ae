import fc from 'fast-check';
import * as ids from '../../shared/ids';

const PUBLIC_URL = 'https://sync.test';

describe('ids', () => {
  test('are the contracts of the store and of Temporal', () => {
    expect(ids.tenantSyncWorkflowId('acme')).toBe('tenant-sync/acme');
    expect(ids.importWorkflowId('acme', 2)).toBe('tenant-sync/acme/import/2');
    expect(ids.grantId('acme', 'sage')).toBe('acme/sage');
    expect(ids.userGrantId('acme', 7)).toBe('acme/capsule/7');
    expect(ids.pendingSageGrantId('acme')).toBe('acme/sage/pending');
    expect(ids.linkId('acme', 's1')).toBe('acme/s1');
    expect(ids.contactId('acme', 'capsule', 7)).toBe('acme/capsule/7');
    expect(ids.intentId('acme', 'capsule', 's1')).toBe('acme/capsule/s1');
  });

  test('of two tenants never meet, unless a tenant id holds a slash', () => {
    const tenant = fc.stringMatching(/^[\w.-]{1,12}$/);
    const record = fc.stringMatching(/^[0-9a-f]{1,8}$/);
    fc.assert(
      fc.property(tenant, tenant, record, record, (one, other, a, b) => {
        fc.pre(one !== other);
        expect(ids.linkId(one, a)).not.toBe(ids.linkId(other, b));
        expect(ids.contactId(one, 'sage', a)).not.toBe(ids.contactId(other, 'sage', b));
      }),
    );
  });
});

describe('R29 the marker', () => {
  test('leads back to its Sage contact, however the address is spelled', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{32}$/), (id) => {
        const marker = ids.markerUrl(PUBLIC_URL, id);
        expect(ids.sageContactOfMarker(PUBLIC_URL, marker)).toBe(id);
        expect(ids.sageContactOfMarker(PUBLIC_URL, marker.replace('https://sync', 'HTTPS://Sync'))).toBe(id);
      }),
    );
  });

  test.each([
    'https://other.test/s/abc',
    'https://sync.test.evil.test/s/abc',
    'https://sync.test:8443/s/abc',
    'http://sync.test/s/abc',
    'https://sync.test/contacts/abc',
    'https://sync.test/s/',
    'https://sync.test/s/abc/more',
    'https://sync.test/s/abc?x=1',
    'www.firm.test',
    '',
  ])('is not "%s"', (address) => {
    expect(ids.sageContactOfMarker(PUBLIC_URL, address)).toBeNull();
  });
});
