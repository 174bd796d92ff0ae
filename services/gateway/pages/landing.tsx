import { html } from './html';
import { type LandingModel } from './models';

export function renderLanding(_model: LandingModel): string {
  return html(<html lang="en-GB" />);
}
