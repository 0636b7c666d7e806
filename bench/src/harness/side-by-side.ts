import { median } from './median.js';

/** One way of doing the work that is measured. */
export interface Contender {
  readonly name: string;
  /** Takes part in every so many rounds only, where it takes many times as long as the others. Default 1. */
  readonly every?: number;
  /** Does it once; what it returns is compared with what the others return, unless it is undefined. */
  run(): Promise<Outcome>;
}

export interface Outcome {
  /** Milliseconds, where the contender measures a part of its run only; else the whole run counts. */
  readonly ms?: number;
  /** The answer, short: contenders that answer differently are not comparable. */
  readonly answer?: string;
}

export interface Rounds {
  readonly warmUp: number;
  readonly measured: number;
}

/** Median milliseconds by contender. */
export type Medians = ReadonlyMap<string, number>;

/**
 * Runs every contender once a round, each round beginning with another one, so that what else the machine does meets all of
 * them alike.
 *
 * @throws Error when two contenders give different answers
 */
export async function sideBySide(contenders: readonly Contender[], rounds: Rounds): Promise<Medians> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  const answers = new Map<string, string>();
  for (let round = 0; round < rounds.warmUp + rounds.measured; round++) {
    for (const [place] of contenders.entries()) {
      const contender = contenders[(place + round) % contenders.length];
      if (contender === undefined || round % (contender.every ?? 1) !== 0) continue;
      const started = performance.now();
      const { ms = performance.now() - started, answer } = await contender.run();
      if (round >= rounds.warmUp) times.get(contender.name)?.push(ms);
      if (answer !== undefined) answers.set(contender.name, answer);
    }
    assertEqual(answers);
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

function assertEqual(answers: ReadonlyMap<string, string>): void {
  if (new Set(answers.values()).size <= 1) return;
  const list = [...answers].map(([name, answer]) => `${name}: ${answer}`).join('; ');
  throw new Error(`The contenders disagree, so their times mean nothing: ${list}`);
}
