import { html } from './html';
import { type MessageModel } from './models';

export function renderMessage(_model: MessageModel): string {
  return html(<html lang="en-GB" />);
}
