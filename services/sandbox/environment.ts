/** The variables that point a gateway and a worker at two stand-ins, client ids and secrets included. */
export const vendorEnvironment = (sageUrl: string, capsuleUrl: string): Record<string, string> => ({
  SAGE_CLIENT_ID: 'sandbox-sage-client',
  SAGE_CLIENT_SECRET: 'sandbox-sage-secret',
  SAGE_AUTHORIZE_URL: `${sageUrl}/oauth2/auth/central`,
  SAGE_TOKEN_URL: `${sageUrl}/token`,
  SAGE_REVOKE_URL: `${sageUrl}/revoke`,
  SAGE_API_URL: `${sageUrl}/v3.1`,
  CAPSULE_CLIENT_ID: 'sandbox-capsule-client',
  CAPSULE_CLIENT_SECRET: 'sandbox-capsule-secret',
  CAPSULE_AUTHORIZE_URL: `${capsuleUrl}/oauth/authorise`,
  CAPSULE_TOKEN_URL: `${capsuleUrl}/oauth/token`,
  CAPSULE_REVOKE_URL: `${capsuleUrl}/oauth/revoke`,
  CAPSULE_USERINFO_URL: `${capsuleUrl}/oauth/userinfo`,
  CAPSULE_API_URL: `${capsuleUrl}/api/v2`,
});
