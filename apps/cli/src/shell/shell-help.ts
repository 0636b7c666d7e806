export const shellHelp = `Statements end with a semicolon and may take several lines.

  \\d                     the tables of all sources
  \\d shop.public.orders  the columns of a table
  \\sources               the sources
  \\explain select ...    what would run where; without a statement, of the last one
  \\analyze select ...    the same after running it, with rows, bytes and times
  \\format json           table, json, ndjson or csv
  \\pushdown off          auto, off or require
  \\timing                show times, or stop showing them
  \\q                     leave (so does Ctrl-D)

Tab completes. Ctrl-C stops the running statement, or clears the line.
`;
