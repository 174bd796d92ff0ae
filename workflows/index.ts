/** What the worker bundles: every workflow type by its contract name. */
export { initialImportWorkflow } from './initial-import';
export { tenantSyncWorkflow } from './tenant-sync';
