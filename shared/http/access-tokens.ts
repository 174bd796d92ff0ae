/** Where a vendor client takes its access token from (see shared/oauth/token-keeper). */
export interface AccessTokens {
  /**
   * A token that is good for the next minute.
   * @param rejected the token that the vendor just answered with 401: a newer one is fetched unless someone already did
   * @throws VendorError `unauthorised` when the grant is dead
   */
  get(rejected?: string): Promise<string>;
}
