import { z } from 'zod';
import 'zod-openapi';
import { DOCUMENT_KINDS, INVOICE_STATUSES, isQuote } from '../../../shared/domain/invoices';
import { PartyPath } from './contact-command-schemas';

/** Shapes of a contact's invoices. */

const amount = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .meta({ description: 'Decimal with the places of the currency, such as "1234.50"', example: '1234.50' });
const day = z.iso.date().meta({ description: 'YYYY-MM-DD' });
const currency = z.string().meta({ description: 'ISO 4217' });

export const InvoiceTotal = z
  .object({
    kind: z
      .enum(['CUSTOMER', 'VENDOR'])
      .meta({ description: 'What the contact owes as a customer, or is owed as a supplier: never one sum' }),
    currency,
    outstanding: amount.meta({ description: 'Invoices less credit notes' }),
    overdue: amount,
    invoiced12Months: amount.meta({ description: 'Gross, of this calendar month and the eleven before it' }),
  })
  .meta({ id: 'InvoiceTotal' });

const listed = {
  id: z.string(),
  number: z.string(),
  date: day.nullable(),
  currency,
  total: amount.meta({ description: 'Negative for a credit note' }),
  sageUrl: z.string().nullable().meta({ description: 'Its page in Sage; null when Sage tells none' }),
};

export const Invoice = z
  .object({
    ...listed,
    kind: z.enum(DOCUMENT_KINDS.filter((kind) => !isQuote(kind))),
    dueDate: day.nullable().meta({ description: 'Null where Sage has none, as for credit notes' }),
    outstanding: amount,
    status: z.enum(INVOICE_STATUSES).meta({ description: '`overdue` wins over `partPaid`' }),
    disputed: z.boolean(),
    daysOverdue: z.number().int().min(0).meta({ description: '0 unless overdue; by the day in London' }),
  })
  .meta({ id: 'Invoice' });

export const Quote = z
  .object({
    ...listed,
    kind: z.enum(DOCUMENT_KINDS.filter(isQuote)),
    expiryDate: day.nullable(),
    status: z.string().meta({ description: 'As Sage has it, such as `pending`' }),
  })
  .meta({ id: 'Quote' });

export const ContactInvoices = z
  .object({
    asOf: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Everything before it is in the figures; null when they were never read' }),
    sageReachable: z
      .boolean()
      .meta({ description: 'False: these are the figures as they were when Sage last answered' }),
    totals: z.array(InvoiceTotal).meta({ description: 'One per currency, pounds first' }),
    invoices: z.array(Invoice).meta({ description: 'Invoices and credit notes, latest first' }),
    quotes: z.array(Quote).meta({ description: 'Quotes and estimates, latest first' }),
  })
  .meta({ id: 'ContactInvoices' });

/** `?refresh` alone is a wish as well. */
export const InvoicesQuery = z.object({
  refresh: z
    .enum(['', '0', '1', 'false', 'true'])
    .default('0')
    .meta({ description: 'Asks Sage first, and waits a few seconds for its answer' }),
});

export const InvoicePath = PartyPath.extend({
  id: z.string().regex(/^[0-9A-Za-z-]{1,100}$/, 'is no id of a document'),
});

export type ContactInvoices = z.infer<typeof ContactInvoices>;
export type Invoice = z.infer<typeof Invoice>;
export type Quote = z.infer<typeof Quote>;
