import { type ZodOpenApiPathsObject } from 'zod-openapi';
import { PartyPath } from './contact-command-schemas';
import { ContactInvoices, InvoicePath, InvoicesQuery } from './invoices-schemas';
import { ProblemDetails } from './schemas';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemDetails } },
});
const REFUSALS = {
  '401': problem('Nobody is signed in, or Capsule no longer knows them'),
  '404': problem('There is no such record, or it is not shown to you'),
  '422': problem('The request is not valid'),
};

/** The documentation of routes/invoices. */
export const invoicePaths: ZodOpenApiPathsObject = {
  '/api/contacts/{partyId}/invoices': {
    get: {
      summary: 'What a contact owes, and its documents in Sage',
      description:
        "Of a person without a record in Sage: those of their organisation. Suppliers' documents are for administrators, unless the settings open them.",
      requestParams: { path: PartyPath, query: InvoicesQuery },
      responses: {
        '200': {
          description: 'As asked; also when Sage cannot be reached',
          content: { 'application/json': { schema: ContactInvoices } },
        },
        ...REFUSALS,
      },
    },
  },
  '/contacts/{partyId}/invoices/{id}.pdf': {
    get: {
      summary: 'A sales document as Sage prints it; it is not marked as sent by that',
      requestParams: { path: InvoicePath },
      responses: {
        '200': { description: 'Passed through', content: { 'application/pdf': {} } },
        '502': problem('Sage cannot be reached'),
        ...REFUSALS,
      },
    },
  },
};
