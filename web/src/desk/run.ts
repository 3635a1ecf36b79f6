/** Carries out commands, whether they come from keys or from the palette. */
import type { Desk } from "./controller";
import { isMine, isWaiting, sortCases } from "./order";
import { casesIn, offersOf, packetOf } from "./state";
import { serverNow } from "./clock";
import type { Case } from "./types";
import type { ComposerHandle, Ui } from "./ui";
import type { Command } from "./keys";
import { t } from "./text";

export interface Hands {
  desk: Desk;
  ui: Ui;
  composer: ComposerHandle | null;
  toggleBot: () => void;
}

/** False if there was nothing to do, so that the key stays the browser's. */
export function run(command: Command, hands: Hands): boolean {
  const { desk, ui, composer } = hands;
  const open = openCase(desk);
  switch (command) {
    case "next":
    case "previous":
    case "first":
    case "last":
      return move(desk, command);
    case "open":
      return focusInto(composer, desk, open);
    case "reply":
    case "note":
      composer?.focus(command);
      return composer !== null;
    case "accept":
      return accept(desk, open);
    case "decline":
      return decline(desk, open);
    case "close":
    case "transfer":
    case "return":
      return mine(desk, open) && (ui.openSheet(command), true);
    case "suggestion":
      return insert(hands, 0);
    case "suggestion1":
    case "suggestion2":
    case "suggestion3":
      return insert(hands, Number(command.at(-1)) - 1);
    case "bot":
      hands.toggleBot();
      return true;
    case "packet":
    case "assist":
    case "trace":
      ui.showPanel(command);
      // What is hidden takes no focus: first it has to be rendered.
      requestAnimationFrame(() => focusOn(`#panel-${command}`));
      return true;
    case "palette":
      ui.openPalette();
      return true;
    case "shortcuts":
      ui.openShortcuts();
      return true;
    default:
      return look(command, ui);
  }
}

function look(command: Command, ui: Ui): boolean {
  if (command === "find") {
    ui.openInbox();
    return focusOn("#inbox-search");
  }
  if (command === "list") {
    ui.openInbox();
    return focusOn(".row[aria-current=true]") || focusOn(".row");
  }
  if (command === "thread") return focusOn("#thread");
  if (command === "state") {
    ui.openInbox();
    return focusOn("#state-menu", true);
  }
  if (command === "leave" && document.activeElement instanceof HTMLElement) {
    document.activeElement.blur();
    return true;
  }
  return false;
}

function focusOn(selector: string, press = false): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  if (press) element?.click();
  return element !== null;
}

function openCase(desk: Desk): Case | null {
  const { selected, cases } = desk.state;
  return selected ? (cases[selected] ?? null) : null;
}

function mine(desk: Desk, of: Case | null): boolean {
  return of !== null && isMine(of, desk.state.user?.id ?? "");
}

/** Along the rows as they are shown; the page knows their order best. */
function move(desk: Desk, way: "next" | "previous" | "first" | "last"): boolean {
  const shown = [...document.querySelectorAll<HTMLElement>(".row[data-id]")].map((row) => row.dataset.id ?? "");
  const ids = shown.length ? shown : sortCases(casesIn(desk.state, desk.state.tab), desk.state.tab).map((of) => of.id);
  const here = ids.indexOf(desk.state.selected ?? "");
  const last = ids.length - 1;
  const to = { next: Math.min(here + 1, last), previous: Math.max(here < 0 ? 0 : here - 1, 0), first: 0, last }[way];
  const id = ids[to];
  if (!id) return false;
  void desk.open(id);
  const row = document.querySelector<HTMLElement>(`.row[data-id="${CSS.escape(id)}"]`);
  row?.scrollIntoView({ block: "nearest" });
  if (document.activeElement?.classList.contains("row")) row?.focus();
  return true;
}

function focusInto(composer: ComposerHandle | null, desk: Desk, of: Case | null): boolean {
  if (!of) return false;
  if (composer && mine(desk, of)) composer.focus();
  else focusOn("#thread");
  return true;
}

/** The card on top first, then the waiting case that is open. */
function accept(desk: Desk, open: Case | null): boolean {
  const offered = offersOf(desk.state, serverNow())[0]?.id;
  if (offered) void desk.accept(offered);
  else if (open && isWaiting(open)) void desk.accept(open.id, true);
  else desk.toast({ text: t("받을 상담이 없어요"), tone: "info" });
  return true;
}

function decline(desk: Desk, open: Case | null): boolean {
  const id = offersOf(desk.state, serverNow())[0]?.id ?? (open && isWaiting(open) ? open.id : undefined);
  if (id) void desk.decline(id);
  return id !== undefined;
}

function insert({ desk, ui }: Hands, place: number): boolean {
  const { selected } = desk.state;
  const suggestion = selected ? packetOf(desk.state, selected).packet?.suggested_replies[place] : undefined;
  if (!suggestion || !mine(desk, openCase(desk))) return false;
  ui.insert(suggestion);
  return true;
}
