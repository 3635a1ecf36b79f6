import { useEffect, useRef } from "preact/hooks";
import type { Choice } from "./choices";
import { t } from "../text";

interface Props {
  found: Choice[];
  picked: number;
  onPick: (choice: Choice) => void;
  onHover: (place: number) => void;
}

/** Above the caret; focus stays in the field. */
export function ChoiceMenu({ found, picked, onPick, onHover }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#template-${picked}`)?.scrollIntoView({ block: "nearest" });
  }, [picked]);
  const shown = found[picked];
  return (
    <div class="templates">
      <div class="template-list" id="templates" role="listbox" aria-label={found[0]?.mention ? t("상담원") : t("템플릿")} ref={list}>
        {found.map((one, place) => (
          <div
            key={one.key}
            id={`template-${place}`}
            role="option"
            aria-selected={place === picked}
            class="template"
            onPointerDown={(event) => event.preventDefault()}
            onPointerEnter={() => onHover(place)}
            onClick={() => onPick(one)}
          >
            <b>{one.title}</b>
            <span>{one.hint}</span>
          </div>
        ))}
      </div>
      {shown && !shown.mention && <p class="template-preview">{shown.text}</p>}
    </div>
  );
}
