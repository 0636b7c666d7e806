import { Pool } from 'pg';
import { sideBySide } from '../harness/side-by-side.js';
import { atMost, msFigures } from '../report/section.js';
import type { Benchmark } from './benchmark.js';

export const primaryKey: Benchmark = {
  name: 'primary-key',
  summary: 'one row by its primary key',
  async run(world) {
    await using engine = await world.engine('postgres');
    const pool = new Pool({ connectionString: world.url, max: 1 });
    try {
      // A different key each time, as a service would ask; every order key that ends in 1 to 7 (base 32) exists.
      let next = 0;
      const key = (): number => 1 + 32 * (next++ % 1_000);
      const medians = await sideBySide(
        [
          {
            name: 'tributary',
            run: async () => {
              const result = await engine.query('SELECT * FROM shop.orders WHERE o_orderkey = $1', {
                params: [key()],
              });
              const rows = await result.rows();
              return { answer: `${rows.length} row` };
            },
          },
          {
            name: 'pg',
            run: async () => {
              const text = 'SELECT * FROM orders WHERE o_orderkey = $1';
              const { rows } = await pool.query({ name: 'order', text, values: [key()] });
              return { answer: `${rows.length} row` };
            },
          },
        ],
        { warmUp: 300, measured: 1_000 },
      );
      const [ours = NaN, direct = NaN] = medians.values();
      return {
        title: 'A row by its primary key',
        about:
          '`SELECT * FROM orders WHERE o_orderkey = $1`, another key each time, against a prepared statement of `pg`.',
        cases: [
          { name: 'orders', figures: msFigures(medians), goals: [atMost('times pg', ours / direct, 3)] },
        ],
      };
    } finally {
      await pool.end();
    }
  },
};
