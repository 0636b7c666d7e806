import type { Refusal } from './dialect.js';
import { type RenderReasonCode, renderReasonCodes } from './reason-codes.js';

/**
 * Thrown by rendering when the dialect has no exact form for a piece. Not an error of a query: whoever asks for a rendering
 * decides with it where the piece runs, so it never reaches a user.
 */
export class RenderRefusal extends Error {
  override readonly name = 'RenderRefusal';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.why}`);
    this.refusal = refusal;
  }
}

/** A refusal with the code's general sentence, or a more precise one. */
function refusal(code: RenderReasonCode, why?: string): Refusal {
  return { code, why: why ?? renderReasonCodes[code] };
}

export function refuse(code: RenderReasonCode, why?: string): never {
  throw new RenderRefusal(refusal(code, why));
}

/** The refusal that `render` raises, or undefined where it renders. */
export function refusalOf(render: () => unknown): Refusal | undefined {
  try {
    render();
    return undefined;
  } catch (error) {
    if (error instanceof RenderRefusal) return error.refusal;
    throw error;
  }
}
