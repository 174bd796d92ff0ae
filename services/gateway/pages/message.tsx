import { html } from './html';
import { Icon } from './icons';
import { ActionButton, Layout } from './layout';
import { type MessageModel } from './models';

/** A refusal or an error: what happened, what it means, the next step as a button. */
export function renderMessage(model: MessageModel): string {
  const { status, title, paragraphs, action, secondaryAction, viewer } = model;
  return html(
    <Layout title={title} look="narrow" viewer={viewer}>
      <section class={`card message ${tone(status)}`}>
        <span class="medal">
          <Icon name={tone(status) === 'calm' ? 'info' : 'failed'} />
        </span>
        <h1>{title}</h1>
        {paragraphs.map((text) => (
          <p key={text}>{text}</p>
        ))}
        <div class="actions">
          <ActionButton action={action} />
          {secondaryAction && <ActionButton action={secondaryAction} quiet />}
        </div>
        {status >= 500 && <p class="muted small">Status {status}</p>}
      </section>
    </Layout>,
  );
}

/** Our own faults look graver than a refusal with a way on. */
const tone = (status: number): 'calm' | 'grave' => (status >= 500 ? 'grave' : 'calm');
