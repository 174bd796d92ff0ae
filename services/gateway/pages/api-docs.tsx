import { html } from './html';
import { type ApiDocsModel } from './models';

export function renderApiDocs(_model: ApiDocsModel): string {
  return html(<html lang="en-GB" />);
}
