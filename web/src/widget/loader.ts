/**
 * `widget.js`: one script tag puts a button on the page; the panel is a module that is loaded when it is wanted.
 * Shares no module with the panel: a classic script can't import one, and it stays within 3 KB.
 */
import { textOn } from "../shared/contrast";
import type { Begin, Events, Host, Options, Panel, Theme } from "./host";

/** Path of the built panel. */
declare const __PANEL__: string;

type Listener = (detail: unknown) => void;
type Queued = [keyof Api, ...unknown[]] | ((api: Api) => void);

/** What the panel does itself. */
const DELEGATED = ["setContext", "prefill", "logout", "identify", "setLanguage"] as const;
type Delegated = { [Name in (typeof DELEGATED)[number]]: (...given: Parameters<Panel[Name]>) => Promise<void> };

interface Api extends Delegated {
  open(start?: Begin): Promise<void>;
  close(): Promise<void>;
  toggle(): Promise<void>;
  show(): Promise<void>;
  hide(): Promise<void>;
  on(event: keyof Events, listener: Listener): Promise<void>;
  off(event: keyof Events, listener: Listener): Promise<void>;
  setTheme(theme: { mode?: Theme; accent?: string; radius?: number }): Promise<void>;
  destroy(): Promise<void>;
  push(...calls: Queued[]): void;
}

const TAG = "sangdam-chat";
const STYLE = `.root{all:initial;font:400 15px/23px system-ui,sans-serif;--z:var(--z-widget,2147483000)}
:host([hidden]),[hidden]{display:none!important}
.launcher,.preview{position:fixed;z-index:var(--z);bottom:calc(20px + var(--sangdam-bottom,0px) + env(safe-area-inset-bottom,0px));right:20px;border:0}
.left .launcher,.left .preview{right:auto;left:20px}
.launcher{width:56px;height:56px;padding:0;border-radius:50%;background:var(--accent,#2158d6);color:var(--on-accent,#fff);box-shadow:0 4px 16px rgb(16 24 40/.24)}
:focus-visible{outline:2px solid var(--focus,#2158d6);outline-offset:2px}
.launcher svg{position:absolute;inset:15px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.launcher svg+svg,.launcher[aria-expanded=true] svg{opacity:0}
.launcher[aria-expanded=true] svg+svg{opacity:1}
.badge{position:absolute;top:-3px;right:-3px;box-sizing:border-box;min-width:20px;height:20px;padding:0 5px;border-radius:10px;background:#c22f2a;color:#fff;font-size:12px;font-weight:600;line-height:20px;box-shadow:0 0 0 2px #fff}
.preview{right:88px;bottom:calc(25px + var(--sangdam-bottom,0px));display:flex;align-items:center;padding:0 6px 0 4px;height:46px;border-radius:28px;background:#fff;color:#191d24;box-shadow:0 4px 16px rgb(16 24 40/.24)}
.left .preview{right:auto;left:88px}
.preview button{all:unset;padding:8px 12px;border-radius:16px;cursor:pointer}.preview button+button{padding:8px;color:#5c6676}
@media(forced-colors:active){.launcher{border:2px solid ButtonText}}
@media print{.root{display:none}}`;
/** A speech bubble, and a cross while the panel is open. */
const ICONS = [
  "M13 3.5c-5.5 0-9.5 3.7-9.5 8.3 0 2.7 1.4 5 3.6 6.6L6.5 22l4-2.2c.8.2 1.6.3 2.5.3 5.5 0 9.5-3.7 9.5-8.3S18.5 3.5 13 3.5zM8.8 12h.01M13 12h.01M17.2 12h.01",
  "M6 6l14 14M20 6L6 20",
];

const page = window as unknown as { Sangdam?: Api | Queued[] };
const script = document.currentScript as HTMLScriptElement | null;

if (script && !document.querySelector(TAG)) start(new URL(script.src).origin, readOptions(script.dataset));

function readOptions(data: DOMStringMap): Options {
  return {
    inbox: data.inbox ?? "",
    theme: (data.theme as Theme | undefined) ?? "auto",
    side: data.side === "left" ? "left" : "right",
    accent: data.accent ?? "",
    privacy: data.privacy ? new URL(data.privacy, location.href).href : "",
    starters: list(data.starters, "|"),
    preview: data.preview ?? "",
    title: data.title === "unread",
    lang: data.lang || "auto",
  };
}

function list(text: string | undefined, mark: string): string[] {
  return (text ?? "").split(mark).filter(Boolean);
}

function start(origin: string, options: Options): void {
  const element = document.createElement(TAG);
  const shadow = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  const root = make("div", `root ${options.side}`);
  const launcher = make("button", "launcher") as HTMLButtonElement;
  launcher.type = "button";
  launcher.append(...ICONS.map(icon));
  const badge = make("span", "badge");
  badge.hidden = true;
  launcher.append(badge);
  root.append(launcher);
  shadow.append(root);

  const listeners = new Map<string, Set<Listener>>();
  const emit = (event: string, detail?: unknown): void => listeners.get(event)?.forEach((told) => told(detail));
  let opened = false;
  let gone = false;
  let unread = 0;
  let loading: Promise<Panel> | undefined;

  const host: Host = {
    origin,
    options,
    element,
    shadow,
    root,
    launcher,
    emit,
    setUnread(count) {
      if (count !== unread) emit("unread", { count });
      unread = count;
      label();
    },
    close: () => void api.close(),
    words: english(options.lang)
      ? (open, count) => (open ? "Close chat" : "Open chat" + (count ? `, ${count} unread` : ""))
      : (open, count) => (open ? "상담 닫기" : "상담 열기" + (count ? `, 안 읽은 메시지 ${count}개` : "")),
    label,
  };

  function label(): void {
    const shown = opened ? 0 : unread;
    badge.hidden = !shown;
    badge.textContent = shown > 9 ? "9+" : String(shown);
    launcher.ariaExpanded = String(opened);
    launcher.ariaLabel = host.words(opened, shown);
    // The page may have changed its title meanwhile.
    if (options.title) document.title = (shown ? `(${shown}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  }

  function panel(): Promise<Panel> {
    const module = new URL(__PANEL__, `${origin}/`).href;
    loading ??= import(/* @vite-ignore */ module).then(({ mount }: typeof import("./panel")) => mount(host));
    loading.catch(() => {
      loading = undefined;
      emit("error", { code: "not_loaded" });
    });
    return loading;
  }

  function theme(mode: Theme): void {
    if (mode === "auto") delete element.dataset.theme;
    else element.dataset.theme = mode;
  }

  const api = {
    async open(begin?: Begin) {
      if (gone) return;
      preview?.remove();
      const loaded = await panel();
      loaded.open(begin);
      if (opened) return;
      opened = true;
      root.classList.add("opened");
      label();
      emit("open");
    },
    async close() {
      if (!opened) return;
      opened = false;
      root.classList.remove("opened");
      label();
      (await panel()).close();
      emit("close");
    },
    toggle: () => (opened ? api.close() : api.open()),
    async show() {
      root.hidden = false;
    },
    async hide() {
      await api.close();
      root.hidden = true;
    },
    async on(event: string, listener: Listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    async off(event: string, listener: Listener) {
      listeners.get(event)?.delete(listener);
    },
    async setTheme({ mode, accent, radius }: Parameters<Api["setTheme"]>[0]) {
      if (mode) theme(mode);
      if (accent !== undefined) paint(root, accent);
      if (radius !== undefined) root.style.setProperty("--radius", radius + "px");
    },
    async destroy() {
      if (gone) return;
      gone = true;
      opened = false;
      if (loading) (await loading).destroy();
      stop.abort();
      element.remove();
      listeners.clear();
      if (page.Sangdam === api) delete page.Sangdam;
    },
    push(...calls: Queued[]) {
      for (const call of calls) {
        if (typeof call === "function") call(api);
        else {
          const [name, ...given] = call;
          void (api[name] as ((...given: unknown[]) => unknown) | undefined)?.(...given);
        }
      }
    },
  } as Api;
  for (const name of DELEGATED) {
    api[name] = async (given?: unknown) => ((await panel())[name] as (given: unknown) => void)(given);
  }

  launcher.onclick = () => void api.toggle();
  launcher.onpointerenter = launcher.onfocus = () => void panel().catch(() => 0);
  // Hotkeys of the host page never see what is typed here.
  for (const type of ["keydown", "keyup", "keypress"]) shadow.addEventListener(type, (event) => event.stopPropagation());

  theme(options.theme);
  paint(root, options.accent);
  label();
  const preview = options.preview ? makePreview() : undefined;
  document.documentElement.append(element);
  // Also on pages that change their address without loading.
  const places = list(script?.dataset.hideOn, " ");
  const look = (): void => void (element.hidden = places.some((place) => location.pathname.startsWith(place)));
  look();
  const stop = new AbortController();
  const watch = (target?: EventTarget): void => {
    for (const type of ["popstate", "navigatesuccess"]) target?.addEventListener(type, look, stop);
  };
  watch(window);
  watch((window as unknown as { navigation?: EventTarget }).navigation);

  function makePreview(): HTMLElement | undefined {
    const key = "sangdam:preview";
    try {
      if (sessionStorage.getItem(key)) return;
      sessionStorage.setItem(key, "1");
    } catch {
      return;
    }
    const bubble = make("div", "preview");
    const [say, away] = [make("button"), make("button")];
    say.textContent = options.preview;
    away.textContent = "×";
    away.ariaLabel = "안내 닫기";
    say.onclick = () => void api.open();
    away.onclick = () => bubble.remove();
    bubble.append(say, away);
    root.append(bubble);
    return bubble;
  }

  const queued = page.Sangdam;
  page.Sangdam = api;
  if (Array.isArray(queued)) api.push(...queued);
  emit("ready");
  // A conversation goes on: its answers must reach the badge.
  if (known()) (window.requestIdleCallback ?? setTimeout)(() => void (gone || panel().catch(() => 0)));

  function known(): boolean {
    try {
      return Boolean(localStorage.getItem(["sangdam", origin, options.inbox].filter(Boolean).join(":")));
    } catch {
      return false;
    }
  }
}

/** `auto` is the page's language, then the browser's. */
function english(lang: string): boolean {
  return /^en/i.test(lang === "auto" ? document.documentElement.lang || navigator.language : lang);
}

/** By hand, as `innerHTML` is closed on pages with Trusted Types. */
function icon(path: string): SVGElement {
  const [drawing, line] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag)) as [
    SVGElement,
    SVGElement,
  ];
  drawing.setAttribute("viewBox", "0 0 26 26");
  drawing.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

/** A brand colour stands for accent and own bubbles only; text on it is black or white, whichever reads better. */
function paint(root: HTMLElement, accent: string): void {
  const usable = /^#[\da-f]{6}$/i.test(accent);
  const text = usable ? textOn(accent) : "";
  const colours = { accent, "on-accent": text, away: text === "#ffffff" ? "black" : "white" };
  root.classList.toggle("brand", usable);
  for (const [name, value] of Object.entries(colours)) root.style.setProperty(`--${name}`, usable ? value : "");
}

function make(tag: string, className = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
