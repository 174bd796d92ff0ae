/** Listens to server-sent events as a browser's EventSource does. */
export class EventListener<Message> {
  readonly messages: Message[] = [];
  headers: Headers | null = null;
  /** True once either side has ended the stream. */
  closed = false;
  private readonly stop = new AbortController();

  async open(url: string, headers: Record<string, string> = {}): Promise<void> {
    const response = await fetch(url, { headers, signal: this.stop.signal });
    this.headers = response.headers;
    void this.read(response).finally(() => (this.closed = true));
  }

  close(): void {
    this.stop.abort();
  }

  private async read(response: Response): Promise<void> {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const part = await reader?.read().catch(() => undefined);
      if (!part || part.done) return;
      const blocks = (text + part.value).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const data = /^data: ?(.*)$/m.exec(block)?.[1];
    if (data) this.messages.push(JSON.parse(data) as Message);
  }
}
