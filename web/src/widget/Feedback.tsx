import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "./icons";
import { TEXT } from "./texts";

interface Props {
  value: "up" | "down" | undefined;
  onJudge: (value: "up" | "down", reason?: string) => void;
  /** Missing while a person is asked for already. */
  onHuman: (() => void) | undefined;
}

/** Two presses at most: a judgement, and for a bad one its reason, after which a person is offered. */
export function Feedback({ value, onJudge, onHuman }: Props): JSX.Element {
  const [step, setStep] = useState<"" | "why" | "thanks">("");
  const press = (pressed: "up" | "down"): void => {
    setStep(pressed === "down" && value !== "down" ? "why" : "");
    onJudge(pressed);
  };
  const because = (reason: string): void => {
    setStep("thanks");
    onJudge("down", reason);
  };
  return (
    <div class="feedback">
      <div class="judge">
        <Judge name="up" words={TEXT.helpful} value={value} onPress={press} />
        <Judge name="down" words={TEXT.notHelpful} value={value} onPress={press} />
      </div>
      {value === "down" && step ? (
        <div class="why" role="group" aria-label={TEXT.whyNot}>
          <p>{step === "why" ? TEXT.whyNot : TEXT.thanks}</p>
          <div class="choices">
            {step === "why"
              ? TEXT.reasons.map((reason) => (
                  <button type="button" onClick={() => because(reason)}>
                    {reason}
                  </button>
                ))
              : null}
            {onHuman ? (
              <button type="button" class="strong" onClick={onHuman}>
                {TEXT.human}
              </button>
            ) : null}
          </div>
        </div>
      ) : null}
    </div>
  );
}

interface JudgeProps {
  name: "up" | "down";
  words: string;
  value: Props["value"];
  onPress: (name: "up" | "down") => void;
}

function Judge({ name, words, value, onPress }: JudgeProps): JSX.Element {
  return (
    <button type="button" aria-pressed={value === name} onClick={() => onPress(name)}>
      <Icon name={name} size={16} />
      {words}
    </button>
  );
}
