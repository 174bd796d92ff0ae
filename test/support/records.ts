import { type CapsuleParty, type SageContact } from '../../shared/domain/types';

/** Records of both sides as tests put them into the store, without a vendor. */

export const ACCOUNT = {
  ...{ titles: [], countryNames: { GB: 'United Kingdom' } },
  fields: { sageId: null, sageReference: null, tagId: null },
};

export const contactOf = (id: string, name: string): SageContact => ({
  ...{ id, kind: 'CUSTOMER', name, reference: '', email: '', telephone: '', mobile: '', mainPersonName: '' },
  ...{ address: null, isSystem: false, isErased: false, url: '' },
  ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
});

export const partyOf = (id: number, name: string): CapsuleParty => ({
  ...{ id, type: 'organisation', name, title: '', firstName: '', lastName: '', organisationId: null },
  ...{ emails: [], phones: [], addresses: [], websites: [], ownerId: null, teamId: null },
  ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
});
