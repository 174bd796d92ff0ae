import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { HISTORIES } from '../support/record-histories';

/** Workflows that ran before must go on under today's code: what was recorded is replayed. */
let workflowBundle: WorkflowBundle;

interface RecordedEvent {
  eventType: string;
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}
interface Recorded {
  events: RecordedEvent[];
}

const read = (file: string): Recorded => JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')) as Recorded;
const replay = (history: Recorded) =>
  Worker.runReplayHistory({ workflowBundle }, historyFromJSON(history), 'replayed');

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../workflows'),
    logger: new DefaultLogger('ERROR'),
  });
});

it.each(readdirSync(HISTORIES))('replays %s', async (file) => {
  await expect(replay(read(file))).resolves.toBeUndefined();
});

it('refuses a history that today’s code would not have made', async () => {
  const history = read('import-complete.json');
  const step = history.events.find(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled);
  if (step?.activityTaskScheduledEventAttributes) {
    step.activityTaskScheduledEventAttributes.activityType.name = 'somethingElse';
  }
  await expect(replay(history)).rejects.toThrow(/[Nn]ondeterminism|DeterminismViolation/);
});
