export {
  type EngineConfig,
  type SourceConfig,
  type TributaryConfig,
  defineConfig,
} from './config/config-types.js';
