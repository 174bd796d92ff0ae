import { DefaultFailureConverter } from '@temporalio/common';

/** Failures whose message and stack go through the payload codec like everything else. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
