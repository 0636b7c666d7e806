export * from '@tributary/contract';
