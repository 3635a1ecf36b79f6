import { Plus, X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formKeys } from "../form-keys";
import { useDesk } from "../context";
import { isOpen } from "../order";
import { t } from "../text";
import type { Case } from "../types";

/** What a case is called: chips, and a field that knows the tags in use. */
export function Tags({ of }: { of: Case }) {
  const desk = useDesk();
  const [adding, setAdding] = useState(false);
  const [known, setKnown] = useState<string[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const open = isOpen(of);

  useEffect(() => {
    if (!adding) return;
    field.current?.focus();
    desk.api.tags().then(
      ({ tags }) => setKnown(tags),
      () => undefined,
    );
  }, [adding]);

  const add = (): void => {
    const tag = (field.current?.value ?? "").replace(/^#/, "").trim();
    if (tag && !of.tags.includes(tag)) void desk.tag(of.id, [...of.tags, tag]);
    leave();
  };
  const leave = (): void => {
    setAdding(false);
    opener.current?.focus();
  };
  const pressed = formKeys(add, leave);

  if (!open && !of.tags.length) return null;
  return (
    <div class="tags" role="group" aria-label={t("태그")}>
      {of.tags.map((tag) => (
        <span key={tag} class="tag-chip">
          #{tag}
          {open && (
            <button type="button" aria-label={t("{tag} 태그 지우기", { tag })} onClick={() => void desk.tag(of.id, of.tags.filter((one) => one !== tag))}>
              <X size={12} aria-hidden="true" />
            </button>
          )}
        </span>
      ))}
      {adding ? (
        <input ref={field} class="tag-field" maxLength={40} list="known-tags" aria-label={t("새 태그")} onKeyDown={pressed} onBlur={add} />
      ) : (
        open && (
          <button ref={opener} type="button" class="tag-add" onClick={() => setAdding(true)}>
            <Plus size={12} aria-hidden="true" /> {t("태그")}
          </button>
        )
      )}
      <datalist id="known-tags">
        {known.map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
    </div>
  );
}
