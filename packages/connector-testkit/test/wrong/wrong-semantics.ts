import type { IFederatedDataSource } from '@tributary/connector-sdk';
import type { PlainRead, PlainTable } from '@tributary/connector-sdk/plain';
import type { Answer } from '@tributary/connector-sdk/results';
import { sourceMutants, spoiledSource } from '../../src/generate/index.js';
import { MemoryReader, createReferencePlain, plainSubject } from '../reference/plain-subject.js';
import { createReferenceSql, sqlCapabilities, sqlSubject } from '../reference/sql-subject.js';
import { overridden } from './overridden.js';
import type { WrongConnector } from './wrong-connector.js';

/** A SQL source that runs another plan than it is given. */
function mutant(mistake: string, check: string, says = /auto differs/): WrongConnector {
  return {
    mistake,
    check,
    says,
    subject: ({ sql }) =>
      sqlSubject(sql, (sourceId) => {
        const found = sourceMutants.find((each) => each.mistake === mistake);
        if (found === undefined) throw new RangeError(`no mutant that ${mistake}`);
        return spoiledSource(createReferenceSql(sql, sourceId), found.spoil);
      }),
  };
}

function plain(
  mistake: string,
  check: string,
  says: RegExp,
  changes: (source: IFederatedDataSource) => Partial<IFederatedDataSource>,
): WrongConnector {
  return {
    mistake,
    check,
    says,
    subject: ({ plain: service }) =>
      plainSubject(service, (sourceId) =>
        overridden(createReferencePlain(sourceId, new MemoryReader(service)), changes),
      ),
  };
}

/** Stops after the limit, whatever filter the engine still has to apply. */
class HastyReader extends MemoryReader {
  override read(request: PlainRead, ctx: { readonly signal: AbortSignal }): Answer {
    return super.read({ ...request, predicates: [] }, ctx);
  }
}

/** Filters nothing, and says that it may give too much. */
class RoughReader extends MemoryReader {
  override async tables(): Promise<readonly PlainTable[]> {
    const tables = await super.tables();
    return tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({ ...column, filtering: 'superset' })),
    }));
  }

  override read(request: PlainRead, ctx: { readonly signal: AbortSignal }): Answer {
    return super.read({ ...request, predicates: [] }, ctx);
  }
}

/** Sources that answer another question than the one they are asked. */
export const wrongSemantics: readonly WrongConnector[] = [
  mutant('forgets a conjunct', 'types.integer-predicate'),
  mutant('compares text without regard to case', 'types.varchar-predicate'),
  mutant('puts NULLs at the other end', 'answers.order'),
  mutant('cuts off before it sorts', 'limits.top-n'),
  mutant('forgets OFFSET', 'limits.offset', /rows instead of/),
  mutant('takes % and _ in LIKE for themselves', 'types.like'),
  mutant('takes outer joins for inner ones', 'answers.joins'),
  {
    mistake: 'drops what it hands back',
    check: 'types.varchar-predicate',
    says: /auto differs/,
    subject: ({ plain: service }) =>
      plainSubject(service, (sourceId) =>
        overridden(createReferencePlain(sourceId, new RoughReader(service)), (source) => ({
          planRemoteQuery: (request) => {
            const plan = source.planRemoteQuery(request);
            return { ...plan, residual: { ...plan.residual, filters: [] } };
          },
        })),
      ),
  },
  {
    mistake: 'applies LIMIT before the filter that it took',
    check: 'limits.before-filter',
    says: /rows that the filter excludes|rows instead of/,
    subject: ({ plain: service }) =>
      plainSubject(service, (sourceId) => createReferencePlain(sourceId, new HastyReader(service))),
  },
  plain(
    'claims filters and pushes none',
    'capabilities.filter',
    /filter is declared, but not pushed/,
    (source) => ({
      planRemoteQuery: (request) => {
        if (request.kind !== 'scan') return source.planRemoteQuery(request);
        const columns = [...request.columns, ...request.filterColumns];
        const { limit: _, ...rest } = request;
        const plan = source.planRemoteQuery({ ...rest, columns, filters: [], filterColumns: [] });
        return {
          ...plan,
          request,
          columns,
          residual: { filters: request.filters, limit: request.limit !== undefined },
        };
      },
    }),
  ),
  {
    mistake: 'claims windows and has no word for them',
    check: 'capabilities.window',
    says: /window is declared, but not pushed/,
    subject: ({ sql }) =>
      sqlSubject(sql, (sourceId) => {
        const dialect = { ...sqlCapabilities.dialect, windowFunctions: new Map() };
        return createReferenceSql(sql, sourceId, { capabilities: { ...sqlCapabilities, dialect } });
      }),
  },
  {
    mistake: 'takes key sets and reads the whole table',
    check: 'capabilities.key-set',
    says: /key-set is pushed, but the source sends 40000 rows, not 12/,
    subject: ({ sql }) =>
      sqlSubject(sql, (sourceId) => {
        const dialect = { ...sqlCapabilities.dialect, keySet: (): string => '(true)' };
        return createReferenceSql(sql, sourceId, { capabilities: { ...sqlCapabilities, dialect } });
      }),
  },
  {
    mistake: 'asks for the first keys of a set only',
    check: 'answers.key-sets',
    says: /auto differs/,
    subject: ({ sql }) =>
      sqlSubject(sql, (sourceId) =>
        overridden(createReferenceSql(sql, sourceId), (source) => ({
          executeRemoteQuery: (plan, ctx) => {
            const keySets = [...ctx.keySets].map(([id, keys]) => {
              const columns = keys.columns.map((column) => column.slice(0, 2));
              return [id, { ...keys, columns }] as const;
            });
            return source.executeRemoteQuery(plan, { ...ctx, keySets: new Map(keySets) });
          },
        })),
      ),
  },
];
