/** What the worker bundles: every workflow type by its contract name. */
export { initialImportWorkflow } from './initial-import';
export { reconcileWorkflow } from './reconcile';
export { tenantSyncWorkflow } from './tenant-sync';
