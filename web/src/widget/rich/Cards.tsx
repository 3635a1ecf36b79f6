/** Cards of a message: one stands by itself, several are a carousel that the reader moves. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { absolute } from "../address";
import { Icon } from "../icons";
import type { Button, Element } from "../protocol";
import { TEXT } from "../texts";
import styles from "./cards.css?inline";

export { styles };

interface Props {
  elements: Element[];
  origin: string;
  onPress: (button: Button) => void;
}

export default function Cards({ elements, origin, onPress }: Props): JSX.Element | null {
  const [only] = elements;
  if (!only) return null;
  if (elements.length > 1) return <Carousel elements={elements} origin={origin} onPress={onPress} />;
  return <Card element={only} origin={origin} onPress={onPress} />;
}

function Card({ element, origin, onPress }: Omit<Props, "elements"> & { element: Element }): JSX.Element {
  return (
    <div class="card" role="group" aria-label={element.title}>
      {element.image_url ? <Picture address={absolute(element.image_url, origin)} alt={element.image_alt} /> : null}
      <div class="card-text">
        <h3>{element.title}</h3>
        {element.subtitle ? <p>{element.subtitle}</p> : null}
      </div>
      {element.buttons.length ? (
        <div class="card-buttons">
          {element.buttons.map((button) =>
            button.url ? (
              <Link title={button.title} address={absolute(button.url, origin)} />
            ) : (
              <button type="button" onClick={() => onPress(button)}>
                {button.title}
              </button>
            ),
          )}
        </div>
      ) : null}
    </div>
  );
}

/** 16:9 whatever comes; a picture that can't be had leaves no hole. */
function Picture({ address, alt }: { address: string; alt: string }): JSX.Element | null {
  const [broken, setBroken] = useState(false);
  return broken ? null : <img src={address} alt={alt} loading="lazy" decoding="async" onError={() => setBroken(true)} />;
}

function Link({ title, address }: { title: string; address: string }): JSX.Element {
  const outside = /^https?:/.test(address);
  return (
    <a href={address} {...(outside ? { target: "_blank", rel: "noopener noreferrer" } : {})}>
      {title}
      {outside ? <Icon name="open" size={14} /> : null}
      {outside ? <span class="hidden">{TEXT.newWindow}</span> : null}
    </a>
  );
}

function Carousel({ elements, origin, onPress }: Props): JSX.Element {
  const track = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const last = elements.length - 1;

  useEffect(() => {
    const list = track.current;
    if (!list) return;
    const look = (): void => setAt(nearest(list));
    list.addEventListener("scroll", look, { passive: true });
    return () => list.removeEventListener("scroll", look);
  }, []);

  const go = (to: number): void => {
    const list = track.current;
    const item = list?.children[to] as HTMLElement | undefined;
    if (!list || !item) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollTo({ left: item.offsetLeft - list.offsetLeft, behavior: calm ? "instant" : "smooth" });
  };

  return (
    <section class="carousel" aria-roledescription="carousel" aria-label={TEXT.cards(elements.length)}>
      <ul ref={track} class="track" tabIndex={0} aria-label={TEXT.cards(elements.length)}>
        {elements.map((element, index) => (
          <li aria-label={`${index + 1} / ${elements.length}`}>
            <Card element={element} origin={origin} onPress={onPress} />
          </li>
        ))}
      </ul>
      <div class="carousel-bar">
        <button type="button" aria-label={TEXT.previousCard} disabled={at === 0} onClick={() => go(at - 1)}>
          <Icon name="left" size={16} />
        </button>
        <span>{`${at + 1} / ${elements.length}`}</span>
        <button type="button" aria-label={TEXT.nextCard} disabled={at === last} onClick={() => go(at + 1)}>
          <Icon name="right" size={16} />
        </button>
      </div>
    </section>
  );
}

/** The card at the left edge; the last one once the end is reached, as it may never get there. */
function nearest(list: HTMLElement): number {
  const items = [...list.children] as HTMLElement[];
  if (list.scrollLeft + list.clientWidth >= list.scrollWidth - 2) return items.length - 1;
  const gaps = items.map((item) => Math.abs(item.offsetLeft - list.offsetLeft - list.scrollLeft));
  return gaps.indexOf(Math.min(...gaps));
}
