import type { Engine } from '@tributary/core';
import { describeRelation, listSourceTables, tableName } from '../commands/catalog.js';
import { textFormats } from '../output/output-format.js';
import { quoteDotted } from '../statement/identifiers.js';
import { shellCommand, shellCommands } from './shell-commands.js';

const keywords = [
  'select',
  'from',
  'where',
  'group by',
  'having',
  'order by',
  'limit',
  'offset',
  'join',
  'left join',
  'full join',
  'cross join',
  'on',
  'using',
  'and',
  'or',
  'not',
  'in',
  'exists',
  'between',
  'like',
  'ilike',
  'is null',
  'is not null',
  'case',
  'when',
  'then',
  'else',
  'end',
  'with',
  'as',
  'distinct',
  'union all',
  'except',
  'intersect',
  'qualify',
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'coalesce',
  'cast',
  'date',
  'timestamp',
  'interval',
  'asc',
  'desc',
  'null',
  'true',
  'false',
  'create view',
  'drop view',
] as const;

/** What may stand at the end of a line, and the part of the line that it would replace. */
export type Completion = [candidates: string[], replaced: string];

interface KnownTable {
  /** As SQL takes it. */
  readonly name: string;
  columns: Promise<readonly string[]> | undefined;
}

/** Completes commands, keywords, tables, and the columns of the tables that the statement names. */
export class Completer {
  readonly #engine: Engine;
  readonly #signal: AbortSignal;
  #tables: Promise<readonly KnownTable[]> | undefined;

  constructor(engine: Engine, signal: AbortSignal) {
    this.#engine = engine;
    this.#signal = signal;
  }

  /** @param pending lines of the same statement above this one */
  async complete(pending: string, line: string): Promise<Completion> {
    const word = /[\w."\\?]*$/.exec(line)?.[0] ?? '';
    if (line.startsWith('\\')) return this.#completeCommand(line, word);
    const candidates = [
      ...(await this.#columnsFor(`${pending}\n${line}`, word)),
      ...(await this.#tableNames(word)),
      ...(word.includes('.') ? [] : keywords),
    ];
    return matching(candidates, word);
  }

  async #completeCommand(line: string, word: string): Promise<Completion> {
    if (!/\s/.test(line)) return matching(shellCommands, word);
    const name = shellCommand(line)?.name;
    if (name === '\\format') return matching(textFormats, word);
    if (name === '\\pushdown') return matching(['auto', 'off', 'require'], word);
    if (name === '\\timing') return matching(['on', 'off'], word);
    const sources =
      name === '\\d' ? this.#engine.sources().map(({ sourceId }) => quoteDotted([sourceId])) : [];
    return matching([...sources, ...(await this.#tableNames(word))], word);
  }

  /** Whole names; where none begins with the word, names without what may be left out of them. */
  async #tableNames(word: string): Promise<string[]> {
    const names = (await this.#knownTables()).map(({ name }) => name);
    const [whole] = matching(names, word);
    return whole.length > 0 ? whole : names.flatMap((name) => shorterNames(name, names));
  }

  /** Columns of the tables in the text; after `alias.` with that before them. */
  async #columnsFor(text: string, word: string): Promise<string[]> {
    const tables = (await this.#knownTables()).filter(({ name }) => mentions(text, name));
    const columns = await Promise.all(tables.map((table) => this.#columnsOf(table)));
    const prefix = /^(\w+\.)\w*$/.exec(word)?.[1] ?? '';
    return [...new Set(columns.flat())].map((column) => `${prefix}${column}`);
  }

  #knownTables(): Promise<readonly KnownTable[]> {
    this.#tables ??= this.#loadTables();
    return this.#tables;
  }

  /** A source that is down has no tables here; the statement will say so. */
  async #loadTables(): Promise<readonly KnownTable[]> {
    const lists = await Promise.all(
      this.#engine
        .sources()
        .map(({ sourceId }) => listSourceTables(this.#engine, sourceId, this.#signal).catch(() => [])),
    );
    const views = this.#engine.views().map(({ name }) => quoteDotted([name]));
    return [...lists.flat().map(tableName), ...views].map((name) => ({ name, columns: undefined }));
  }

  #columnsOf(table: KnownTable): Promise<readonly string[]> {
    table.columns ??= this.#loadColumns(table.name).catch(() => []);
    return table.columns;
  }

  async #loadColumns(name: string): Promise<readonly string[]> {
    const described = await describeRelation(this.#engine, name, this.#signal);
    const columns = described.kind === 'table' ? described.schema.columns : described.columns;
    return columns.map((column) => quoteDotted([column.name]));
  }
}

/** Whether the text names the table: by its whole name, or without the schema, or by the name alone. */
function mentions(text: string, name: string): boolean {
  const last = name.split('.').at(-1) ?? name;
  return text.includes(name) || new RegExp(`(^|[\\s.,(])${escapeRegExp(last)}(?![\\w"])`, 'i').test(text);
}

/** `shop.orders` and `orders` for `shop.public.orders`, unless another table may be meant by it. */
function shorterNames(name: string, names: readonly string[]): string[] {
  const parts = name.split('.');
  const [source = '', table = ''] = [parts[0], parts.at(-1)];
  const namesakes = names.filter((other) => other.endsWith(`.${table}`));
  const inSource = namesakes.filter((other) => other.startsWith(`${source}.`));
  return [
    ...(parts.length > 2 && inSource.length === 1 ? [`${source}.${table}`] : []),
    ...(parts.length > 1 && namesakes.length === 1 ? [table] : []),
  ];
}

function matching(candidates: readonly string[], word: string): Completion {
  const wanted = word.toLowerCase();
  return [candidates.filter((candidate) => candidate.toLowerCase().startsWith(wanted)), word];
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
