import { expect, it, vi } from "vitest";
import { Forms, type FormsOptions } from "./forms";
import type { Form } from "./protocol";
import type { Line } from "./thread";

const FORM: Form = { title: "예약", submit: "보내기", fields: [] };

function line(id: string, seq: number, parts: Partial<Line> = {}): Line {
  return {
    id,
    seq,
    speaker: { kind: parts.answer_to ? "customer" : "bot", name: "" },
    text: "",
    timestamp: "2026-11-25T00:00:00Z",
    buttons: [],
    citations: [],
    ...parts,
  };
}

function forms(lines: Line[], parts: Partial<FormsOptions> = {}): Forms {
  return new Forms({
    lines: () => lines,
    botHasIt: () => true,
    draft: () => undefined,
    keepDraft: () => undefined,
    send: async () => ({ ok: true, seq: 9, id: null }),
    onSent: () => undefined,
    ...parts,
  });
}

it("keeps the latest form open and the older ones closed", () => {
  const [old, latest] = [line("f1", 1, { form: FORM }), line("f2", 2, { form: FORM })];
  const all = forms([old, latest]);
  expect([all.propsOf(old).open, all.propsOf(latest).open]).toEqual([false, true]);
  expect(forms([latest], { botHasIt: () => false }).propsOf(latest).open).toBe(false);
});

it("lets an answer be corrected until something else is said", () => {
  const form = line("f1", 1, { form: FORM });
  const answer = line("a", 2, { answer_to: { message_id: "f1", values: { phone: "1" } } });
  const said = line("c", 4, { speaker: { kind: "customer", name: "" } });
  expect(forms([form, answer]).propsOf(form)).toMatchObject({ sent: { phone: "1" }, editable: true });
  expect(forms([form, answer, said]).propsOf(form)).toMatchObject({ sent: { phone: "1" }, editable: false });
});

it("sends the same values again under the same id, others under a new one", async () => {
  const form = line("f1", 1, { form: FORM });
  const send = vi.fn<FormsOptions["send"]>().mockRejectedValue(new Error("offline"));
  const props = forms([form], { send }).propsOf(form);
  for (const phone of ["1", "1", "2"]) await expect(props.onSubmit({ phone })).rejects.toThrow();
  const ids = send.mock.calls.map(([payload]) => payload.client_msg_id);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

it("puts what was sent into the thread and forgets the draft", async () => {
  const form = line("f1", 1, { form: FORM });
  const [onSent, keepDraft] = [vi.fn(), vi.fn()];
  await forms([form], { onSent, keepDraft }).propsOf(form).onSubmit({ phone: "1", topic: "" });
  expect(onSent).toHaveBeenCalledWith(expect.objectContaining({ seq: 9, answer_to: { message_id: "f1", values: { phone: "1" } } }));
  expect(keepDraft).toHaveBeenCalledWith(undefined);
});
