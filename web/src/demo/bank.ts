/** The bank's own script: its buttons ask the widget, through the same calls that any host page may make. */
type Sangdam = { push(call: unknown): unknown };

const page = window as unknown as { Sangdam?: Sangdam | unknown[] };
const chat = (page.Sangdam ??= []) as Sangdam;

for (const button of document.querySelectorAll<HTMLElement>("[data-ask]")) {
  button.addEventListener("click", () => (page.Sangdam ?? chat).push(["open", { message: button.dataset.ask }]));
}
