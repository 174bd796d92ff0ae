import { type Random } from '../kernel/random';
import { type Identities } from './identities';
import { type DemoContact, type DemoParty } from './types';

/** What one case adds to the two sides. */
export interface Scene {
  contacts: DemoContact[];
  parties: DemoParty[];
}

/** A situation that an import meets, with the number of records it takes on each side. */
export interface Case {
  plan: string;
  contacts: number;
  parties: number;
  make: (plan: string, cast: Identities, random: Random) => Scene;
}
