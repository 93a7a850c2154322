import type { FC } from "hono/jsx";
import { wordsLike } from "../../../automations/finding/pickers";
import { definedLike } from "../../../automations/graph/find";
import { keyOf } from "../../../automations/graph/things";
import { WORDS } from "../../../catalogue/kinds";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, say, weave } from "../../../language/say";
import { Badge, Banner, EmptyState } from "../../components/bits";
import { Filters, SearchBox } from "../../components/forms/filters";
import { Layout, PageHead } from "../../components/frame/layout";
import { Pages } from "../../page";
import type { Ctx, Visit } from "../../visit";
import { Drawing } from "./drawing";
import { canBeDrawn, layoutOf, type Layout as Placed } from "./layout";
import { mapPath } from "./path";
import { linesOf, type Node, nounOf, pageOf, SENTENCES, touchingOf } from "./words";

/* The school as one graph: all of it where that is little, else what is around one thing. */

type Graph = AnswerTo<"GET /v1/graph">;

const NodeLink: FC<{ visit: Visit; node: Node }> = ({ visit, node }) => (
  <>
    <a href={mapPath(visit, node.id)}>{node.name}</a> <small class="soft">{nounOf(node)}</small>
    {node.active === false ? <Badge>{say("off")}</Badge> : null}
  </>
);

const Search: FC<{ visit: Visit; q: string }> = ({ visit, q }) => (
  <Filters
    action={visit.path("/map")}
    clear={q !== ""}
    search={
      <SearchBox
        label={say("Find an automation, course, tag, segment, sync …")}
        placeholder={say("welcome, js-101")}
        value={q}
        wide
      />
    }
  />
);

// ---- What is found ----

interface Found {
  id: string;
  name: string;
  noun: string;
}

/** Kinds that are searched, by their ids and names; each finds 50 at most. */
const SEARCHED = ["automation", "segment", "field", ...WORDS];

async function foundBy(c: Ctx, q: string): Promise<Found[]> {
  const { school } = c.var.visit;
  const all = await Promise.all(
    SEARCHED.map(async (kind) => {
      const words = await wordsLike(c.env, school, kind, q);
      return words.map(({ value, label }) => ({
        id: keyOf({ kind, id: value }),
        name: label ?? value,
        noun: wordOf(kind),
      }));
    }),
  );
  const defined = (await definedLike(c.env, school.id, q)).map((one) => ({
    ...{ id: keyOf(one), name: one.name },
    noun: nounOf({ kind: one.kind }),
  }));
  return [...defined, ...all.flat()];
}

const wordOf = (kind: string): string => nounOf(kind === "automation" ? { kind } : { kind: "product", type: kind });

const FoundPage: FC<{ visit: Visit; q: string; found: readonly Found[] }> = ({ visit, q, found }) => (
  <Layout title={say("Map")} viewer={visit.viewer} section="automations">
    <PageHead title={say("Map")} />
    <Search visit={visit} q={q} />
    {found.length === 0 ? (
      <EmptyState title={say("Nothing like that")}>
        <p>
          {say(
            "No automation, segment, sync, rule, auto group, field, tag, course or other product has this in its name or id.",
          )}
        </p>
      </EmptyState>
    ) : (
      <ul class="plain">
        {found.map(({ id, name, noun }) => (
          <li>
            <a href={mapPath(visit, id)}>{name}</a> <small class="soft">{noun}</small>
          </li>
        ))}
      </ul>
    )}
  </Layout>
);

// ---- The drawing, in words ----

/** Each line of a drawing as a sentence. */
const InWords: FC<{ visit: Visit; graph: Graph }> = ({ visit, graph }) =>
  graph.edges.length === 0 ? null : (
    <section>
      <h2 class="part">{say("In words")}</h2>
      <ul class="plain">
        {linesOf(graph).map(({ from, kind, to }) => (
          <li>
            {weave(SENTENCES[kind], {
              from: <NodeLink visit={visit} node={from} />,
              to: <NodeLink visit={visit} node={to} />,
            })}
          </li>
        ))}
      </ul>
    </section>
  );

// ---- All of it ----

const AllPage: FC<{ visit: Visit; graph: Graph; layout: Placed | null }> = ({ visit, graph, layout }) => {
  const groups = Object.entries(Object.groupBy(graph.nodes, nounOf));
  return (
    <Layout title={say("Map")} viewer={visit.viewer} section="automations">
      <PageHead title={say("Map")} />
      <Search visit={visit} q="" />
      {graph.nodes.length === 0 ? (
        <EmptyState title={say("Nothing to draw yet")}>
          <p>{say("Automations, segments and syncs are drawn here, with what they start by, give and take.")}</p>
        </EmptyState>
      ) : null}
      {layout === null && graph.nodes.length > 0 ? (
        <Banner>
          {say("There is too much here for one drawing. Find a thing, or choose one below: what touches it is drawn.")}
        </Banner>
      ) : null}
      {layout && graph.nodes.length > 0 ? <Drawing visit={visit} layout={layout} about={null} /> : null}
      <div class="map-groups">
        {groups.map(([noun, nodes = []]) => (
          <section>
            <h2 class="part">
              {noun} <small class="soft">{nodes.length}</small>
            </h2>
            <ul class="plain">
              {nodes.map((node) => (
                <li>
                  <a href={mapPath(visit, node.id)}>{node.name}</a>{" "}
                  {node.active === false ? <Badge>{say("off")}</Badge> : null}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {layout ? <InWords visit={visit} graph={graph} /> : null}
      {graph.next_cursor === null ? null : (
        <p class="soft">{say("There is more: what is not listed is found above.")}</p>
      )}
    </Layout>
  );
};

// ---- Around one thing ----

interface AboutProps {
  visit: Visit;
  graph: Graph;
  about: Node;
  depth: number;
  layout: Placed | null;
}

const AboutPage: FC<AboutProps> = ({ visit, graph, about, depth, layout }) => {
  const own = pageOf(visit, about);
  const touching = touchingOf(graph, about.id);
  return (
    <Layout title={say("What touches {name}", { name: about.name })} viewer={visit.viewer} section="automations">
      <PageHead title={about.name}>
        <span class="soft">{nounOf(about)}</span>
        {about.active === false ? <Badge>{say("off")}</Badge> : null}
        {own ? (
          <a class="button" href={own.href}>
            {own.label}
          </a>
        ) : null}
        <a class="button is-quiet" href={visit.path("/map")}>
          {say("The whole map")}
        </a>
      </PageHead>
      <Search visit={visit} q="" />
      <nav class="tabs" aria-label={say("How far")}>
        <a href={mapPath(visit, about.id)} aria-current={depth === 1 ? "page" : undefined}>
          {say("What touches it")}
        </a>
        <a href={mapPath(visit, about.id, 2)} aria-current={depth === 2 ? "page" : undefined}>
          {say("And what touches that")}
        </a>
      </nav>
      {layout === null ? (
        <Banner>{say("More touches it than one drawing can show: {n} things.", { n: graph.nodes.length })}</Banner>
      ) : (
        <Drawing visit={visit} layout={layout} about={about.id} />
      )}
      {touching.length === 0 ? (
        <EmptyState title={say("Nothing touches it")}>
          <p>{say("No automation, rule, sync or auto group names it.")}</p>
        </EmptyState>
      ) : (
        <div class="map-groups">
          {touching.map(({ heading, nodes }) => (
            <section>
              <h2 class="part">{heading}</h2>
              <ul class="plain">
                {nodes.map((node) => (
                  <li>
                    <NodeLink visit={visit} node={node} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
      {depth > 1 ? <InWords visit={visit} graph={graph} /> : null}
      {graph.next_cursor === null ? null : <p class="soft">{say("There is more than is shown here.")}</p>}
    </Layout>
  );
};

/** What happens is called by us; all else has the name that the school gave it. */
const inReadersWords = (node: Node): Node => (node.kind === "event" ? { ...node, name: inWords(node.name) } : node);

export const mapPages = new Pages();

mapPages.get("/map", "viewer", async (c) => {
  const visit = c.var.visit;
  const q = c.req.query("q")?.trim().slice(0, 256) ?? "";
  const asked = c.req.query("about") ?? "";
  if (q !== "") return c.html(<FoundPage visit={visit} q={q} found={await foundBy(c, q)} />);
  const depth = c.req.query("depth") === "2" ? 2 : 1;
  const answer = await visit.api.call("GET /v1/graph", { query: asked === "" ? {} : { about: asked, depth } });
  const graph = { ...answer, nodes: answer.nodes.map(inReadersWords) };
  const layout = graph.next_cursor === null && canBeDrawn(graph) ? await layoutOf(graph) : null;
  const about = graph.about === undefined ? undefined : graph.nodes.find(({ id }) => id === graph.about);
  if (!about) return c.html(<AllPage visit={visit} graph={graph} layout={layout} />);
  return c.html(<AboutPage {...{ visit, graph, about, depth, layout }} />);
});
