/**
 * The pages as pure functions from a view model to a whole HTML document. No page holds inline styles,
 * scripts or handlers: `default-src 'self'` is all they need.
 */
export { renderApiDocs } from './api-docs';
export { renderBusinesses } from './businesses';
export { renderFailures } from './failures';
export { renderLanding } from './landing';
export { renderMessage } from './message';
export { renderReviews } from './reviews';
export { renderSettings } from './settings';
export type * from './models';
