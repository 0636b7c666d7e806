import { answer } from '../run/answer.js';
import { visibleText } from '../run/visible-text.js';
import type { Check } from '../suite/check.js';
import { expect } from '../suite/conformance-error.js';
import { callContext } from '../world/call-context.js';
import { testedId } from '../world/sql-name.js';
import type { World } from '../world/world.js';

/** Characters that URLs, quotes and patterns treat in ways of their own. */
export const markerPassword = "m4rker$&'@/:%41";

export const secretChecks: readonly Check[] = [
  {
    id: 'secrets.password',
    title: 'a wrong password stands in no error and in no health report',
    needs: 'wrongCredentials',
    run: async (world) => {
      const source = await world.subject.hooks?.wrongCredentials?.(testedId, markerPassword);
      if (source === undefined) return;
      try {
        const seen = [
          ...(await Promise.all([
            textOf(source.listTables(callContext())),
            textOf(source.describeTable(world.path('a'), callContext())),
            textOf(source.checkHealth(callContext())),
          ])),
          JSON.stringify(source.getInfo()),
        ];
        checkHidden(seen.join('\n'), [markerPassword, encodeURIComponent(markerPassword)]);
      } finally {
        await source.close();
      }
    },
  },
  {
    id: 'secrets.everywhere',
    title: 'secrets stand in no plan, error, explain, description or health report',
    run: async (world) => {
      const { source, engine, subject } = world;
      const plan = await engine.explain(`SELECT id, k FROM ${world.tested('a')} WHERE k = 1`, {
        analyze: true,
      });
      const failed = await textOf(answer(engine, `SELECT CAST(t AS INTEGER) FROM ${world.tested('a')}`));
      const seen = [
        JSON.stringify(plan),
        failed,
        JSON.stringify(source.getInfo()),
        await textOf(source.listTables(callContext())),
        await textOf(source.describeTable(world.path('a'), callContext())),
        await textOf(source.checkHealth(callContext())),
        await statisticsText(world),
      ];
      checkHidden(seen.join('\n'), subject.secrets ?? []);
    },
  },
  {
    id: 'secrets.parameters',
    title: "parameters' values stand in no plan",
    run: async (world) => {
      const value = 'p4rameter';
      const plan = await world.engine.explain(`SELECT id FROM ${world.tested('a')} WHERE t = $1`, {
        params: [value],
        analyze: true,
      });
      checkHidden(JSON.stringify(plan), [value]);
    },
  },
];

function textOf(promise: Promise<unknown>): Promise<string> {
  return promise.then((value) => JSON.stringify(value) ?? '', visibleText);
}

async function statisticsText(world: World): Promise<string> {
  const { source } = world;
  const schema = await source.describeTable(world.path('a'), callContext());
  return schema === undefined ? '' : textOf(source.getRemoteStatistics(schema.table, callContext()));
}

function checkHidden(text: string, secrets: readonly string[]): void {
  for (const secret of secrets.filter((each) => each !== '')) {
    const at = text.indexOf(secret);
    const around = text.slice(Math.max(0, at - 80), at).replaceAll('\n', ' ');
    expect(at === -1, `a secret is shown after "…${around}"`);
  }
}
