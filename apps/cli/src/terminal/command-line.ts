/** How this command line is started: a clone's scripts say how they do it. */
export function commandLine(otherwise = 'tributary'): string {
  return process.env['TRIBUTARY_COMMAND'] ?? otherwise;
}
