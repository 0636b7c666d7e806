/*
 * YAML reads the `{` of an unquoted `${NAME}` as a mapping. So the marks of a variable are replaced by private-use
 * characters, one for one, before the text is parsed (positions stay), and looked for in the parsed values.
 */
const dollar = '\uE000';
const open = '\uE001';
const close = '\uE002';
const escaped = '\uE003';

const inText = /(\$?)\$\{([^{}\n]*)\}/g;
const inValue = /(\uE003?)\uE000\uE001([^\uE002]*)\uE002/g;
const reference = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/;

export function maskVariables(text: string): string {
  return text.replace(
    inText,
    (_, escape: string, body: string) => `${escape && escaped}${dollar}${open}${body}${close}`,
  );
}

export interface VariableFault {
  /** The variable as written, `${NAME}`. */
  readonly reference: string;
  readonly fault: 'unset' | 'empty' | 'malformed';
}

export type Expansion =
  | { readonly value: string; readonly fault?: undefined }
  | { readonly fault: VariableFault };

/**
 * `${NAME}` is the variable's value, `${NAME:-default}` the default where it is unset or empty, `$${NAME}` the text
 * `${NAME}` itself. An empty variable without a default counts as forgotten.
 */
export function expandVariables(masked: string, env: NodeJS.ProcessEnv): Expansion {
  let fault: VariableFault | undefined;
  const value = masked.replace(inValue, (_, mark: string, body: string) => {
    if (mark === escaped) return `\${${body}}`;
    const match = reference.exec(body);
    if (match?.[1] === undefined) {
      fault ??= { reference: `\${${body}}`, fault: 'malformed' };
      return '';
    }
    const found = env[match[1]];
    if (found !== undefined && found !== '') return found;
    if (match[2] !== undefined) return match[2];
    fault ??= { reference: `\${${body}}`, fault: found === undefined ? 'unset' : 'empty' };
    return '';
  });
  return fault === undefined ? { value } : { fault };
}
