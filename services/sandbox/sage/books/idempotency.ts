import { type Clock } from '../../kernel/clock';
import { fault, invalid, Refusal } from '../refusal';

const REMEMBERED_MS = 7 * 86_400_000;
const MOST = 100_000;

interface Remembered {
  entity: string;
  at: number;
  status: number;
  body: unknown;
}

/** What outlives a restart: results by their ids, oldest first. */
export type IdempotencyState = [id: string, Remembered][];

/**
 * Results of writes that carried an `idempotency_id` (reference §4, A): for seven days a repeat gets the first
 * result and does nothing. Refused writes are not remembered.
 */
export class IdempotencyMemory {
  private readonly results = new Map<string, Remembered>();

  constructor(private readonly clock: Clock) {}

  /**
   * Carries out `write` unless its id was seen before.
   * @throws Refusal 422 when the id is not 32 hexadecimal digits or belongs to another type of record
   */
  once(
    id: unknown,
    entity: string,
    write: () => { status: number; body: unknown },
  ): { status: number; body: unknown } {
    if (id === undefined || id === null) return write();
    if (typeof id !== 'string' || !/^[0-9a-f]{32}$/i.test(id)) {
      throw invalid('idempotency_id', 'The idempotency id must be a GUID without hyphens.');
    }
    const known = this.results.get(id);
    if (known && this.clock.now() - known.at < REMEMBERED_MS) {
      if (known.entity !== entity) {
        throw new Refusal(422, [fault('IdempotencyResourceMismatch', 'Entity type mismatch')]);
      }
      return { status: known.status, body: known.body };
    }
    const result = write();
    if (this.results.size >= MOST) this.forgetOldest();
    // A copy by value: the first result is repeated even when the record has changed since.
    const body: unknown = JSON.parse(JSON.stringify(result.body));
    this.results.set(id, { entity, at: this.clock.now(), status: result.status, body });
    return result;
  }

  snapshot(): IdempotencyState {
    return [...this.results];
  }

  restore(results: IdempotencyState): void {
    for (const [id, result] of results) this.results.set(id, result);
  }

  private forgetOldest(): void {
    const oldest = this.results.keys().next().value;
    if (oldest !== undefined) this.results.delete(oldest);
  }
}
