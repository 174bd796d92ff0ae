import { html } from './html';
import { type BusinessesModel } from './models';

export function renderBusinesses(_model: BusinessesModel): string {
  return html(<html lang="en-GB" />);
}
