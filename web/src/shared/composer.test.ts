import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Composer, type ComposerOptions, guardComposer, isHardwareKey } from "./composer";

let field: HTMLTextAreaElement;
let sent: string[];
let composer: Composer;

function guard(options: Partial<ComposerOptions> = {}): void {
  composer?.destroy();
  composer = guardComposer(field, { onSubmit: (text) => sent.push(text), enter: () => "send", ...options });
}

beforeEach(() => {
  document.body.replaceChildren();
  field = document.body.appendChild(document.createElement("textarea"));
  field.focus();
  sent = [];
  guard();
});

type Key = Partial<KeyboardEventInit> & { keyCode?: number };

function key(type: "keydown" | "keyup", init: Key): KeyboardEvent {
  const event = new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init });
  Object.defineProperty(event, "keyCode", { value: init.keyCode ?? 0 });
  Object.defineProperty(event, "isComposing", { value: init.isComposing ?? false });
  field.dispatchEvent(event);
  return event;
}

const imeEnter = (init: Key = {}): KeyboardEvent =>
  key("keydown", { key: "Process", code: "Enter", keyCode: 229, ...init });
const enter = (init: Key = {}): KeyboardEvent => key("keydown", { key: "Enter", code: "Enter", keyCode: 13, ...init });
const up = (): KeyboardEvent => key("keyup", { key: "Enter", code: "Enter", keyCode: 13 });

function compose(text: string): void {
  field.dispatchEvent(new CompositionEvent("compositionstart"));
  field.value = text;
}

const commit = (): boolean => field.dispatchEvent(new CompositionEvent("compositionend"));

function before(inputType: string): InputEvent {
  const event = new InputEvent("beforeinput", { inputType, bubbles: true, cancelable: true });
  field.dispatchEvent(event);
  // What a browser does with a line break that nobody stopped.
  if (!event.defaultPrevented) field.value += "\n";
  return event;
}

function type(text: string, isComposing = false): void {
  field.value = text;
  const event = new InputEvent("input", { bubbles: true });
  Object.defineProperty(event, "isComposing", { value: isComposing });
  field.dispatchEvent(event);
}

describe("one press of Enter after 안녕 is one message", () => {
  it("in the order of Chrome and Edge", () => {
    compose("안녕");
    imeEnter({ isComposing: true });
    commit();
    expect(enter().defaultPrevented).toBe(true);
    up();
    expect(sent).toEqual(["안녕"]);
    expect(field.value).toBe("");
  });

  it("in the order of Safari, where only the line break tells", () => {
    compose("안녕");
    commit();
    expect(imeEnter().defaultPrevented).toBe(false);
    expect(before("insertLineBreak").defaultPrevented).toBe(true);
    up();
    expect(sent).toEqual(["안녕"]);
  });

  it("in the order of Safari with a second keydown", () => {
    compose("안녕");
    commit();
    imeEnter();
    enter();
    up();
    expect(sent).toEqual(["안녕"]);
  });

  it("without any composition event, as on iOS", () => {
    type("안녕");
    enter();
    expect(sent).toEqual(["안녕"]);
  });

  it("fifty times in a row", () => {
    for (let time = 0; time < 50; time += 1) {
      compose(`안녕${time}`);
      imeEnter({ isComposing: true });
      commit();
      enter();
      up();
    }
    expect(sent).toEqual(Array.from({ length: 50 }, (_, time) => `안녕${time}`));
    expect(composer.residue).toBe(0);
  });

  it("while the key is held", () => {
    type("안녕");
    enter();
    type("하");
    enter({ repeat: true });
    enter({ repeat: true });
    expect(sent).toEqual(["안녕"]);
  });
});

describe("nothing is sent", () => {
  it("by Shift and Enter, in either order", () => {
    compose("안녕");
    imeEnter({ isComposing: true, shiftKey: true });
    commit();
    expect(enter({ shiftKey: true }).defaultPrevented).toBe(false);
    up();
    commit();
    imeEnter({ shiftKey: true });
    expect(before("insertLineBreak").defaultPrevented).toBe(false);
    expect(sent).toEqual([]);
  });

  it("by a Japanese confirmation, which gives no line break", () => {
    compose("こんにちは");
    imeEnter({ isComposing: true });
    commit();
    up();
    expect(sent).toEqual([]);
  });

  it("by Enter on a touch screen", () => {
    guard({ enter: () => "newline" });
    type("안녕");
    expect(enter().defaultPrevented).toBe(false);
    expect(before("insertLineBreak").defaultPrevented).toBe(false);
    expect(sent).toEqual([]);
  });

  it("by a line break that a later key pressed", () => {
    compose("안녕");
    imeEnter({ isComposing: true });
    commit();
    key("keydown", { key: "a", code: "KeyA" });
    before("insertLineBreak");
    expect(sent).toEqual([]);
  });

  it("of blank text", () => {
    type(" \n ");
    enter();
    composer.submit();
    expect(sent).toEqual([]);
  });
});

it("sends by Ctrl and Enter only where that was chosen", () => {
  guard({ enter: () => "modifier" });
  type("안녕");
  expect(enter().defaultPrevented).toBe(false);
  enter({ ctrlKey: true });
  expect(sent).toEqual(["안녕"]);
});

it("ends the composition before a button sends, so that no syllable stays", () => {
  const order: string[] = [];
  guard({ onSubmit: (text) => order.push(`sent ${text}`) });
  field.addEventListener("blur", () => order.push("blur"));
  compose("안녕");
  composer.submit();
  expect(order).toEqual(["blur", "sent 안녕"]);
  expect(composer.composing).toBe(false);
});

it("clears a last syllable that stayed behind, and counts it", () => {
  const told = vi.fn();
  guard({ onResidue: told });
  type("안녕");
  composer.submit();
  type("녕");
  expect(field.value).toBe("");
  expect(composer.residue).toBe(1);
  expect(told).toHaveBeenCalledWith(1);
});

it("keeps the same syllable if a key was pressed for it", () => {
  type("안녕");
  composer.submit();
  key("keydown", { key: "s", code: "KeyS" });
  type("녕");
  expect(field.value).toBe("녕");
  expect(composer.residue).toBe(0);
});

it("heals its flag where compositionend was lost", () => {
  compose("안");
  expect(composer.composing).toBe(true);
  type("안녕", false);
  expect(composer.composing).toBe(false);
});

it("puts text at the caret", () => {
  type("앞뒤");
  field.setSelectionRange(1, 1);
  composer.insert("가운데");
  expect(field.value).toBe("앞가운데뒤");
  expect(sent).toEqual([]);
});

it("hears nothing after destroy", () => {
  composer.destroy();
  type("안녕");
  enter();
  expect(sent).toEqual([]);
});

describe("a hardware keyboard on a touch screen", () => {
  const press = (parts: Partial<KeyboardEvent>): KeyboardEvent =>
    ({ code: "", keyCode: 0, isTrusted: true, ctrlKey: false, metaKey: false, ...parts }) as KeyboardEvent;

  it.each([
    [{ code: "KeyA", keyCode: 65 }, true],
    [{ code: "ArrowLeft", keyCode: 37 }, true],
    [{ code: "Enter", keyCode: 13, ctrlKey: true }, true],
    [{ code: "", keyCode: 229 }, false],
    [{ code: "", keyCode: 13 }, false],
    [{ code: "Enter", keyCode: 13 }, false],
    [{ code: "KeyA", keyCode: 65, isTrusted: false }, false],
  ])("is told from the one on the screen: %j", (parts, hardware) => {
    expect(isHardwareKey(press(parts))).toBe(hardware);
  });
});
