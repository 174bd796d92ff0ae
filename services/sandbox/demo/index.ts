export { makeDemoCompany } from './company';
export { totalsOf } from './documents';
export type * from './types';
