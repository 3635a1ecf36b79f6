/** The forms of a conversation: which one is open, what was sent with each, and sending one. */
import type { Message, FormValues, SaidAck } from "./protocol";
import type { FormProps } from "./rich/FormView";
import type { Line } from "./thread";

export interface FormsOptions {
  /** In order. */
  lines: () => readonly Line[];
  /** Whether the bot has the conversation: nobody else takes forms. */
  botHasIt: () => boolean;
  draft: () => { id: string; values: FormValues } | undefined;
  keepDraft: (draft: { id: string; values: FormValues } | undefined) => void;
  send: (payload: Record<string, unknown>) => Promise<SaidAck>;
  /** The server keeps it: from here on it is a message like the others. */
  onSent: (message: Message) => void;
}

export class Forms {
  /** A form whose answer got lost is sent again as the same message. */
  private attempt: { what: string; id: string } | undefined;

  constructor(private readonly options: FormsOptions) {}

  propsOf(line: Line): Omit<FormProps, "id" | "form"> {
    const lines = this.options.lines();
    const draft = this.options.draft();
    const answer = lines.findLast((other) => other.answer_to?.message_id === line.id);
    const lastOwn = lines.findLast((other) => other.speaker.kind === "customer");
    const latest = lines.findLast((other) => other.form);
    return {
      sent: answer?.answer_to?.values,
      open: latest?.id === line.id && this.options.botHasIt(),
      editable: answer !== undefined && answer.id === lastOwn?.id && this.options.botHasIt(),
      draft: draft?.id === line.id ? draft.values : {},
      onDraft: (values) => this.options.keepDraft({ id: line.id, values }),
      onSubmit: (values) => this.submit(line, values),
    };
  }

  private async submit(line: Line, values: FormValues): Promise<SaidAck> {
    const what = JSON.stringify([line.id, values]);
    if (this.attempt?.what !== what) this.attempt = { what, id: newId() };
    const { id } = this.attempt;
    const ack = await this.options.send({ message: "", client_msg_id: id, form: { message_id: line.id, values } });
    if (ack.ok) {
      this.attempt = undefined;
      this.options.keepDraft(undefined);
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
      this.options.onSent({
        id,
        seq: ack.seq,
        speaker: { kind: "customer", name: "" },
        text: Object.values(given).join(", "),
        timestamp: new Date().toISOString(),
        buttons: [],
        citations: [],
        client_msg_id: id,
        answer_to: { message_id: line.id, values: given },
      });
    }
    return ack;
  }
}

/** `randomUUID` is missing on pages without HTTPS. */
export function newId(): string {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}
