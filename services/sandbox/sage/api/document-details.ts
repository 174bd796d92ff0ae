import { catalogued, countryGroupOf } from '../catalogue';
import { inBase } from '../books/documents';
import { type Address, type DocumentKind, type SalesDocument } from '../records';
import { decimal, type Shape, type View } from './shape';

type Attributes = Shape<SalesDocument>['attributes'];

const constants = (names: string, value: unknown): Attributes =>
  Object.fromEntries(names.split(' ').map((name) => [name, () => value]));

/** Attributes that every document carries and no business of the sandbox uses: taxes withheld, shipping, CIS. */
export function unusedDetails(kind: DocumentKind): Attributes {
  const purchase = kind.startsWith('purchase');
  const quote = kind === 'sales_quote' || kind === 'sales_estimate';
  return {
    ...constants('tax_calculation_method tax_address_region', null),
    ...constants('withholding_tax_rate withholding_tax_amount base_currency_withholding_tax_amount', null),
    tax_analysis: taxAnalysis,
    ...(quote ? QUOTED : CIS),
    ...(purchase ? PURCHASED : SOLD),
    ...(kind === 'sales_invoice' ? INVOICED : {}),
  };
}

const CIS: Attributes = {
  ...constants('is_cis has_cis_labour has_cis_materials', false),
  ...constants('cis_applicable_amount base_currency_cis_applicable_amount', null),
  ...constants('total_after_cis_deduction base_currency_total_after_cis_deduction', null),
};

const QUOTED: Attributes = {
  ...constants('payments_allocations_total_amount payments_allocations_total_discount', '0.0'),
  ...constants('profit_analysis invoice', null),
};

const PURCHASED: Attributes = {
  ...constants('postponed_accounting import vat_exempt_consignment', false),
  ...constants('base_currency_total_itc_amount total_itc_amount part_recoverable', null),
  ...constants('base_currency_total_itr_amount total_itr_amount', null),
};

const INVOICED = constants('original_quote_estimate delivery_performance_date pas_payment_submission', null);

const SOLD: Attributes = {
  ...constants('destination_consignment destination_vat_rates_in_use', false),
  ...constants('shipping_net_amount shipping_tax_amount shipping_total_amount', '0.0'),
  ...constants('base_currency_shipping_net_amount base_currency_shipping_tax_amount', '0.0'),
  ...constants('base_currency_shipping_total_amount', '0.0'),
  ...constants('shipping_tax_breakdown base_currency_shipping_tax_breakdown', []),
  ...constants('shipping_tax_rate', null),
  ...constants('total_discount_amount base_currency_total_discount_amount', '0.0'),
  main_address: (document, view) => inlineAddress(addressOf(document, view)),
  main_address_free_form: (document, view) => freeForm(addressOf(document, view)),
  delivery_address: (document, view) => inlineAddress(addressOf(document, view)),
  delivery_address_free_form: (document, view) => freeForm(addressOf(document, view)),
};

function addressOf(document: SalesDocument, { books }: View): Address | undefined {
  const contact = books.contacts.get(document.contact_id);
  return contact && books.addresses.get(contact.main_address_id);
}

/** Lines come with a backslash and an n between them, not with a line break (recorded so, B). */
const freeForm = (address: Address | undefined): string =>
  address
    ? [address.address_line_1, address.address_line_2, address.city, address.region, address.postal_code]
        .filter(Boolean)
        .join('\\n')
    : '';

/** The address printed on the document: told in full even where nested records are stubs, without a path (B). */
function inlineAddress(address: Address | undefined): unknown {
  if (!address) return null;
  return {
    id: address.id,
    displayed_as: freeForm(address),
    $path: '',
    address_line_1: address.address_line_1,
    address_line_2: address.address_line_2,
    city: address.city,
    postal_code: address.postal_code,
    country: catalogued('countries', address.country_id),
    address_type: catalogued('address_types', 'SALES'),
    region: address.region,
    country_group: countryGroupOf(address.country_id),
  };
}

function taxAnalysis({ net, tax, total, currency_id }: SalesDocument): unknown[] {
  const amounts = { net_amount: decimal(net), tax_amount: decimal(tax), total_amount: decimal(total) };
  return [{ tax_rate: taxRateOf(currency_id), ...amounts, goods_amount: '0.0', service_amount: '0.0' }];
}

export const taxRateOf = (currency: string): unknown =>
  currency === 'GBP'
    ? { id: 'GB_STANDARD', displayed_as: 'Standard 20.00%', $path: '/tax_rates/GB_STANDARD' }
    : { id: 'GB_ZERO', displayed_as: 'Zero Rated 0.00%', $path: '/tax_rates/GB_ZERO' };

/** An amount of a document in pounds. */
export const inPounds = (amount: (document: SalesDocument) => number) => (document: SalesDocument) =>
  decimal(inBase(amount(document), document.currency_id));
