import { declaredCapabilities } from '../checks/capabilities.js';
import { allChecks } from '../checks/all-checks.js';
import type { ConformanceReport } from '../report/conformance-report.js';
import { type Measured, reportOf } from '../report/report.js';
import { callContext } from '../world/call-context.js';
import { World } from '../world/world.js';
import { type Check, type CheckResult, areaOf } from './check.js';
import type { ConformanceSubject } from './conformance-options.js';
import { ConformanceError } from './conformance-error.js';

/** One connector's way through the checks: the world is opened by the first of them. */
export class ConformanceRun implements AsyncDisposable {
  readonly #subject: ConformanceSubject;
  readonly #results = new Map<Check['id'], CheckResult>();
  #world: Promise<World> | undefined;

  constructor(subject: ConformanceSubject) {
    this.#subject = subject;
  }

  async run(check: Check): Promise<CheckResult> {
    const result = this.#gap(check) ?? (await this.#try(check));
    this.#results.set(check.id, result);
    return result;
  }

  /** Undefined until every check has run. */
  async report(): Promise<ConformanceReport | undefined> {
    if (this.#results.size < allChecks.length || this.#world === undefined) return undefined;
    const world = await this.#world;
    return reportOf(this.#subject, this.#results, await measured(world));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const world = await this.#world?.catch(() => undefined);
    this.#world = undefined;
    await world?.[Symbol.asyncDispose]();
  }

  async #try(check: Check): Promise<CheckResult> {
    try {
      this.#world ??= World.open(this.#subject);
      await check.run(await this.#world);
      return { outcome: 'passed' };
    } catch (error) {
      return { outcome: 'failed', error };
    }
  }

  /** What the author declared, where the check is about nothing else; a failure where he declared nothing. */
  #gap({ type, needs, id }: Check): CheckResult | undefined {
    const gaps = this.#subject.knownGaps ?? [];
    const typeGap = gaps.find((gap) => gap.what === 'type' && type !== undefined && gap.types.includes(type));
    if (typeGap?.what === 'type' && typeGap.readAs === undefined) {
      return { outcome: 'gap', reason: typeGap.reason };
    }
    if (needs === undefined) return undefined;
    const given = this.#subject.hooks?.[needs] !== undefined;
    const hookGap = gaps.find((gap) => gap.what === 'hook' && gap.hook === needs);
    if (given !== (hookGap !== undefined)) {
      return hookGap === undefined ? undefined : { outcome: 'gap', reason: hookGap.reason };
    }
    const error = new ConformanceError(
      given
        ? `The hook "${needs}" is given and declared as a known gap.`
        : `${areaOf({ id })} needs the hook "${needs}": give it, or declare in knownGaps why it cannot be given.`,
    );
    return { outcome: 'failed', error };
  }
}

async function measured({ source, duckdb }: World): Promise<Measured> {
  const { version } = await source.checkHealth(callContext());
  const answer = await duckdb.query('SELECT version()');
  return {
    capabilities: declaredCapabilities(source.getInfo().capabilities),
    duckdb: String(answer.rows[0]?.[0]).replaceAll("'", ''),
    ...(version !== undefined && { server: version }),
  };
}
