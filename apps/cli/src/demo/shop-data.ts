import { Random } from './random.js';

export const customerCount = 5000;
export const productCount = 400;
export const orderCount = 60_000;

/** The year of the demo's data, so that its answer never changes. */
export const demoYear = 2025;

const firstNames = [
  'Ada',
  'Amir',
  'Chiara',
  'Diego',
  'Emma',
  'Fatima',
  'Hana',
  'Ivan',
  'Jonas',
  'Kofi',
  'Lena',
  'Mateo',
  'Noor',
  'Olga',
  'Priya',
  'Sofia',
  'Tom',
  'Yuki',
] as const;
const lastNames = [
  'Andersen',
  'Bauer',
  'Costa',
  'Dubois',
  'Fischer',
  'Garcia',
  'Haddad',
  'Ito',
  'Jensen',
  'Kowalski',
  'Larsen',
  'Moreau',
  'Novak',
  'Okafor',
  'Patel',
  'Rossi',
  'Silva',
  'Tanaka',
] as const;
const countries = [
  ['Germany', 24],
  ['France', 18],
  ['United Kingdom', 15],
  ['Italy', 11],
  ['Spain', 10],
  ['Netherlands', 8],
  ['Poland', 6],
  ['Sweden', 4],
  ['Japan', 3],
  ['Brazil', 1],
] as const;
const segments = [
  ['consumer', 7],
  ['business', 2],
  ['education', 1],
] as const;
const materials = ['Oak', 'Steel', 'Linen', 'Wool', 'Glass', 'Bamboo', 'Leather', 'Cork'] as const;
const things = [
  ['desk', 'furniture'],
  ['chair', 'furniture'],
  ['shelf', 'furniture'],
  ['lamp', 'lighting'],
  ['lantern', 'lighting'],
  ['rug', 'textiles'],
  ['curtain', 'textiles'],
  ['cushion', 'textiles'],
  ['bowl', 'kitchen'],
  ['tray', 'kitchen'],
] as const;
const statuses = [
  ['delivered', 82],
  ['shipped', 7],
  ['cancelled', 6],
  ['returned', 5],
] as const;

export const shopSchema = `
  create table customers (
    customer_id integer primary key, name text not null, country text not null, segment text not null, signed_up date not null);
  create table products (
    product_id integer primary key, name text not null, category text not null, price numeric(8,2) not null);
  create table orders (
    order_id integer primary key, customer_id integer not null references customers, product_id integer not null references products,
    ordered_at timestamp not null, quantity integer not null, total numeric(10,2) not null, status text not null);
`;

/** Indexes and statistics come after the rows. */
export const shopFinish = `create index on orders (customer_id); create index on orders (ordered_at); analyze;`;

/** One table's rows in the text format of COPY. */
export interface ShopTable {
  readonly name: string;
  readonly rows: () => Generator<string>;
}

export const shopTables: readonly ShopTable[] = [
  { name: 'customers', rows: customers },
  { name: 'products', rows: products },
  { name: 'orders', rows: orders },
];

function* customers(): Generator<string> {
  const random = new Random(1);
  for (let id = 1; id <= customerCount; id += 1) {
    const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
    const signedUp = isoDay(random.below(5 * 365), demoYear - 5);
    yield `${id}\t${name}\t${random.weighted(countries)}\t${random.weighted(segments)}\t${signedUp}\n`;
  }
}

function* products(): Generator<string> {
  const random = new Random(2);
  for (let id = 1; id <= productCount; id += 1) {
    const [thing, category] = random.pick(things);
    yield `${id}\t${random.pick(materials)} ${thing} ${id}\t${category}\t${priceOf(id)}\n`;
  }
}

function* orders(): Generator<string> {
  const random = new Random(3);
  for (let id = 1; id <= orderCount; id += 1) {
    const customer = 1 + random.skewed(customerCount);
    const product = 1 + random.skewed(productCount);
    const quantity = 1 + random.skewed(6);
    const day = isoDay(Math.floor((id / (orderCount + 1)) * 365), demoYear);
    const time = `${clock(6 + random.below(18))}:${clock(random.below(60))}:${clock(random.below(60))}`;
    const total = (Number(priceOf(product)) * quantity).toFixed(2);
    yield `${id}\t${customer}\t${product}\t${day} ${time}\t${quantity}\t${total}\t${random.weighted(statuses)}\n`;
  }
}

function priceOf(product: number): string {
  return (9 + ((product * 7919) % 24_000) / 100).toFixed(2);
}

function isoDay(dayOfYears: number, firstYear: number): string {
  return new Date(Date.UTC(firstYear, 0, 1 + dayOfYears)).toISOString().slice(0, 10);
}

function clock(value: number): string {
  return String(value).padStart(2, '0');
}
