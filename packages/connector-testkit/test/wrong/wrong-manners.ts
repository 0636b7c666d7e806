import { type Server, type Socket, connect, createServer } from 'node:net';
import { type IFederatedDataSource, TributaryError, type TableStatistics } from '@tributary/connector-sdk';
import type { PlainRead } from '@tributary/connector-sdk/plain';
import type { Row } from '@tributary/connector-sdk/results';
import { MemoryService } from '../reference/memory-service.js';
import { MemoryReader, createReferencePlain, plainSubject } from '../reference/plain-subject.js';
import { createReferenceSql, sqlSubject } from '../reference/sql-subject.js';
import { overridden } from './overridden.js';
import type { WrongConnector } from './wrong-connector.js';

function sql(
  mistake: string,
  check: string,
  says: RegExp,
  changes: (source: IFederatedDataSource) => Partial<IFederatedDataSource>,
): WrongConnector {
  return {
    mistake,
    check,
    says,
    subject: ({ sql: server }) =>
      sqlSubject(server, (sourceId) => overridden(createReferenceSql(server, sourceId), changes)),
  };
}

const never = new AbortController().signal;

/** Ends where the source broke, as if that were the end. */
async function* untilBroken<T>(batches: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = batches[Symbol.asyncIterator]();
  for (;;) {
    const step = await iterator.next().catch(() => undefined);
    if (step === undefined || step.done === true) return;
    yield step.value;
  }
}

/** Asks for pages, and tells nobody that no more are wanted. */
class ForgetfulReader extends MemoryReader {
  override async *rows(request: PlainRead): AsyncGenerator<readonly Row[], void, undefined> {
    const pages = super.rows(request, never);
    for (;;) {
      const { done, value } = await pages.next();
      if (done === true) return;
      yield value;
    }
  }
}

let listener: Promise<Server> | undefined;
const leaked: Socket[] = [];

/** Opens a connection that nobody will close. */
async function leakConnection(): Promise<void> {
  listener ??= new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
  const address = (await listener).address();
  if (address === null || typeof address === 'string') return;
  const socket = connect(address.port, '127.0.0.1');
  leaked.push(socket);
  await new Promise((resolve) => socket.once('connect', resolve));
}

export function closeLeaks(): Promise<unknown> {
  for (const socket of leaked) socket.destroy();
  return Promise.resolve(listener).then((server) => server?.close());
}

/** Sources that answer rightly and behave badly. */
export const wrongManners: readonly WrongConnector[] = [
  sql('ignores an abort that came before', 'cancellation.before', /as if nothing had happened/, (source) => ({
    executeRemoteQuery: (plan, ctx) => source.executeRemoteQuery(plan, { ...ctx, signal: never }),
  })),
  sql(
    'ignores an abort in mid-stream',
    'cancellation.stream',
    /ends with 40000 of 40000 rows after an abort/,
    (source) => ({
      executeRemoteQuery: async (plan, ctx) => source.executeRemoteQuery(plan, { ...ctx, signal: never }),
    }),
  ),
  {
    mistake: 'leaves the server working',
    check: 'cancellation.statement',
    says: /still works on 1 statements/,
    subject: () => {
      const service = new MemoryService();
      return plainSubject(service, (sourceId) =>
        createReferencePlain(sourceId, new ForgetfulReader(service)),
      );
    },
  },
  sql('calls a timeout a failed query', 'cancellation.timeout', /not with the signal's reason/, (source) => ({
    executeRemoteQuery: (plan, ctx) =>
      source.executeRemoteQuery(plan, ctx).catch((cause: unknown) => {
        throw new TributaryError('SOURCE.QUERY_FAILED', { message: 'The query failed.', cause });
      }),
  })),
  sql(
    'loses rows after an error in mid-stream',
    'failures.stream',
    /ends with \d+ of 40000 rows, as if it were whole/,
    (source) => ({
      executeRemoteQuery: async (plan, ctx) => {
        const result = await source.executeRemoteQuery(plan, ctx);
        return result.kind === 'relation' ? result : { ...result, batches: untilBroken(result.batches) };
      },
    }),
  ),
  sql('leaks a connection', 'resources.leaks', /TCPSocketWrap/, (source) => ({
    executeRemoteQuery: async (plan, ctx) => {
      if (leaked.length === 0) await leakConnection();
      return source.executeRemoteQuery(plan, ctx);
    },
  })),
  sql('leaves a timer running', 'resources.leaks', /Timeout/, (source) => ({
    executeRemoteQuery: (plan, ctx) => {
      setTimeout(() => undefined, 20_000);
      return source.executeRemoteQuery(plan, ctx);
    },
  })),
  sql('cannot be closed twice', 'resources.close', /close\(\) fails with Error: closed already/, (source) => {
    let closed = false;
    return {
      close: () => {
        if (closed) throw new Error('closed already');
        closed = true;
        return source.close();
      },
    };
  }),
  sql('counts its calls in its info', 'contract.info', /getInfo\(\) answers otherwise/, (source) => {
    let calls = 0;
    return { getInfo: () => ({ ...source.getInfo(), computeContext: `server ${(calls += 1)}` }) };
  }),
  sql(
    'guesses bounds and calls them exact',
    'contract.statistics',
    /lies between 0 and 10, it says/,
    (source) => ({
      getRemoteStatistics: async (table, ctx): Promise<TableStatistics | undefined> => {
        const statistics = await source.getRemoteStatistics(table, ctx);
        return (
          statistics && {
            ...statistics,
            columns: new Map([['id', { min: '0', max: '10', exactBounds: true }]]),
          }
        );
      },
    }),
  ),
  sql(
    'describes nullable columns as NOT NULL',
    'contract.describe',
    /holds NULLs and is described as NOT NULL/,
    (source) => ({
      describeTable: async (path, ctx) => {
        const schema = await source.describeTable(path, ctx);
        return (
          schema && { ...schema, columns: schema.columns.map((column) => ({ ...column, nullable: false })) }
        );
      },
    }),
  ),
  sql('shows its password where it explains itself', 'secrets.everywhere', /a secret is shown/, (source) => ({
    planRemoteQuery: (request) => {
      const plan = source.planRemoteQuery(request);
      return { ...plan, native: `-- reference-passw0rd\n${plan.native}` };
    },
  })),
  {
    mistake: 'prints the password that was refused',
    check: 'secrets.password',
    says: /a secret is shown/,
    subject: ({ sql: server }) =>
      withCredentials(server, (error, password) => `${error.message} (${password})`),
  },
  {
    mistake: 'calls refused credentials a failed query',
    check: 'failures.credentials',
    says: /a wrong password is SOURCE\.QUERY_FAILED/,
    subject: ({ sql: server }) => withCredentials(server, (error) => error.message, 'SOURCE.QUERY_FAILED'),
  },
];

/** A reference whose errors with wrong credentials are other ones. */
function withCredentials(
  server: Parameters<typeof sqlSubject>[0],
  message: (error: TributaryError, password: string) => string,
  code: TributaryError['code'] = 'SOURCE.AUTHENTICATION',
): ReturnType<typeof sqlSubject> {
  const subject = sqlSubject(server);
  const spoiled = (sourceId: string, password: string): IFederatedDataSource =>
    overridden(createReferenceSql(server, sourceId, { password }), (source) => ({
      listTables: (ctx) =>
        source.listTables(ctx).catch((error: TributaryError) => {
          throw new TributaryError(code, { message: message(error, password) });
        }),
    }));
  return { ...subject, hooks: { ...subject.hooks, wrongCredentials: spoiled } };
}
