/** Light markdown as virtual nodes: bold, code, links, lists. No HTML ever passes, so there is nothing to clean. */
import type { ComponentChildren, JSX } from "preact";

const INLINE =
  /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)|(https?:\/\/[^\s<>"'가-힣]+)|(?<![\d-])(0\d{1,2}-\d{3,4}-\d{4}|1\d{3}-\d{4})(?![\d-])/g;
const BULLET = /^\s*[-*•]\s+(.*)$/;
const NUMBER = /^\s*\d{1,2}[.)]\s+(.*)$/;

/** Text as paragraphs and lists. */
export function Markdown({ text }: { text: string }): JSX.Element {
  return <>{blocks(text)}</>;
}

function blocks(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let paragraph: string[] = [];
  let list: { ordered: boolean; items: string[] } | null = null;

  const endParagraph = (): void => {
    const words = paragraph.join("\n").replace(/^\n+|\n+$/g, "");
    if (words) out.push(<p>{inline(words)}</p>);
    paragraph = [];
  };
  const endList = (): void => {
    if (list) {
      const items = list.items.map((item) => <li>{inline(item)}</li>);
      out.push(list.ordered ? <ol>{items}</ol> : <ul>{items}</ul>);
    }
    list = null;
  };

  for (const line of text.split("\n")) {
    const bullet = BULLET.exec(line);
    const item = bullet ?? NUMBER.exec(line);
    if (!item) {
      endList();
      if (line.trim()) paragraph.push(line);
      else endParagraph();
      continue;
    }
    endParagraph();
    const ordered = !bullet;
    if (list && list.ordered !== ordered) endList();
    list ??= { ordered, items: [] };
    list.items.push(item[1] ?? "");
  }
  endParagraph();
  endList();
  return out;
}

function inline(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) out.push(text.slice(at, match.index));
    out.push(marked(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

function marked([whole, bold, code, label, target, address, phone]: RegExpExecArray): ComponentChildren {
  if (bold) return <strong>{bold}</strong>;
  if (code) return <code>{code}</code>;
  if (label && target) return link(target, label);
  if (address) {
    const end = address.replace(/[.,!?;:)\]]+$/, "");
    return [link(end, end), address.slice(end.length)];
  }
  if (phone) return <a href={`tel:${phone}`}>{phone}</a>;
  return whole;
}

/** A link says where it leads, unless its own words do. */
function link(target: string, label: string): JSX.Element {
  const host = domain(target);
  return (
    <a href={target} target="_blank" rel="noopener noreferrer">
      {label}
      {label.includes(host) ? null : <span class="domain"> ({host})</span>}
    </a>
  );
}

function domain(address: string): string {
  try {
    return new URL(address).hostname;
  } catch {
    return address;
  }
}
