import { useEffect, useRef } from "hono/jsx/dom";

/** The part of Trusted Types that is used; the DOM library of TypeScript does not tell of it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string };
}

// The one policy of the UI: what it makes goes into frames without scripts, never into the page itself.
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("schoolbell-preview", {
  createHTML: (html) => html,
});

/** HTML as a document by itself, of which nothing runs and nothing is loaded. */
export const documentOf = (html: string): Document =>
  new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");

/**
 * Sets a message's own styles aside. The frame inherits the page's policy, which allows no inline styles; put back
 * through the object model they are allowed, and the frame runs no scripts that could do more. What these patterns
 * miss in odd markup stays unstyled, and harmless.
 */
const unstyled = (html: string): string =>
  html
    .replace(/<style\b[^>]*>/gi, "<template data-sheet>")
    .replace(/<\/style\s*>/gi, "</template>")
    .replace(/(<[a-z][^<>]*?\s)style(\s*=)/gi, "$1data-style$2");

const BASE = "body { margin: 12px; font: 15px/1.45 sans-serif; }";

function style(frame: HTMLIFrameElement): void {
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  if (!page || !view) return;
  const Sheet = (view as unknown as { CSSStyleSheet: typeof CSSStyleSheet }).CSSStyleSheet; // every window has its own
  const own = [...page.querySelectorAll<HTMLTemplateElement>("template[data-sheet]")];
  page.adoptedStyleSheets = [BASE, ...own.map((element) => element.content.textContent ?? "")].map((text) => {
    const sheet = new Sheet();
    sheet.replaceSync(text);
    return sheet;
  });
  for (const element of page.querySelectorAll<HTMLElement>("[data-style]"))
    element.style.cssText = element.getAttribute("data-style") ?? "";
  const heightPx = Math.ceil(page.documentElement.getBoundingClientRect().height);
  frame.style.setProperty("height", `${Math.min(Math.max(heightPx, 64), 640)}px`);
}

/** HTML of a message, shut off from the page: no scripts, no forms, no links that lead away. */
export function Frame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    element.onload = () => style(element);
    // A TrustedHTML where the browser asks for one; the types only know of strings.
    element.srcdoc = policy ? policy.createHTML(unstyled(html)) : unstyled(html);
  }, [html]);
  return <iframe class="frame" ref={frame} title={title} sandbox="allow-same-origin" referrerpolicy="no-referrer" />;
}
