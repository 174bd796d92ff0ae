/**
 * The pages as pure functions from a view model to a whole HTML document. No page holds inline styles,
 * scripts or handlers: `default-src 'self'` is all they need.
 */
export { renderApiDocs } from './api-docs';
export { renderBusinesses } from './businesses';
export { renderContact } from './contact';
export { renderContacts } from './contacts';
export { renderFailures } from './failures';
export { renderIgnored } from './ignored';
export { renderLanding } from './landing';
export { renderMessage } from './message';
export { renderReviews } from './reviews';
export { renderRun } from './run';
export { renderRuns } from './runs';
export { renderSageContact } from './sage-contact';
export { renderSettings } from './settings';
export type * from './models';
