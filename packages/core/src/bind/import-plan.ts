import {
  type Column,
  type ColumnId,
  type ComputedColumn,
  type Expr,
  type Rel,
  type ScanColumn,
  columnRef,
  columnsOf,
  exprsOf,
  literal,
  outputOf,
  pick,
  typeOf,
  visitRel,
} from '@tributary/contract/plan';
import { TributaryError } from '@tributary/contract/errors';
import type { RemoteTableSchema } from '@tributary/contract/source';
import { importExpression, importSortKeys } from './import-expression.js';
import { importAggregate } from './import-aggregate.js';
import { importJoinDetails } from './import-join.js';
import { importLiteral } from './import-literal.js';
import { importType } from './import-type.js';
import { aliasOf, inheritedName } from './names.js';
import { importWindowCall } from './import-window.js';
import {
  type JsonObject,
  Unimportable,
  arrayAt,
  isObject,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
} from './json.js';

/** A table behind a stub of the catalogue. */
export interface BoundTable {
  readonly source: string;
  readonly path: readonly string[];
  readonly schema: RemoteTableSchema;
}

export interface ImportContext {
  /** The table behind a stub. */
  readonly table: (catalog: string, schema: string, name: string) => BoundTable | undefined;
  readonly newId: () => ColumnId;
}

/**
 * DuckDB's unoptimised bound plan as IR.
 * @throws Unimportable for an operator or expression without a counterpart.
 */
export function importPlan(root: JsonObject, context: ImportContext): Rel {
  const importer = new PlanImporter(context);
  const relation = importer.import(root);
  importer.checkVirtualColumns(relation);
  return relation;
}

class PlanImporter {
  readonly #context: ImportContext;
  /** Enclosing dependent joins whose right side is being read, innermost last. */
  readonly #dependentJoins: number[] = [];
  readonly #ctes = new Map<number, readonly Column[]>();
  readonly #virtual = new Set<ColumnId>();
  #joins = 0;

  constructor(context: ImportContext) {
    this.#context = context;
  }

  import(node: JsonObject): Rel {
    const type = stringAt(node, 'type');
    switch (type) {
      case 'LOGICAL_GET':
        return this.#scan(node);
      case 'LOGICAL_FILTER':
        return this.#filter(node);
      case 'LOGICAL_PROJECTION':
        return this.#project(node);
      case 'LOGICAL_AGGREGATE_AND_GROUP_BY':
        return importAggregate(node, this.#only(node), this.#context.newId);
      case 'LOGICAL_CROSS_PRODUCT': {
        const [left, right] = this.#pair(node);
        return { kind: 'join', type: 'inner', left, right, on: [] };
      }
      case 'LOGICAL_COMPARISON_JOIN':
      case 'LOGICAL_ANY_JOIN':
        return this.#join(node);
      case 'LOGICAL_DELIM_JOIN':
        return this.#dependentJoin(node);
      case 'LOGICAL_DELIM_GET':
        return this.#dependentScan(node);
      case 'LOGICAL_UNION':
      case 'LOGICAL_EXCEPT':
      case 'LOGICAL_INTERSECT':
        return this.#setOperation(node, type);
      case 'LOGICAL_DISTINCT':
        return this.#distinct(node);
      case 'LOGICAL_WINDOW':
        return this.#window(node);
      case 'LOGICAL_ORDER_BY': {
        const input = this.#only(node);
        if (arrayAt(node, 'projections').length > 0) throw new Unimportable('a projecting ORDER BY');
        return { kind: 'sort', input, keys: importSortKeys(objectsAt(node, 'orders'), outputOf(input)) };
      }
      case 'LOGICAL_LIMIT':
        return this.#limit(node);
      case 'LOGICAL_MATERIALIZED_CTE':
        return this.#with(node);
      case 'LOGICAL_CTE_REF':
        return this.#cteRef(node);
      case 'LOGICAL_DUMMY_SCAN':
        return { kind: 'values', columns: [], rows: [[]] };
      case 'LOGICAL_EXPRESSION_GET':
        return this.#values(node);
      case 'LOGICAL_CHUNK_GET':
        return this.#chunk(node);
      case 'LOGICAL_EMPTY_RESULT':
        return { kind: 'values', columns: this.#fresh(objectsAt(node, 'return_types')), rows: [] };
      default:
        throw new Unimportable(`operator ${type.replace('LOGICAL_', '')}`);
    }
  }

  #scan(node: JsonObject): Rel {
    const name = stringAt(node, 'name');
    const data = node['function_data'];
    const stub =
      name === 'seq_scan' && isObject(data)
        ? this.#context.table(stringAt(data, 'catalog'), stringAt(data, 'schema'), stringAt(data, 'table'))
        : undefined;
    if (stub === undefined) throw new Unimportable(`table function ${name}`);
    if (arrayAt(node, 'projection_ids').length > 0) throw new Unimportable('a scan with projection ids');
    const columns = objectsAt(node, 'column_indexes').map((entry): ScanColumn | undefined => {
      const column = stub.schema.columns[numberAt(entry, 'index')];
      if (objectsAt(entry, 'child_indexes').length > 0) throw new Unimportable('a scan of struct fields');
      if (column === undefined) return undefined;
      const { name: columnName, type, nullable, comparison } = column;
      return { id: this.#context.newId(), name: columnName, type, nullable, comparison };
    });
    const scan: Rel = {
      kind: 'scan',
      source: stub.source,
      table: stub.path,
      columns: columns.filter((c) => c !== undefined),
    };
    if (scan.columns.length === columns.length) return scan;
    // A virtual column (rowid, or the "any column" of count(*)) keeps its position as a NULL that nothing may read.
    const filler = (): ComputedColumn => {
      const id = this.#context.newId();
      this.#virtual.add(id);
      return { id, name: 'rowid', type: { id: 'bigint' }, expr: literal({ id: 'bigint' }, null) };
    };
    return {
      kind: 'project',
      input: scan,
      columns: columns.map((c) =>
        c === undefined ? filler() : { id: c.id, name: c.name, type: c.type, expr: columnRef(c) },
      ),
    };
  }

  /** @throws TributaryError when the statement reads a column that only DuckDB's own tables have. */
  checkVirtualColumns(relation: Rel): void {
    if (this.#virtual.size === 0) return;
    visitRel(relation, (rel) => {
      for (const expr of exprsOf(rel)) {
        for (const id of columnsOf(expr)) {
          if (!this.#virtual.has(id)) continue;
          throw new TributaryError('SQL.BIND', {
            message: 'The tables of sources have no rowid.',
            fix: "Use the table's own key.",
          });
        }
      }
    });
  }

  #filter(node: JsonObject): Rel {
    const input = this.#only(node);
    const columns = outputOf(input);
    const predicates = objectsAt(node, 'expressions').map((e) => importExpression(e, columns));
    const filtered: Rel = predicates.length === 0 ? input : { kind: 'filter', input, predicates };
    const kept = arrayAt(node, 'projection_map').map((position) => columns[Number(position)]);
    return kept.length === 0
      ? filtered
      : pick(
          filtered,
          kept.filter((c) => c !== undefined),
        );
  }

  #project(node: JsonObject): Rel {
    const input = this.#only(node);
    const columns = outputOf(input);
    return {
      kind: 'project',
      input,
      columns: objectsAt(node, 'expressions').map((e, position) => {
        const expr = importExpression(e, columns);
        const name = aliasOf(e) ?? inheritedName(expr, columns) ?? `column${position + 1}`;
        return { id: this.#context.newId(), name, type: typeOf(expr), expr };
      }),
    };
  }

  #join(node: JsonObject): Rel {
    const [left, right] = this.#pair(node);
    return { kind: 'join', ...importJoinDetails(node, left, right, this.#context.newId), left, right };
  }

  #dependentJoin(node: JsonObject): Rel {
    const [leftNode, rightNode] = objectsAt(node, 'children');
    if (leftNode === undefined || rightNode === undefined)
      throw new Unimportable('a join without two inputs');
    if (node['delim_flipped'] === true) throw new Unimportable('a flipped delim join');
    const id = ++this.#joins;
    const left = this.import(leftNode);
    this.#dependentJoins.push(id);
    const right = this.import(rightNode);
    this.#dependentJoins.pop();
    const leftColumns = outputOf(left);
    const correlated = objectsAt(node, 'duplicate_eliminated_columns').map((e) =>
      importExpression(e, leftColumns),
    );
    return {
      kind: 'dependent-join',
      id,
      ...importJoinDetails(node, left, right, this.#context.newId),
      left,
      right,
      correlated,
    };
  }

  #dependentScan(node: JsonObject): Rel {
    const join = this.#dependentJoins.at(-1);
    if (join === undefined) throw new Unimportable('a delim scan outside of a delim join');
    return { kind: 'dependent-scan', join, columns: this.#fresh(objectsAt(node, 'chunk_types')) };
  }

  #setOperation(node: JsonObject, type: string): Rel {
    const inputs = objectsAt(node, 'children').map((child) => this.import(child));
    const count = numberAt(node, 'column_count');
    const feeds = inputs.map((input) =>
      outputOf(input)
        .slice(0, count)
        .map((c) => c.id),
    );
    const [first] = inputs;
    if (first === undefined) throw new Unimportable('a set operation without inputs');
    const columns = outputOf(first)
      .slice(0, count)
      .map((c) => ({ id: this.#context.newId(), name: c.name, type: c.type }));
    const op = setOperations[type];
    if (op === undefined) throw new Unimportable(`set operation ${type}`);
    return { kind: 'set-operation', op, all: node['setop_all'] === true, inputs, columns, feeds };
  }

  #distinct(node: JsonObject): Rel {
    const input = this.#only(node);
    const columns = outputOf(input);
    if (stringAt(node, 'distinct_type') === 'DISTINCT') return { kind: 'distinct', input };
    const order = node['order_by'];
    return {
      kind: 'distinct',
      input,
      on: objectsAt(node, 'distinct_targets').map((e) => importExpression(e, columns)),
      ...(isObject(order) && { orderBy: importSortKeys(objectsAt(order, 'orders'), columns) }),
    };
  }

  #window(node: JsonObject): Rel {
    const input = this.#only(node);
    const columns = outputOf(input);
    return {
      kind: 'window',
      input,
      functions: objectsAt(node, 'expressions').map((e) => {
        const call = importWindowCall(e, columns);
        return { id: this.#context.newId(), name: call.fn, type: call.type, call };
      }),
    };
  }

  #limit(node: JsonObject): Rel {
    const input = this.#only(node);
    const columns = outputOf(input);
    const bound = (key: string): Expr | undefined => {
      const value = objectAt(node, key);
      const type = stringAt(value, 'type');
      switch (type) {
        case 'UNSET':
          return undefined;
        case 'CONSTANT_VALUE':
          return literal({ id: 'bigint' }, String(value['constant_integer']));
        case 'EXPRESSION_VALUE':
          return importExpression(objectAt(value, 'expression'), columns);
        default:
          throw new Unimportable(`LIMIT by ${type}`);
      }
    };
    const limit = bound('limit_val');
    const offset = bound('offset_val');
    return { kind: 'limit', input, ...(limit && { limit }), ...(offset && { offset }) };
  }

  #with(node: JsonObject): Rel {
    const [definitionNode, bodyNode] = objectsAt(node, 'children');
    if (definitionNode === undefined || bodyNode === undefined)
      throw new Unimportable('a CTE without a body');
    const id = numberAt(node, 'table_index');
    const definition = this.import(definitionNode);
    this.#ctes.set(id, outputOf(definition));
    const body = this.import(bodyNode);
    return { kind: 'with', id, name: stringAt(node, 'ctename'), definition, body };
  }

  #cteRef(node: JsonObject): Rel {
    const cte = numberAt(node, 'cte_index');
    const definition = this.#ctes.get(cte);
    if (definition === undefined) throw new Unimportable('a recursive CTE');
    return {
      kind: 'cte-ref',
      cte,
      columns: definition.map((c) => ({ id: this.#context.newId(), name: c.name, type: c.type })),
      feeds: definition.map((c) => c.id),
    };
  }

  #values(node: JsonObject): Rel {
    const columns = this.#fresh(objectsAt(node, 'expr_types'));
    const rows = arrayAt(node, 'expressions').map((row) => {
      if (!Array.isArray(row)) throw new Unimportable('a row of values that is not a list');
      return row.filter(isObject).map((e) => importExpression(e, []));
    });
    return { kind: 'values', columns, rows };
  }

  /** Rows that DuckDB had when it bound the statement, written down column by column. */
  #chunk(node: JsonObject): Rel {
    const columns = this.#fresh(objectsAt(node, 'chunk_types'));
    const values = arrayAt(objectAt(node, 'collection'), 'values').map((column) =>
      Array.isArray(column) ? column.filter(isObject).map(importLiteral) : [],
    );
    const rows = (values[0] ?? []).map((_, row) => values.flatMap((column) => column[row] ?? []));
    return { kind: 'values', columns, rows };
  }

  #fresh(types: readonly JsonObject[]): readonly Column[] {
    return types.map((type, i) => ({
      id: this.#context.newId(),
      name: `col${i}`,
      type: importType(type),
    }));
  }

  #only(node: JsonObject): Rel {
    const [child] = objectsAt(node, 'children');
    if (child === undefined) throw new Unimportable(`${stringAt(node, 'type')} without an input`);
    return this.import(child);
  }

  #pair(node: JsonObject): readonly [Rel, Rel] {
    const [left, right] = objectsAt(node, 'children');
    if (left === undefined || right === undefined) throw new Unimportable('a join without two inputs');
    return [this.import(left), this.import(right)];
  }
}

const setOperations: Readonly<Record<string, 'union' | 'except' | 'intersect'>> = {
  LOGICAL_UNION: 'union',
  LOGICAL_EXCEPT: 'except',
  LOGICAL_INTERSECT: 'intersect',
};
