import { momentsOf } from './life';
import { type End, openWorld, type Played, type Scene } from './world';

export interface CrashTable {
  /** What stands before it begins: done once. */
  before: Scene;
  /** What a worker dies at. */
  scene: Scene;
  /** What comes soon by itself, and has to mend what is not the same yet; nobody dies any more. */
  afterwards?: Scene;
  /** Every await of the scene, by name. */
  awaits: readonly string[];
  /** What the scene has to tell, by where a worker has died; nothing elsewhere. */
  tells?: Record<string, string>;
}

/**
 * Registers a test for each await of a scene: a worker dies at it, another one goes on, and everything ends as if
 * nobody had died.
 */
export function crashTable(title: string, { awaits, tells = {}, ...acts }: CrashTable): void {
  describe(title, () => {
    let world: Awaited<ReturnType<typeof openWorld>>;
    let undisturbed: Played;
    let end: End;

    beforeAll(async () => {
      world = await openWorld(acts);
      undisturbed = await world.play();
      end = await undisturbed.later();
    });
    afterAll(() => world.close());

    test('every await of it stands in the table', () => {
      expect([...undisturbed.awaits.keys()].sort()).toEqual([...awaits].sort());
    });

    test.each(awaits)('dies at %s', async (at) => {
      const strays: object[] = [];
      for (let nth = 1; nth <= (undisturbed.awaits.get(at) ?? 0); nth += 1) {
        for (const moment of momentsOf(at)) {
          const { died, told, ...played } = await world.play({ at, nth, moment });
          const where = `${moment} the ${nth}. ${at}`;
          // What is the same already stays so.
          const same = differences(undisturbed.end, played.end).length === 0;
          const differs = same ? [] : differences(end, await played.later());
          const asTold = !died || told.join() === (tells[where] ?? '');
          // How often it is come by may depend on the moment.
          const reached = died || nth > 1;
          if (!reached || !asTold || differs.length > 0) strays.push({ where, died, told, differs });
        }
      }
      expect(strays).toEqual([]);
    });
  });
}

function differences(wanted: End, found: End): object[] {
  return Object.keys(wanted).flatMap((of) => {
    const [missing, extra] = [without(wanted[of], found[of]), without(found[of], wanted[of])];
    return missing.length + extra.length > 0 ? [{ of, missing, extra }] : [];
  });
}

/** Each as often as it is there. */
function without(list: readonly unknown[] = [], others: readonly unknown[] = []): unknown[] {
  const left = others.map((one) => JSON.stringify(one));
  return list.filter((one) => {
    const at = left.indexOf(JSON.stringify(one));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
