export { createSourceFromConnector } from './connector.js';
export {
  type FederatedDataSourceRegistry,
  InMemoryFederatedDataSourceRegistry,
  type ResolvedTable,
} from './registry.js';
