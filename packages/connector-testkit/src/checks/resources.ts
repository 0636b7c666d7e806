import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { outcomeWithin, within } from '../run/until.js';
import { answer } from '../run/answer.js';
import type { Check } from '../suite/check.js';
import { expect } from '../suite/conformance-error.js';
import type { World } from '../world/world.js';

const settleMs = 3000;

export const resourceChecks: readonly Check[] = [
  {
    id: 'resources.close',
    title: 'close can be called twice, and at once',
    run: async (world) => {
      const source = await world.newSource();
      await source.listTables({ signal: AbortSignal.timeout(settleMs) });
      await Promise.all([closed(source), closed(source)]);
      await closed(source);
      const unused = await world.newSource();
      await closed(unused);
    },
  },
  {
    id: 'resources.leaks',
    title: 'a source that was used, cancelled and closed leaves no socket, timer or file behind',
    run: async (world) => {
      const before = activeResources();
      const engine = await world.engineOver(await world.newSource());
      try {
        await answer(engine, `SELECT count(*), max(t) FROM ${world.tested('a')}`);
        await leaveEarly(engine, `SELECT * FROM ${world.tested('many')}`);
        await answer(engine, `SELECT nothing FROM ${world.tested('a')}`).catch(() => undefined);
      } finally {
        await engine.close();
      }
      const gone = await within(settleMs, () => surplus(before).length === 0);
      expect(gone, () => `after close these are still there: ${surplus(before).join(', ')}`);
    },
  },
  {
    id: 'resources.spool',
    title: 'queries leave no file in the spill directory',
    run: async (world) => {
      await answer(world.engine, `SELECT sum(length(payload) + hash(id) % 2) FROM ${world.tested('many')}`);
      const clean = await within(settleMs, async () => (await world.spilledFiles()).length === 0);
      const files = await world.spilledFiles();
      expect(clean, `these files are left in the spill directory: ${files.join(', ')}`);
    },
  },
];

async function closed(source: IFederatedDataSource): Promise<void> {
  // A close that throws before it returns is to be told like any other.
  const call = async (): Promise<void> => source.close();
  const outcome = await outcomeWithin(settleMs, call());
  expect(
    outcome.kind === 'done',
    `close() ${outcome.kind === 'failed' ? `fails with ${String(outcome.error)}` : 'does not end'}`,
  );
}

async function leaveEarly(engine: World['engine'], sql: string): Promise<void> {
  await using result = await engine.query(sql);
  for await (const batch of result) {
    void batch;
    break;
  }
}

type Counts = ReadonlyMap<string, number>;

/** What keeps the process alive, by kind. */
function activeResources(): Counts {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Kinds of which there are more than before. Requests that are under way come and go. */
function surplus(before: Counts): readonly string[] {
  return [...activeResources()]
    .filter(([name, count]) => !/Req|Immediate/.test(name) && count > (before.get(name) ?? 0))
    .map(([name, count]) => `${count - (before.get(name) ?? 0)} ${name}`);
}
