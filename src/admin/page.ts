import type { Context, Hono } from "hono";
import { type Role, requireRole } from "../http/access/credentials";
import { byPath } from "../http/by-path";
import { requireOwnForm } from "./door/own-form";
import type { AdminEnv, Ctx } from "./visit";

/** What a page is reached by, the least role that may call it, and what makes it. */
export interface DeclaredPage {
  method: "GET" | "POST";
  path: string;
  role: Role;
  handle: (c: Ctx) => Response | Promise<Response>;
}

type Handle<Path extends string> = (c: Context<AdminEnv, Path>) => Response | Promise<Response>;

/** Pages of a school. Each says who may call it in the line that says where it is; one without a role does not compile. */
export class Pages {
  readonly declared: DeclaredPage[] = [];

  get<const Path extends string>(path: Path, role: Role, handle: Handle<Path>): void {
    this.declared.push({ method: "GET", path, role, handle: (c) => handle(c) });
  }

  post<const Path extends string>(path: Path, role: Role, handle: Handle<Path>): void {
    this.declared.push({ method: "POST", path, role, handle: (c) => handle(c) });
  }
}

/**
 * Puts pages on an application. Each asks for its role once it is found, however its address was spelled, and takes
 * forms of its own school alone.
 */
export function mountPages(app: Hono<AdminEnv>, pages: readonly Pages[]): void {
  const taken = new Set<string>();
  for (const { method, path, role, handle } of pages.flatMap(({ declared }) => declared).toSorted(byPath)) {
    const name = `${method} ${path}`;
    if (taken.has(name)) throw new Error(`${name} is declared twice`);
    taken.add(name);
    app.on(method, path, async (c) => {
      requireRole(c.var.visit.role, role);
      if (method === "POST") await requireOwnForm(c);
      return handle(c);
    });
  }
}
