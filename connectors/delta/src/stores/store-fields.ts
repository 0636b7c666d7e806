import type { OptionField } from '@tributary/connector-sdk';

/**
 * The stores' own options for tools. Tools want them before a store is chosen, and the packages that declare them may be absent: a test
 * compares them.
 */
export const storeFields: Readonly<Record<string, OptionField>> = {
  s3: { description: 'Credentials and place of an S3 store.' },
  's3.region': { description: "Region of the bucket; the environment's or the profile's when absent." },
  's3.endpoint': { description: "URL of a store that speaks S3; Amazon's when absent." },
  's3.pathStyle': { description: 'endpoint/bucket/key instead of bucket.endpoint/key.' },
  's3.accessKeyId': { description: 'Access key; without one, the default chain of the AWS tools.' },
  's3.secretAccessKey': { description: 'Its secret.', secret: true },
  's3.sessionToken': { description: 'Of temporary credentials.', secret: true },
  's3.profile': { description: 'Profile in the shared files of the AWS tools.' },
  's3.anonymous': { description: 'Whether requests are not signed.', default: false },
  's3.requesterPays': { description: 'Whether who asks pays for requests and transfer.', default: false },
  gcs: { description: 'Credentials and place of a Google Cloud Storage bucket.' },
  'gcs.projectId': {
    description: "Project of the client; the credentials' or the environment's when absent.",
  },
  'gcs.keyFilename': {
    description: "JSON file of a service account's key; without one, Application Default Credentials.",
    file: true,
  },
  'gcs.credentials': { description: "A service account's key: client_email and private_key." },
  'gcs.credentials.client_email': { description: 'Address of the service account.' },
  'gcs.credentials.private_key': { description: 'Its key in PEM.', secret: true },
  'gcs.anonymous': {
    description: 'Whether requests carry no token; true when absent for an endpoint without a key.',
  },
  'gcs.endpoint': { description: "URL of a private endpoint or an emulator; Google's when absent." },
  'gcs.userProject': { description: 'Project that pays for the requests.' },
  azure: { description: 'Credentials and place of an Azure container.' },
  'azure.account': {
    description: "Storage account; the URL's, else AZURE_STORAGE_ACCOUNT's, when absent.",
  },
  'azure.accountKey': {
    description: "The account's key; without any credentials, the environment's or Azure's default chain.",
    secret: true,
  },
  'azure.sasToken': {
    description: 'Shared access signature that allows reading and listing.',
    secret: true,
  },
  'azure.connectionString': { description: 'Account, endpoint and credentials in one.', secret: true },
  'azure.anonymous': { description: 'Whether requests are not signed.', default: false },
  'azure.endpoint': { description: "URL of the Blob service, where it is not Azure's own." },
};
