import type { FC } from "hono/jsx";

/** Stroke paths on a 20 × 20 grid, by what the categories of the catalogue, the kinds of step and the pages name. */
export const PATHS: Readonly<Record<string, string>> = {
  tag: "M3 4v5.5l7.5 7.5 6-6L9 3.5H3.5zM6.5 7h.01",
  person: "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.8 17c.6-3 3-4.6 6.2-4.6s5.6 1.6 6.2 4.6",
  moon: "M15.5 12.2A6.6 6.6 0 0 1 7.8 4.5a6.6 6.6 0 1 0 7.7 7.7z",
  bars: "M3 16.5h14M5 13V9.5M10 13V4M15 13V7",
  card: "M2.5 5.5h15v9h-15zM2.5 8.5h15M5.5 12h3",
  form: "M5 2.8h10v14.4H5zM7.5 6.5h5M7.5 10h5M7.5 13.5h3",
  book: "M3 5.2c2.6-1 5-.7 7 .8 2-1.5 4.4-1.8 7-.8v10.3c-2.6-1-5-.7-7 .8-2-1.5-4.4-1.8-7-.8zM10 6v10.3",
  shield: "M10 2.8l6 2.2v4.5c0 3.7-2.4 6.4-6 7.7-3.6-1.3-6-4-6-7.7V5zM7.4 10l2 2 3.4-3.8",
  letter: "M2.8 4.8h14.4v10.4H2.8zM3.2 5.4 10 10.8l6.8-5.4",
  bubble: "M3 4h14v9H9l-3.5 3.2V13H3z",
  link: "M8 12l4-4M6.8 9.6 5 11.4a2.6 2.6 0 0 0 3.7 3.7l1.8-1.8M13.2 10.4 15 8.6a2.6 2.6 0 0 0-3.7-3.7L9.5 6.7",
  spark:
    "M10 3v3.5M10 13.5V17M3 10h3.5M13.5 10H17M5.2 5.2l2.2 2.2M12.6 12.6l2.2 2.2M14.8 5.2l-2.2 2.2M7.4 12.6l-2.2 2.2",
  wait: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.2l2.7 1.8",
  wait_for: "M10 17a7 7 0 1 1 6.7-5M10 6v4.2l2.2 1.4M13.5 15.8l1.5 1.5 2.7-3.3",
  branch: "M10 3v5M10 8 5 13v4M10 8l5 5v4",
  split: "M10 3v4M10 7c-4 1.5-6 4-6 10M10 7v10M10 7c4 1.5 6 4 6 10",
  match: "M10 3v4M10 7 4 11v6M10 7v10M10 7l6 4v6M2.5 17h3M8.5 17h3M14.5 17h3",
  repeat: "M4 10a6 6 0 0 1 10.5-4M16 3v3.5h-3.5M16 10a6 6 0 0 1-10.5 4M4 17v-3.5h3.5",
  exit: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.5 7.5h5v5h-5z",
  goal: "M5 17.5V3M5 3.5h9.5l-2 3.5 2 3.5H5",
  when: "M11 2.5 4.5 11.5H9L8.5 17.5 15.5 8H11z",
  filter: "M3 4.5h14L11.5 11v5l-3-1.5V11z",
  plus: "M10 4.5v11M4.5 10h11",
  close: "M5 5l10 10M15 5 5 15",
  warning: "M10 3 17.5 16.5h-15zM10 8v4M10 14.3v.01",
  fault: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6.5v4.5M10 13.5v.01",
  done: "M4 10.5l4 4 8-9",
  undo: "M7.5 4 4 7.5 7.5 11M4.5 7.5h7a4.5 4.5 0 0 1 0 9H8",
  redo: "M12.5 4 16 7.5 12.5 11M15.5 7.5h-7a4.5 4.5 0 0 0 0 9H12",
  up: "M10 16V4.5M5 9l5-5 5 5",
  down: "M10 4v11.5M5 11l5 5 5-5",
  copy: "M7 7h9v9H7zM4 13V4h9",
  duplicate: "M7 7h9v9H7zM4 13V4h9M11.5 9.5v4M9.5 11.5h4",
  delete: "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5",
  play: "M6 4l10 6-10 6z",
  options: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4.2v3.6M7 12.2v3.6",
  keys: "M2.5 5.5h15v9h-15zM5 8.2h.01M8.3 8.2h.01M11.6 8.2h.01M14.9 8.2h.01M6 11.8h8",
  list: "M7.5 5h9M7.5 10h9M7.5 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01",
  numbers: "M8.5 5h8M8.5 10h8M8.5 15h8M3 3.5l1.5-.7v4.4M2.8 11.3c.3-1.4 2.4-1.2 2.2.2-.1 1-2.2 1.8-2.2 3h2.4",
  picture: "M3 4h14v12H3zM3.5 14.5 8 9.5l3 3 2.5-2.5 3 3.5M12.5 7.5h.01",
  press: "M2.5 6h15v8h-15zM7 10h6",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4",
  back: "M12 4 6 10l6 6",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
};

/** A small drawing beside words that say the same; hidden from screen readers. */
export const Icon: FC<{ name: string }> = ({ name }) => {
  const path = PATHS[name] ?? PATHS.spark;
  return (
    <svg
      class={name === "more" ? "icon is-more" : "icon"}
      viewBox="0 0 20 20"
      width="20"
      height="20"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path ?? ""} />
    </svg>
  );
};
