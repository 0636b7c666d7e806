/** Whether a path of a configuration is a pattern. (A file of exactly that name is looked for first.) */
export function hasGlob(path: string): boolean {
  return /[*?]/.test(path);
}

/** The leading folders of a pattern that hold no wildcard: where its listing starts. */
export function staticPrefix(pattern: string): string {
  const segments = pattern.split('/');
  const first = segments.findIndex(hasGlob);
  return segments.slice(0, first === -1 ? segments.length : first).join('/');
}

/** `**` stands for any number of folders, `*` for any part of one name, `?` for one character of it. */
export function globPattern(pattern: string): RegExp {
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  const source = segments
    .map((segment, index) => {
      const last = index === segments.length - 1;
      if (segment === '**') return last ? '.*' : '(?:[^/]+/)*';
      const name = segment
        .replaceAll(/[$()+.[\]\\^{|}]/g, String.raw`\$&`)
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]');
      return last ? name : `${name}/`;
    })
    .join('');
  return new RegExp(`^${source}$`, 's');
}
