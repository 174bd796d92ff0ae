import { html } from './html';
import { type SettingsModel } from './models';

export function renderSettings(_model: SettingsModel): string {
  return html(<html lang="en-GB" />);
}
