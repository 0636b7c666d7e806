export const shellHelp = `Statements end with a semicolon and may take several lines.

  \\d                     the tables of all sources
  \\d lake                the tables of a source
  \\d shop.public.orders  the columns of a table
  \\sources               the sources
  \\explain select ...    what would run where; without a statement, of the last one
  \\analyze select ...    the same after running it, with rows, bytes and times
  \\format json           table, records, json, ndjson or csv
  \\x                     a line for each value, whole; again: tables
  \\i report.sql          run the statements of a file
  \\pushdown off          auto, off or require
  \\timing                show times, or stop showing them (on, off)
  \\q                     leave (so does Ctrl-D)

explain [analyze] select ... works too, and so do .tables, .schema, .mode, .timer, .read and .quit.
Tab completes. Ctrl-C stops the running statement, or clears the line.
`;
