import { type Collection } from 'mongodb';

/**
 * How far a disconnect has come (R23). `stopping`: work is being ended; `clearing`: it has ended, and only the
 * Sage fields on the Capsule records are being emptied; `erasing`: the last grant goes.
 */
export type LeavingStage = 'stopping' | 'clearing' | 'erasing';

export interface Leaving {
  stage: LeavingStage;
  /** Whether the Sage fields on the Capsule records are emptied. */
  clearFields: boolean;
  /** Whether everything of the tenant goes (R32). */
  erase: boolean;
  /** Capsule user who asked. */
  by: number;
  at: Date;
}

/** The part of a tenant's document that leaving is about. */
interface Leaver {
  _id: string;
  connected: boolean;
  leaving?: Leaving | null;
}

/** Disconnecting, step by step; each is one atomic update, and decides a race with connecting again. */
export function leavingOf<T extends Leaver>(collection: Collection<T>) {
  const tenants = collection as unknown as Collection<Leaver>;

  return {
    /**
     * Disconnects a tenant; from here on its work is refused. Asking again joins what is under way.
     * @returns false when there is nothing to end: it is not connected, and nothing is to be erased
     */
    async beginLeaving(id: string, wish: Omit<Leaving, 'stage'>): Promise<boolean> {
      const leaving: Leaving = { stage: 'stopping', ...wish };
      const off = { connected: false, phase: 'disconnected', problems: [], leaving };
      const begun = await tenants.updateOne(
        wish.erase ? { _id: id, 'leaving.erase': { $ne: true } } : { _id: id, connected: true },
        { $set: off },
      );
      if (begun.modifiedCount === 1) return true;
      return (await tenants.findOne({ _id: id }))?.leaving != null;
    },

    /** @returns false when it was not at that stage: somebody has connected again, or asked for more */
    async advanceLeaving(id: string, from: LeavingStage, to: LeavingStage | null): Promise<boolean> {
      const { modifiedCount } = await tenants.updateOne(
        { _id: id, connected: false, 'leaving.stage': from },
        { $set: to === null ? { leaving: null } : { 'leaving.stage': to } },
      );
      return modifiedCount === 1;
    },
  };
}
