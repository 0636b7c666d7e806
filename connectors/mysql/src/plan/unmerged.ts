import { literal, type Rel, simpleType } from '@tributary/connector-sdk';

/** The relation as a derived table that MySQL does not merge into the statement around it, as it does not where there is a LIMIT. */
export function unmerged(relation: Rel): Rel {
  return { kind: 'limit', input: relation, limit: literal(simpleType('bigint'), '9223372036854775807') };
}
