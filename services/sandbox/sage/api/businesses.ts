import { Router } from 'express';

import { isoSeconds } from '../../kernel/clock';
import { type Business, type Directory } from '../directory';
import { notFound } from '../refusal';
import { grantOf } from './access';

const COUNTRIES = { GB: 'United Kingdom', IE: 'Ireland' };

/** `/businesses` and `/user`: no X-Business, no subscription needed (reference §2). */
export function userRouter(directory: Directory): Router {
  const router = Router();
  router.get('/user', (_req, res) => {
    const { user } = grantOf(res);
    const since = isoSeconds(Math.min(...directory.businesses.map(({ createdAt }) => createdAt)));
    res.json({
      created_at: since,
      updated_at: since,
      displayed_as: `${user.firstName} ${user.lastName}`,
      id: user.id,
      first_name: user.firstName,
      last_name: user.lastName,
      initials: `${user.firstName.slice(0, 1)}${user.lastName.slice(0, 1)}`,
      email: `${user.login}@sandbox.example`,
      locale: 'en-GB',
    });
  });
  router.get('/businesses', (_req, res) => {
    const businesses = grantOf(res).user.businessIds.flatMap((id) => directory.business(id) ?? []);
    res.json({
      $total: businesses.length,
      $page: 1,
      $next: null,
      $back: null,
      // The one list with this spelling, and the one that is never paged (reference §2, A/B).
      $items_per_page: 2_147_483_647,
      $items: businesses.map(({ id, name }) => ({ displayed_as: name, id, $path: `/businesses/${id}` })),
    });
  });
  router.get('/businesses/:id', (req, res) => {
    const { user } = grantOf(res);
    const id = req.params.id === 'lead' ? user.leadId : req.params.id;
    const business = id !== null && user.businessIds.includes(id) ? directory.business(id) : undefined;
    if (!business) throw notFound();
    res.json(shown(business));
  });
  return router;
}

function shown(business: Business): unknown {
  const { id, name, countryId, city, createdAt, subscription } = business;
  const at = isoSeconds(createdAt);
  return {
    created_at: at,
    updated_at: at,
    displayed_as: name,
    id,
    name,
    address_line_1: '1 Market Place',
    address_line_2: '',
    city,
    region: '',
    postal_code: countryId === 'GB' ? 'GL7 3AB' : 'D02 AB12',
    country: { id: countryId, displayed_as: COUNTRIES[countryId] },
    telephone: '01632 960000',
    mobile: '',
    website: '',
    is_demo: false,
    ni_based: false,
    subscriptions: [{ created_at: at, updated_at: at, ...subscription, accountant_pays: false }],
  };
}

/** `/financial_settings`; the figures are those of a business that is not registered for VAT. */
export const financialSettings = ({ countryId, createdAt }: Business): unknown => {
  const currency =
    countryId === 'GB' ? { id: 'GBP', name: 'Pound Sterling (GBP)' } : { id: 'EUR', name: 'Euro (EUR)' };
  return {
    $path: '/financial_settings',
    year_end_date: '2026-03-31',
    year_end_lockdown_date: null,
    accounting_type: 'accrual',
    accounts_start_date: null,
    base_currency: {
      id: currency.id,
      displayed_as: currency.name,
      $path: `/currencies/${currency.id}`,
    },
    multi_currency_enabled: true,
    use_live_exchange_rates: true,
    mtd_activation_status: 'mtd_unavailable',
    mtd_connected: false,
    mtd_authenticated_date: '',
    tax_scheme: {
      id: 'NOT_REGISTERED',
      displayed_as: 'Not Registered',
      $path: '/tax_schemes/NOT_REGISTERED',
    },
    tax_return_frequency: null,
    tax_number: null,
    general_tax_number: '',
    tax_office: null,
    default_irpf_rate: '0.0',
    flat_rate_tax_percentage: null,
    recoverable_percentage: null,
    sales_tax_calculation: null,
    purchase_tax_calculation: null,
    updated_at: isoSeconds(createdAt),
    postponed_accounting: false,
    destination_vat: false,
  };
};

/** `/business_settings`: the country of registration may be null (reference §2, D), and is here. */
export const businessSettings = ({ createdAt }: Business): unknown => ({
  $path: '/business_settings',
  default_ledger_accounts: null,
  business_type: null,
  country_of_registration: null,
  business_created_at: isoSeconds(createdAt),
  updated_at: isoSeconds(createdAt),
  wizard_complete: true,
});
