/** The panel: what the loader imports on the first open. */
import { render } from "preact";
import { createAnnouncer } from "../shared/announcer";
import { sheet, tokensCss } from "../shared/sheets";
import { Chat } from "./chat";
import type { Host, Panel } from "./host";
import { setLanguage } from "./language";
import styles from "./panel.css?inline";
import { PanelView, type PanelControl } from "./PanelView";

export async function mount(host: Host): Promise<Panel> {
  const own = [sheet(tokensCss), sheet(styles)];
  host.shadow.adoptedStyleSheets = [...host.shadow.adoptedStyleSheets, ...own];
  await setLanguage(host, host.options.lang).catch(() => undefined);
  let dropFont: (() => void) | undefined;
  // Read here, as the loader has no byte to spare. The panel never waits for it.
  if (document.querySelector('script[src*="widget.js"][data-font="pretendard"]')) {
    void import("./font").then(({ loadFont }) => (dropFont = loadFont())).catch(() => undefined);
  }
  const announcer = createAnnouncer(host.root);
  const chat = new Chat(host, announcer);
  const frame = document.createElement("div");
  frame.className = "frame";
  host.root.append(frame);

  let ready: (control: PanelControl) => void;
  const control = new Promise<PanelControl>((resolve) => (ready = resolve));
  render(<PanelView host={host} chat={chat} onReady={(made) => ready(made)} />, frame);
  const view = await control;
  void chat.start();

  return {
    open({ message, topic } = {}) {
      if (topic) chat.context = { ...chat.context, topic };
      view.setOpen(true);
      if (message) chat.say(message);
    },
    close: () => view.setOpen(false),
    prefill: (text) => view.prefill(text),
    setContext(context) {
      chat.context = { ...chat.context, ...context };
    },
    logout: () => chat.logout(),
    identify: ({ token }) => chat.identify(token),
    async setLanguage(lang) {
      await setLanguage(host, lang);
      chat.redraw();
    },
    destroy() {
      view.setOpen(false);
      chat.destroy();
      announcer.destroy();
      dropFont?.();
      render(null, frame);
      frame.remove();
      host.shadow.adoptedStyleSheets = host.shadow.adoptedStyleSheets.filter((one) => !own.includes(one));
    },
  };
}
