import type { Answered } from "./test-client";

/* For tests: the many ways to write an address, and whether one of them let anybody in. */

export const encoded = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

/** An address with something of its parts changed: `change` is given one of them at a time. */
const eachPart = (path: string, change: (part: string) => string): string[] =>
  path.split("/").flatMap((part, n, parts) => (part === "" ? [] : [parts.with(n, change(part)).join("/")]));

/** Ways to write an address that somebody between the client and the route might read as the same one. */
export const spellings = (path: string): string[] => [
  path,
  ...eachPart(path, (part) => encoded(part.slice(0, 1)) + part.slice(1)),
  ...eachPart(path, (part) => part.slice(0, -1) + encoded(part.slice(-1)).toUpperCase()),
  // Encoded twice.
  ...eachPart(path, (part) => encoded(part.slice(0, 1)).replace("%", "%25") + part.slice(1)),
  // A slash doubled, or encoded.
  ...eachPart(path, (part) => `/${part}`),
  `${path}//`,
  path.replaceAll("/", "//"),
  ...path.split("/").flatMap((_, n, parts) => {
    const [before, after] = [parts.slice(0, n).join("/"), parts.slice(n).join("/")];
    return n < 2 ? [] : [`${before}%2F${after}`, `${before}%2f${after}`, `${before}%5C${after}`];
  }),
  ...eachPart(path, (part) => part.toUpperCase()),
  path.toUpperCase(),
  // Dot segments, plain and encoded.
  ...["./", "x/../", "%2e/", "x/%2e%2E/", "x/..%2f"].flatMap((dots) => eachPart(path, (part) => dots + part)),
  `${path}/.`,
  `${path}/x/..`,
  `${path}/`,
  `${path}%2F`,
  `${path}%20`,
  `${path}%00`,
  `${path};`,
];

/** Refused, or led nowhere: a 404 of something that was looked for is neither, for then somebody was let in to look. */
export const isShut = ({ status, text }: Answered): boolean =>
  status === 403 || status === 405 || (status === 404 && /There is no such (?:path|page|school)\b/.test(text));
