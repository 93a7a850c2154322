import type { Visit } from "../../visit";

interface Asked {
  q: string;
  tag?: string;
  segment?: string;
  course?: string;
  cursor?: string;
  limit: number;
  order?: "asc" | "desc";
}

/**
 * A page of the learners who are like that. A large school's first page of a search has those of whom a word begins so:
 * where there is nobody, whoever has it in the middle of one is looked for at once.
 */
export async function findLearners(visit: Visit, query: Asked) {
  const page = await visit.api.call("GET /v1/users", { query });
  if (page.data.length > 0 || page.next_cursor === null || query.cursor) return page;
  return visit.api.call("GET /v1/users", { query: { ...query, cursor: page.next_cursor } });
}
