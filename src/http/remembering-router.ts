import { METHODS, type Result, type Router } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";

const KNOWN = new Set(METHODS.map((method) => method.toUpperCase()));
/** In a path: what stands for many. */
const OPEN = /[:*{]/;

/**
 * Hono's router for paths of any form, which looks up once where a path without parameters leads. Events come to two
 * such paths, and the way through the tree of all routes took as long as reading their body.
 */
export class RememberingRouter<T> implements Router<T> {
  readonly name = "RememberingRouter";
  readonly #tree = new TrieRouter<T>();
  /** By path, and by method within it. No more than there are routes. */
  readonly #fixed = new Map<string, Map<string, Result<T>>>();

  add(method: string, path: string, handler: T): void {
    this.#tree.add(method, path, handler);
    if (!OPEN.test(path)) this.#fixed.set(path, new Map());
    // What was looked up before lacks what has come.
    for (const found of this.#fixed.values()) found.clear();
  }

  match(method: string, path: string): Result<T> {
    const byMethod = this.#fixed.get(path);
    const known = byMethod?.get(method);
    if (known) return known;
    const found = this.#tree.match(method, path);
    if (KNOWN.has(method)) byMethod?.set(method, found);
    return found;
  }
}
