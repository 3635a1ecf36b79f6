/** A form in the thread: filled in, checked, sent, and then a summary that can be opened again until it is used. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { takenByIme } from "../../shared/ime";
import { Icon } from "../icons";
import type { Form, FormField, FormValues, SaidAck } from "../protocol";
import { TEXT } from "../texts";
import { choicesOf, masked, problemOf, problemsOf, shown, tidied } from "./form-rules";
import styles from "./form.css?inline";

export { styles };

export interface FormProps {
  id: string;
  form: Form;
  /** What was sent already, if anything. */
  sent: FormValues | undefined;
  /** The form is the latest one and the bot still waits for it. */
  open: boolean;
  /** Nothing was said since it was sent. */
  editable: boolean;
  /** What was filled in before the page was left. */
  draft: FormValues;
  onDraft: (values: FormValues) => void;
  onSubmit: (values: FormValues) => Promise<SaidAck>;
}

export default function FormView(props: FormProps): JSX.Element {
  const [editing, setEditing] = useState(false);
  const { form, sent } = props;
  const edit = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useLayoutEffect(() => {
    if (wasEditing.current && !editing) edit.current?.focus();
    wasEditing.current = editing;
  }, [editing]);

  if (sent && !editing) {
    return (
      <div class="form done" role="group" aria-label={form.title}>
        <p class="form-title">
          <Icon name="check" size={16} />
          {form.title}
        </p>
        <dl>
          {form.fields
            .filter((field) => sent[field.slot] !== undefined)
            .map((field) => (
              <div>
                <dt>{field.label}</dt>
                <dd>{shown(field, String(sent[field.slot]))}</dd>
              </div>
            ))}
        </dl>
        {props.editable ? (
          <button ref={edit} type="button" class="edit" onClick={() => setEditing(true)}>
            {TEXT.edit}
          </button>
        ) : null}
      </div>
    );
  }
  if (!props.open && !editing) {
    return (
      <div class="form done">
        <p class="form-title">{form.title}</p>
        <p class="help">{TEXT.formOver}</p>
      </div>
    );
  }
  return <Fields {...props} start={sent ?? props.draft} onDone={() => setEditing(false)} focusFirst={editing} />;
}

interface FieldsProps extends FormProps {
  start: FormValues;
  focusFirst: boolean;
  onDone: () => void;
}

function Fields({ id, form, start, focusFirst, onDraft, onSubmit, onDone }: FieldsProps): JSX.Element {
  const [values, setValues] = useState<FormValues>(start);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const ground = useRef<HTMLFormElement>(null);
  const byIme = useRef(false);

  const controlOf = (slot: string): HTMLElement | null =>
    ground.current?.querySelector<HTMLElement>(`[name="${CSS.escape(slot)}"]`) ?? null;
  useLayoutEffect(() => {
    if (focusFirst) controlOf(form.fields[0]?.slot ?? "")?.focus();
  }, []);

  const put = (field: FormField, typed: string): void => {
    const value = masked(typed);
    const next = { ...values, [field.slot]: value };
    setValues(next);
    onDraft(next);
    // A field that was wrong is checked with every key from then on.
    if (value !== typed) setProblem(field.slot, TEXT.maskedSecret);
    else if (problems[field.slot]) setProblem(field.slot, problemOf(field, value));
  };
  const setProblem = (slot: string, problem: string): void => {
    const { [slot]: _, ...others } = problems;
    setProblems(problem ? { ...others, [slot]: problem } : others);
  };
  const left = (field: FormField, value: string): void => {
    const tidy = tidied(field, value);
    if (tidy !== value) put(field, tidy);
    if (problems[field.slot] !== TEXT.maskedSecret && (tidy || problems[field.slot])) {
      setProblem(field.slot, problemOf(field, tidy));
    }
  };

  const show = (found: Record<string, string>): void => {
    setProblems(found);
    const first = form.fields.find((field) => found[field.slot]);
    if (first) requestAnimationFrame(() => controlOf(first.slot)?.focus());
  };

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (byIme.current || busy) return;
    const clean = Object.fromEntries(
      form.fields.map((field) => [field.slot, tidied(field, masked(values[field.slot] ?? ""))]),
    );
    setValues(clean);
    setFailed("");
    const found = problemsOf(form, clean);
    if (Object.keys(found).length) return show(found);
    setBusy(true);
    const ack = await onSubmit(clean).catch(() => null);
    setBusy(false);
    if (ack?.ok) onDone();
    else if (ack?.error.fields && Object.keys(ack.error.fields).length) show(ack.error.fields);
    else setFailed(ack?.error.title || TEXT.failed);
  };

  const wrong = form.fields.filter((field) => problems[field.slot] && problems[field.slot] !== TEXT.maskedSecret);
  return (
    <form
      ref={ground}
      class="form"
      noValidate
      aria-labelledby={`${id}-title`}
      onKeyDown={(event) => (byIme.current = takenByIme(event))}
      onSubmit={(event) => void submit(event)}
    >
      <p class="form-title" id={`${id}-title`}>
        {form.title}
      </p>
      {wrong.length > 1 || failed ? (
        <p class="summary" role="alert">
          <Icon name="alert" size={16} />
          {failed || TEXT.formErrors(wrong.length)}
        </p>
      ) : null}
      {form.fields.map((field) => (
        <Row
          key={field.slot}
          id={`${id}-${field.slot}`}
          field={field}
          value={values[field.slot] ?? ""}
          problem={problems[field.slot] ?? ""}
          onPut={(value) => put(field, value)}
          onLeft={(value) => left(field, value)}
        />
      ))}
      <button type="submit" class="primary" aria-busy={busy || undefined} disabled={busy}>
        {busy ? TEXT.sending : form.submit}
      </button>
    </form>
  );
}

interface RowProps {
  id: string;
  field: FormField;
  value: string;
  problem: string;
  onPut: (value: string) => void;
  onLeft: (value: string) => void;
}

/** Which keyboard comes up, and what the browser may fill in by itself. */
const HINTS: Partial<Record<FormField["type"], JSX.HTMLAttributes<HTMLInputElement> & Record<string, string>>> = {
  phone: { type: "tel", inputMode: "tel", autocomplete: "tel" },
  email: { type: "email", inputMode: "email", autocomplete: "email" },
  number: { inputMode: "decimal", autocomplete: "off" },
};

function Row({ id, field, value, problem, onPut, onLeft }: RowProps): JSX.Element {
  const choices = choicesOf(field);
  const described = [field.help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(" ");
  const shared = {
    id,
    name: field.slot,
    value,
    "aria-required": field.required,
    "aria-invalid": problem && problem !== TEXT.maskedSecret ? true : undefined,
    "aria-describedby": described || undefined,
    onBlur: (event: { currentTarget: { value: string } }) => onLeft(event.currentTarget.value),
  };
  return (
    <div class={`row${problem && problem !== TEXT.maskedSecret ? " wrong" : ""}`}>
      <label for={id}>
        {field.label}
        {field.required ? null : <span> {TEXT.optional}</span>}
      </label>
      {choices.length ? (
        <select {...shared} onChange={(event) => onPut(event.currentTarget.value)}>
          <option value="">{TEXT.choose}</option>
          {choices.map((choice) => (
            <option value={choice.value}>{choice.words}</option>
          ))}
        </select>
      ) : field.type === "textarea" ? (
        <textarea {...shared} rows={2} onInput={(event) => onPut(event.currentTarget.value)} />
      ) : (
        <input {...HINTS[field.type]} {...shared} onInput={(event) => onPut(event.currentTarget.value)} />
      )}
      {field.help ? (
        <p class="help" id={`${id}-help`}>
          {field.help}
        </p>
      ) : null}
      {problem ? (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      ) : null}
    </div>
  );
}
