import type { FC } from "hono/jsx";
import { isDate } from "../../catalogue/dates/time";
import { say } from "../../language/say";
import type { Ctx } from "../visit";
import { Banner } from "./bits";

/** What the address of a page asks its list for. What means nothing is left out, and told by `OddFilters`. */
export class AskedFilters {
  /** What was given and means nothing. */
  readonly odd: string[] = [];

  constructor(private readonly c: Ctx) {}

  text(name: string): string {
    return this.c.req.query(name)?.trim() ?? "";
  }

  /** A day of the calendar. */
  day(name: string): string {
    return this.#meant(name, isDate);
  }

  /** One of those that are offered. */
  choice(name: string, offered: readonly string[]): string {
    return this.#meant(name, (given) => offered.includes(given));
  }

  #meant(name: string, isMeant: (given: string) => boolean): string {
    const given = this.text(name);
    if (given === "" || isMeant(given)) return given;
    this.odd.push(given.slice(0, 100));
    return "";
  }
}

/** Says which filters mean nothing: the list that follows is that without them. */
export const OddFilters: FC<{ asked: AskedFilters }> = ({ asked }) => (
  <>
    {asked.odd.map((typed) => (
      <Banner tone="warning">
        {say("“{typed}” means nothing as a filter here. The list is shown without it.", { typed })}
      </Banner>
    ))}
  </>
);
