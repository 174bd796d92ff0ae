import { type PartyCandidate, type SageCandidate } from '../../../shared/domain/matching';

/** A Sage customer; give what the test is about. */
export const contact = (id: string, name: string, more: Partial<SageCandidate> = {}): SageCandidate => ({
  id,
  kind: 'CUSTOMER',
  name,
  email: '',
  postcode: '',
  createdAt: '2026-01-01T00:00:00Z',
  ...more,
});

/** A Capsule organisation; give what the test is about. */
export const party = (id: number, name: string, more: Partial<PartyCandidate> = {}): PartyCandidate => ({
  id,
  type: 'organisation',
  name,
  title: '',
  emails: [],
  postcodes: [],
  linkedKinds: [],
  marks: [],
  ...more,
});
