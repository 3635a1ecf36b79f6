import type { ComponentChildren } from "preact";
import { useAfter } from "./context";
import type { Loaded } from "./load";
import { t } from "./text";

interface PageProps {
  title: string;
  /** How fresh it is, or what it is about. */
  hint?: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A page beside the rail. */
export function Page({ title, hint, actions, children }: PageProps) {
  return (
    <main class="page" aria-label={title}>
      <header class="page-head">
        <h2>{title}</h2>
        {hint && <p class="meta">{hint}</p>}
        <span class="grow" />
        {actions}
      </header>
      <div class="page-body">{children}</div>
    </main>
  );
}

/** What was loaded, or why not. */
export function Shown<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  const slow = useAfter(!of.data && !of.why);
  return (
    <>
      {of.why && (
        <div class="panel-problem" role="alert">
          <p>{of.why}</p>
          <button type="button" class="btn small" onClick={of.again}>
            {t("다시 시도")}
          </button>
        </div>
      )}
      {of.data !== null && children(of.data)}
      {slow && (
        <div role="status" aria-label={t("불러오는 중이에요")}>
          <span class="skeleton row-like" />
        </div>
      )}
    </>
  );
}

interface TableProps {
  caption: string;
  heads: string[];
  children: ComponentChildren;
}

/** Scrolls sideways within itself; the page never does. */
export function Table({ caption, heads, children }: TableProps) {
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {heads.map((head, place) => (
              <th key={place} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export const percent = (share: number | null): string => (share === null ? "–" : `${Math.round(share * 100)}%`);
