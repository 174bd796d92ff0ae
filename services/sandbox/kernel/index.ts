import { createClock, type SettableClock } from './clock';
import { type Conditions } from './conditions';
import { FaultDial } from './faults';
import { RequestLog } from './requests';

/** What one vendor's sandbox is given: a clock of its own, its dials and its request log. */
export interface VendorKernel {
  clock: SettableClock;
  requests: RequestLog;
  conditions: Conditions;
  faults: FaultDial;
}

/** @param logged path prefixes of the vendor's machine interface; pages are not logged */
export function createVendorKernel(conditions: Conditions, logged: readonly string[]): VendorKernel {
  const clock = createClock();
  return { clock, requests: new RequestLog(clock, logged), conditions, faults: new FaultDial(clock) };
}
