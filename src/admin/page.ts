import { type Context, Hono } from "hono";
import { type Role, requireRole } from "../http/credentials";
import type { AdminEnv, Ctx } from "./visit";

/** What a page is reached by, and the least role that may call it. */
export interface DeclaredPage {
  method: "GET" | "POST";
  path: string;
  role: Role;
}

type Handle<Path extends string> = (c: Context<AdminEnv, Path>) => Response | Promise<Response>;

/**
 * Pages of a school. Each says who may call it in the line that says where it is, and is asked for it once it is found:
 * however its address was spelled. A page without a role does not compile.
 */
export class Pages {
  readonly app = new Hono<AdminEnv>();
  readonly declared: DeclaredPage[] = [];

  get<const Path extends string>(path: Path, role: Role, handle: Handle<Path>): void {
    this.add({ method: "GET", path, role }, handle);
  }

  post<const Path extends string>(path: Path, role: Role, handle: Handle<Path>): void {
    this.add({ method: "POST", path, role }, handle);
  }

  private add<Path extends string>(page: DeclaredPage, handle: Handle<Path>): void {
    this.declared.push(page);
    this.app.on(page.method, page.path, (c: Ctx) => {
      requireRole(c.var.visit.role, page.role);
      return handle(c);
    });
  }
}
