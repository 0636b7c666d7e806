import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BlobServiceClient, type ContainerClient, newPipeline } from '@azure/storage-blob';
import type { AzureAccount } from './azure-account.js';

/** A container, and the connections to it. */
export interface AzureClient {
  readonly container: ContainerClient;
  /** Idempotent. */
  close(): void;
}

/** A client that makes one try per call. */
export function azureClient({ url, credential }: AzureAccount, container: string): AzureClient {
  const connections = { keepAlive: true, maxSockets: 64 };
  const agent = url.startsWith('https:') ? new HttpsAgent(connections) : new HttpAgent(connections);
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 1 } });
  // The SDK's own connections are shared by all clients of the process and stay open for as long as it lives.
  pipeline.factories.push({
    create: (next) => ({
      sendRequest: (request) => {
        // A proxy of the environment has an agent of its own.
        request.agent ??= agent;
        return next.sendRequest(request);
      },
    }),
  });
  return {
    container: new BlobServiceClient(url, pipeline).getContainerClient(container),
    close: () => agent.destroy(),
  };
}
