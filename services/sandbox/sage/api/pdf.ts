import { outstandingOf } from '../books/documents';
import { type SalesDocument } from '../records';
import { decimal } from './shape';

/** A one-page PDF of a document, with the plainest means that every reader opens. */
export function documentPdf(document: SalesDocument, createdAt: string): Buffer {
  const { currency_id: currency } = document;
  const rows = [
    `${document.kind.replaceAll('_', ' ').toUpperCase()}  ${document.number ?? 'DRAFT'}`,
    '',
    `To: ${document.contact_name}`,
    `Date: ${document.date}    Due: ${document.dueDate}    Status: ${document.status}`,
    `Reference: ${document.reference || '-'}`,
    '',
    ...document.lines.map(
      ({ description, quantity, unitPrice }) =>
        `${quantity} x ${description} at ${decimal(unitPrice)} ${currency}`,
    ),
    '',
    `Net ${decimal(document.net)}   Tax ${decimal(document.tax)}   Total ${decimal(document.total)} ${currency}`,
    `Outstanding ${decimal(outstandingOf(document))} ${currency}`,
    '',
    `Made-up document of the Sage sandbox, ${createdAt}`,
  ];
  return assemble(rows.map(printable));
}

/** Latin-1 only, as the standard fonts know nothing else; brackets and backslashes escaped. */
const printable = (text: string): string =>
  [...text.normalize('NFC')]
    .map((character) => (character.charCodeAt(0) > 255 ? '?' : character))
    .join('')
    .replace(/[\\()]/g, '\\$&');

function assemble(rows: string[]): Buffer {
  const text = rows.map((row) => `(${row}) Tj T*`).join('\n');
  const content = `BT /F1 11 Tf 16 TL 60 780 Td\n${text}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R' +
      ' /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}
