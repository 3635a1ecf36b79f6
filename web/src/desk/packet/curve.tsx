/** The mood of the last turns as a line of 320 by 48; each point can be reached and leads to its message. */
import { useState } from "preact/hooks";
import type { MoodLabel } from "../types";
import { useUi } from "../ui";
import { moodWord, trendWords } from "../words";
import { t } from "../text";

interface Turn {
  seq: number;
  label: MoodLabel;
  score: number;
}

const WIDTH = 320;
const HEIGHT = 48;
const EDGE = 8;
const MOST = 20;

/** Positive up, negative down, sure ones further. */
export function heightOf(turn: Turn): number {
  const sign = { positive: -1, neutral: 0, negative: 1 }[turn.label];
  return HEIGHT / 2 + sign * turn.score * (HEIGHT / 2 - EDGE);
}

export function pointsOf(turns: Turn[]): { x: number; y: number; turn: Turn }[] {
  const step = turns.length > 1 ? (WIDTH - 2 * EDGE) / (turns.length - 1) : 0;
  return turns.map((turn, place) => ({ x: EDGE + place * step, y: heightOf(turn), turn }));
}

export function Curve({ turns, trend }: { turns: Turn[]; trend: "better" | "same" | "worse" }) {
  const ui = useUi();
  const [at, setAt] = useState<Turn | null>(null);
  const last = turns.slice(-MOST);
  const points = pointsOf(last);
  const words = trendWords(last, trend);
  if (!last.length) return <p class="none">{t("아직 알 수 없어요")}</p>;
  return (
    <figure class="curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="group" aria-label={t("기분: {words}", { words })}>
        <line class="middle" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <polyline class="path" points={points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
        {points.map(({ x, y, turn }, place) => (
          <circle
            key={turn.seq}
            class={`point ${turn.label}`}
            cx={x}
            cy={y}
            r="4"
            role="button"
            tabIndex={0}
            aria-label={t("{all}번 가운데 {n}번째, {mood}", { all: last.length, n: place + 1, mood: moodWord(turn.label) })}
            onFocus={() => setAt(turn)}
            onPointerEnter={() => setAt(turn)}
            onClick={() => ui.jump(turn.seq)}
            onKeyDown={(event) => {
              if (event.code === "Enter" || event.code === "Space") {
                event.preventDefault();
                ui.jump(turn.seq);
              }
            }}
          />
        ))}
      </svg>
      <figcaption>{at ? t("{n}번째 말: {mood} {percent}%", { n: last.indexOf(at) + 1, mood: moodWord(at.label), percent: Math.round(at.score * 100) }) : words}</figcaption>
    </figure>
  );
}
