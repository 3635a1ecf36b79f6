/** How was it? Five faces with words, how likely one recommends the company, a word more if the customer likes, and a way past it. Shown once. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { imeSafe } from "../../shared/ime";
import { TEXT } from "../texts";
import styles from "./survey.css?inline";

export { styles };

interface Props {
  /** Resolves with whether it was kept. */
  onAnswer: (score: number | null, comment: string, recommend: number | null) => Promise<boolean>;
  /** Whether a recommendation is asked for. */
  recommend: boolean;
}

/** Mouths from very unhappy to very happy. */
const MOUTHS = ["M8 19q4-6 8 0", "M8.5 17.8q3.5-3 7 0", "M8.5 17h7", "M8.5 16q3.5 3 7 0", "M7.5 15q4.5 6.5 9 0z"];

export default function Survey({ onAnswer, recommend }: Props): JSX.Element {
  const [score, setScore] = useState(0);
  const [likely, setLikely] = useState<number | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const comment = useRef<HTMLTextAreaElement>(null);
  const row = useRef<HTMLDivElement>(null);

  const answer = async (given: number | null): Promise<void> => {
    setBusy(true);
    setProblem("");
    const kept = await onAnswer(given, given ? (comment.current?.value ?? "") : "", given ? likely : null);
    if (kept) return;
    setBusy(false);
    setProblem(TEXT.feedbackFailed);
  };

  const move = imeSafe((event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = Math.min(5, Math.max(1, (score || 3) + step));
    setScore(next);
    row.current?.querySelectorAll("button")[next - 1]?.focus();
  });

  return (
    <section class="survey" aria-labelledby="survey-title">
      <p class="title" id="survey-title">
        {TEXT.surveyTitle}
      </p>
      <div ref={row} class="faces" role="radiogroup" aria-labelledby="survey-title" onKeyDown={move}>
        {TEXT.faces.map((words, index) => (
          <button
            type="button"
            role="radio"
            aria-checked={score === index + 1}
            tabIndex={(score || 3) === index + 1 ? 0 : -1}
            onClick={() => setScore(index + 1)}
          >
            <svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true">
              <circle cx="12" cy="12" r="10" />
              <path d="M8.5 9v1.5M15.5 9v1.5" />
              <path transform="translate(0 -1.5)" d={MOUTHS[index]} />
            </svg>
            <span>{words}</span>
          </button>
        ))}
      </div>
      {score && recommend ? <Likely value={likely} onPick={setLikely} /> : null}
      {score ? <textarea ref={comment} rows={2} maxLength={500} aria-label={TEXT.surveyComment} placeholder={TEXT.surveyComment} /> : null}
      {problem ? (
        <p class="problem" role="alert">
          {problem}
        </p>
      ) : null}
      <div class="choices">
        {score ? (
          <button type="button" class="strong" disabled={busy} onClick={() => void answer(score)}>
            {TEXT.send}
          </button>
        ) : null}
        <button type="button" disabled={busy} onClick={() => void answer(null)}>
          {TEXT.skip}
        </button>
      </div>
    </section>
  );
}

/** Eleven steps from 0 to 10; arrows move, another press of the same takes it back. */
function Likely({ value, onPick }: { value: number | null; onPick: (value: number | null) => void }): JSX.Element {
  const row = useRef<HTMLDivElement>(null);
  const move = imeSafe((event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = Math.min(10, Math.max(0, (value ?? 5) + step));
    onPick(next);
    row.current?.querySelectorAll("button")[next]?.focus();
  });
  return (
    <div class="likely">
      <p id="likely-title">{TEXT.recommendTitle}</p>
      <div ref={row} class="scale" role="radiogroup" aria-labelledby="likely-title" onKeyDown={move}>
        {Array.from({ length: 11 }, (_, step) => (
          <button
            type="button"
            role="radio"
            aria-checked={value === step}
            tabIndex={(value ?? 5) === step ? 0 : -1}
            onClick={() => onPick(value === step ? null : step)}
          >
            {step}
          </button>
        ))}
      </div>
      <p class="ends" aria-hidden="true">
        <span>0 {TEXT.recommendEnds[0]}</span>
        <span>10 {TEXT.recommendEnds[1]}</span>
      </p>
    </div>
  );
}
