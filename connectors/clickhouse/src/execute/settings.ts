import type { ClickHouseSettings } from '@clickhouse/client';

/**
 * What makes ClickHouse answer as the dialect says. A server, a user's profile and the options of the source may set anything else.
 */
export const pinnedSettings = {
  enable_analyzer: 1,
  // NULL where an outer join finds nothing, and where an aggregate or a grouping set has no value.
  join_use_nulls: 1,
  aggregate_functions_null_for_empty: 1,
  group_by_use_nulls: 1,
  force_grouping_standard_compatibility: 1,
  transform_null_in: 0,
  cast_keep_nullable: 1,
  data_type_default_nullable: 0,
  least_greatest_legacy_null_behavior: 0,
  use_variant_as_common_type: 0,
  // A bare name in ORDER BY means a column of the answer; every other stands behind its table's.
  prefer_column_name_to_alias: 0,
  // Numbers in GROUP BY and ORDER BY mean numbers.
  enable_positional_arguments: 0,
  enable_order_by_all: 0,
  union_default_mode: 'DISTINCT',
  except_default_mode: 'DISTINCT',
  intersect_default_mode: 'DISTINCT',
  count_distinct_implementation: 'uniqExact',
  decimal_check_overflow: 1,
  session_timezone: 'UTC',
  enable_extended_results_for_datetime_functions: 1,
  // A server that meets a limit, or does not reach a shard, must say so: never a part of the rows.
  limit: '0',
  offset: '0',
  read_overflow_mode: 'throw',
  read_overflow_mode_leaf: 'throw',
  group_by_overflow_mode: 'throw',
  sort_overflow_mode: 'throw',
  result_overflow_mode: 'throw',
  timeout_overflow_mode: 'throw',
  timeout_overflow_mode_leaf: 'throw',
  set_overflow_mode: 'throw',
  join_overflow_mode: 'throw',
  transfer_overflow_mode: 'throw',
  distinct_overflow_mode: 'throw',
  skip_unavailable_shards: 0,
  extremes: 0,
  http_write_exception_in_output_format: 0,
  wait_end_of_query: 0,
  cancel_http_readonly_queries_on_client_close: 1,
} as const satisfies Record<string, string | number>;

/**
 * Statements may hold long lists of constants. The options of a source may say otherwise, and what a user may not change stays as it
 * is for him.
 */
export const defaultSettings = {
  max_query_size: '16777216',
  max_ast_elements: '1000000',
  max_expanded_ast_elements: '10000000',
} as const satisfies Record<string, string>;

export type Compression = 'none' | 'lz4' | 'zstd';

/** Plain types, as DuckDB and Arrow readers have them. */
export function formatSettings(format: AnswerFormat, compression: Compression): ClickHouseSettings {
  return format === 'Parquet'
    ? {
        output_format_parquet_string_as_string: 1,
        output_format_parquet_date_as_uint16: 0,
        output_format_parquet_compression_method: compression,
        // Only a reader that filters would use them; the spool is read whole, once.
        output_format_parquet_write_bloom_filter: 0,
        output_format_parquet_write_page_index: 0,
      }
    : {
        output_format_arrow_string_as_string: 1,
        output_format_arrow_date_as_uint16: 0,
        output_format_arrow_low_cardinality_as_dictionary: 0,
        // apache-arrow has no codec of its own.
        output_format_arrow_compression_method: 'none',
      };
}

export type AnswerFormat = 'Parquet' | 'ArrowStream';
