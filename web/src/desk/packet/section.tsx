import type { ComponentChildren } from "preact";

export function Section({ title, count, children }: { title: string; count?: number; children: ComponentChildren }) {
  return (
    <details class="section" open>
      <summary>
        <h3>{title}</h3>
        {count !== undefined && count > 0 && <span class="count">{count}</span>}
      </summary>
      {children}
    </details>
  );
}
