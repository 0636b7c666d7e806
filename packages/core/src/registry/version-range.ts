type Version = readonly [major: number, minor: number];
type Operator = '^' | '>=' | '<' | '=';

const comparatorText = /^(\^|>=|<|=)?(\d+)(?:\.(\d+))?(?:\.\d+)?$/;

/**
 * Whether `major.minor` lies in a range: alternatives (`||`) of comparators that must all hold (`^1.2`, `>=1.2`, `<3.0`, `=1.2`).
 * They mean what they mean in npm, but that a bare version is the one that a connector was built for and means `^`. Undefined where the
 * text is no range.
 */
export function satisfies(version: string, range: string): boolean | undefined {
  const comparator = parse(version);
  const alternatives = range.split('||').map((text) => text.trim().split(/\s+/).map(parse));
  const isRange = alternatives.every((parts) => parts.every((part) => part !== undefined));
  if (comparator === undefined || !isRange) return undefined;
  return alternatives.some((parts) =>
    parts.every((part) => part !== undefined && holds(comparator.version, part)),
  );
}

interface Comparator {
  readonly operator: Operator;
  readonly version: Version;
}

function parse(text: string): Comparator | undefined {
  const match = comparatorText.exec(text);
  if (match === null) return undefined;
  const [, operator, major = '', minor = '0'] = match;
  return { operator: isOperator(operator) ? operator : '^', version: [Number(major), Number(minor)] };
}

function isOperator(text: string | undefined): text is Operator {
  return text === '^' || text === '>=' || text === '<' || text === '=';
}

function holds(version: Version, { operator, version: bound }: Comparator): boolean {
  const order = version[0] - bound[0] || version[1] - bound[1];
  switch (operator) {
    case '^':
      return version[0] === bound[0] && order >= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '=':
      return order === 0;
  }
}
