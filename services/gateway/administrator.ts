import { type CapsuleClient } from '../../shared/capsule/client';
import { isVendorError } from '../../shared/http/vendor-error';

/**
 * Whether the user behind a token is a Capsule administrator (R5). The API tells no role; being refused the
 * list of REST hooks is the sign (reference capsule-api §2, D). How exactly it refuses is not known, so any
 * refusal counts; a token that is refused everywhere fails elsewhere.
 */
export async function isAdministrator(capsule: CapsuleClient): Promise<boolean> {
  try {
    await capsule.listHooks();
    return true;
  } catch (error) {
    if (isVendorError(error, 'forbidden', 'unauthorised', 'missing', 'rejected')) return false;
    throw error;
  }
}
