import { type Request, type Response } from 'express';
import { type Channel, createChannel, createSession } from 'better-sse';
import { type Logger } from '../../shared/log';
import { Problem } from './http/problem';
import { type StatusModel } from './pages';

const POLL_MS = 1_000;
const HEARTBEAT_MS = 15_000;
/** A stream is ended after an hour; browsers open a new one, which asks again who is signed in. */
const LONGEST_MS = 3600_000;
/** Open pages per tenant in this process; a person has few, an office some dozens. */
const MOST_LISTENERS = 100;

export interface StatusFeed {
  /** Keeps the response open and sends the status whenever it changes. */
  follow(tenantId: string, req: Request, res: Response): Promise<void>;
  close(): void;
}

interface Topic {
  channel: Channel;
  /** What was sent last, as JSON. */
  last: string;
  timer?: NodeJS.Timeout;
}

/**
 * Server-sent events of the status. The store is asked once a second per tenant that somebody looks at, however
 * many look; only changes are sent.
 */
export function createStatusFeed(
  read: (tenantId: string) => Promise<StatusModel | null>,
  log: Logger,
  pollMs = POLL_MS,
): StatusFeed {
  const topics = new Map<string, Topic>();
  const responses = new Set<Response>();

  function open(tenantId: string, last: string): Topic {
    const topic: Topic = { channel: createChannel(), last };
    const wait = () => {
      topic.timer = setTimeout(() => void poll(), pollMs);
    };
    const poll = async () => {
      await send(tenantId, topic);
      if (topics.get(tenantId) === topic) wait();
    };
    topic.channel.on('session-deregistered', () => {
      if (topic.channel.sessionCount > 0) return;
      clearTimeout(topic.timer);
      topics.delete(tenantId);
    });
    topics.set(tenantId, topic);
    wait();
    return topic;
  }

  async function send(tenantId: string, topic: Topic): Promise<void> {
    try {
      const status = await read(tenantId);
      const text = JSON.stringify(status);
      if (!status || text === topic.last) return;
      topic.last = text;
      topic.channel.broadcast(status);
    } catch (err) {
      // The next poll tries again; the browser keeps what it has.
      log.warn({ tenantId, err }, 'status not read');
    }
  }

  return {
    async follow(tenantId, req, res) {
      const crowd = topics.get(tenantId)?.channel.sessionCount ?? 0;
      if (crowd >= MOST_LISTENERS) {
        throw new Problem(503, 'Too many open pages', 'Close some pages of this account, then reload.');
      }
      const status = await read(tenantId);
      const session = await createSession(req, res, { keepAlive: HEARTBEAT_MS });
      if (!session.isConnected) return;
      responses.add(res);
      const end = setTimeout(() => res.end(), LONGEST_MS);
      session.on('disconnected', () => {
        clearTimeout(end);
        responses.delete(res);
      });
      const topic = topics.get(tenantId) ?? open(tenantId, JSON.stringify(status));
      topic.channel.register(session);
      if (status) session.push(status);
    },

    close() {
      for (const { timer } of topics.values()) clearTimeout(timer);
      topics.clear();
      for (const response of responses) response.end();
    },
  };
}
