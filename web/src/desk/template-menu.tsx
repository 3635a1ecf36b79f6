import { useEffect, useRef } from "preact/hooks";
import type { Template } from "./types";
import { t } from "./text";

interface Props {
  found: Template[];
  picked: number;
  preview: (template: Template) => string;
  onPick: (template: Template) => void;
  onHover: (place: number) => void;
}

/** Above the caret; focus stays in the field. */
export function TemplateMenu({ found, picked, preview, onPick, onHover }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#template-${picked}`)?.scrollIntoView({ block: "nearest" });
  }, [picked]);
  const shown = found[picked];
  return (
    <div class="templates">
      <div class="template-list" id="templates" role="listbox" aria-label={t("템플릿")} ref={list}>
        {found.map((one, place) => (
          <div
            key={one.shortcode}
            id={`template-${place}`}
            role="option"
            aria-selected={place === picked}
            class="template"
            onPointerDown={(event) => event.preventDefault()}
            onPointerEnter={() => onHover(place)}
            onClick={() => onPick(one)}
          >
            <b>{one.title}</b>
            <span>/{one.shortcode}</span>
          </div>
        ))}
      </div>
      {shown && <p class="template-preview">{preview(shown)}</p>}
    </div>
  );
}
