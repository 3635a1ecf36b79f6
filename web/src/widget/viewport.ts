/** Full screen on phones: the panel follows what the on-screen keyboard leaves, and the host page holds still. */

const SMALL = "(max-width: 479.98px), (max-height: 559.98px)";

export interface FullScreen {
  readonly full: boolean;
  /** Called with the panel opened and closed. */
  enter(): void;
  leave(): void;
  destroy(): void;
}

export function watchViewport(panel: HTMLElement, onChange: (full: boolean) => void, onBack: () => void): FullScreen {
  const small = matchMedia(SMALL);
  const stop = new AbortController();
  let opened = false;
  let locked: { x: number; y: number; overflow: string } | null = null;
  let frame = 0;
  let ownEntry = false;

  const fit = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const view = window.visualViewport;
      if (!view || !opened || !small.matches) return;
      panel.style.height = `${view.height}px`;
      panel.style.transform = `translateY(${view.offsetTop}px)`;
    });
  };

  const apply = (): void => {
    if (opened && small.matches) {
      lock();
      remember();
      fit();
    } else {
      unlock();
      cancelAnimationFrame(frame);
      panel.style.removeProperty("height");
      panel.style.removeProperty("transform");
    }
  };

  const lock = (): void => {
    if (locked) return;
    const { style } = document.documentElement;
    locked = { x: scrollX, y: scrollY, overflow: style.overflow };
    style.overflow = "hidden";
  };

  const unlock = (): void => {
    if (!locked) return;
    document.documentElement.style.overflow = locked.overflow;
    scrollTo({ left: locked.x, top: locked.y, behavior: "instant" });
    locked = null;
  };

  /** One entry of history, so that Android's Back closes the panel; the host's own state stays in it. */
  const remember = (): void => {
    if (ownEntry) return;
    ownEntry = true;
    history.pushState({ ...(history.state as object | null), sangdam: true }, "");
  };

  const { signal } = stop;
  window.visualViewport?.addEventListener("resize", fit, { signal });
  window.visualViewport?.addEventListener("scroll", fit, { signal });
  small.addEventListener(
    "change",
    () => {
      onChange(small.matches);
      apply();
    },
    { signal },
  );
  addEventListener(
    "popstate",
    () => {
      if (!ownEntry) return;
      ownEntry = false;
      if (opened) onBack();
    },
    { signal },
  );

  return {
    get full() {
      return small.matches;
    },
    enter() {
      opened = true;
      apply();
    },
    leave() {
      opened = false;
      apply();
      if (!ownEntry) return;
      ownEntry = false;
      if ((history.state as { sangdam?: boolean } | null)?.sangdam) history.back();
    },
    destroy() {
      this.leave();
      stop.abort();
    },
  };
}
