import type { Child, FC } from "hono/jsx";
import type { z } from "zod";
import { faultsOfAutomation, withoutReadOnly } from "../../../automations/check";
import { DEFINITION_KINDS, type DefinitionKind } from "../../../automations/transfer/plan";
import type { Draft } from "../../../definition/types";
import type { AnswerTo } from "../../../http/answering/answers";
import type { definitionsDocument } from "../../../http/routes/automations/definitions";
import { inWords, later, many, say, weave } from "../../../language/say";
import { Badge, Banner } from "../../components/bits";
import { SpansText as Says } from "../../components/words";
import type { Ctx } from "../../visit";
import { sentence, type Words } from "../../words/sentences/sentence";
import { roleWord } from "../../words/values/roles";
import { changes } from "../automations/versions/diff";
import { Changes } from "../automations/versions/versions";
import { RuleWords } from "../segments/rule-words";

/* What an import would do, in words. */

type Definitions = z.output<typeof definitionsDocument>;
type Item<K extends DefinitionKind> = Definitions[K][number];

/** By kind: ids, and how many are given as they are. */
export type Plan = Pick<AnswerTo<"PUT /v1/import">, "create" | "change" | "same">;

interface PlanProps {
  c: Ctx;
  words: Words;
  plan: Plan;
  given: Definitions;
  stored: AnswerTo<"GET /v1/export">;
}

/** How many of a kind are told apart. */
const TOLD = 100;

const COUNTED = {
  profile_fields: [later("{n} profile field"), later("{n} profile fields")],
  segments: [later("{n} segment"), later("{n} segments")],
  segment_rules: [later("{n} segment rule"), later("{n} segment rules")],
  segment_syncs: [later("{n} sync"), later("{n} syncs")],
  auto_groups: [later("{n} auto group"), later("{n} auto groups")],
  automations: [later("{n} automation"), later("{n} automations")],
} as const;

const counted = (count: number, kind: DefinitionKind): string => {
  const [one, several] = COUNTED[kind];
  return many(count, one, several);
};

/** An automation as it would be written: with the ids of its steps and what it leaves out. */
function written(c: Ctx, item: Item<"automations">): Draft {
  const { checked } = faultsOfAutomation(c.env, c.var.visit.school, withoutReadOnly(item));
  const { definition, ...head } = checked;
  // The same form; the UI's own type names its parts more loosely.
  return { ...head, ...definition } as unknown as Draft;
}

const AutomationTold: FC<{ props: PlanProps; item: Item<"automations"> }> = ({ props, item }) => {
  const { c, words, stored } = props;
  const before = stored.automations?.find((one) => one.id === item.id);
  const after = written(c, item);
  return (
    <>
      <span class="inline">
        <b>{after.name}</b>
        {after.active ? <Badge tone="good">{say("active")}</Badge> : <Badge>{say("off")}</Badge>}
      </span>
      {before ? (
        <Changes changes={changes(written(c, before), after, words)} />
      ) : (
        <p>
          <Says spans={sentence(after, words)} />
        </p>
      )}
    </>
  );
};

/** What there is to say of a definition. */
const TELL: { readonly [K in DefinitionKind]: (item: Item<K>, props: PlanProps) => Child } = {
  profile_fields: ({ name, key, type }) => (
    <span>
      <b>{name}</b> <code>{key}</code>, {inWords(type)}
    </span>
  ),
  segments: ({ name, managed }) => (
    <span>
      {managed
        ? weave("{name}, kept by its rules", { name: <b>{name}</b> })
        : weave("{name}, kept by hand", { name: <b>{name}</b> })}
    </span>
  ),
  segment_rules: (rule, { given, stored, words }) => (
    <>
      <b>
        {[...given.segments, ...(stored.segments ?? [])].find((one) => one.id === rule.segment)?.name ?? rule.segment}
      </b>
      <RuleWords rule={rule} fields={[...given.profile_fields, ...(stored.profile_fields ?? [])]} words={words} />
    </>
  ),
  segment_syncs: ({ name, course, role, active }) => (
    <span>
      {weave("{name}: {course} as {role}", { name: <b>{name}</b>, course, role: roleWord(role) })}{" "}
      {active ? null : <Badge>{say("off")}</Badge>}
    </span>
  ),
  auto_groups: ({ course, field, active }) => (
    <span>
      {weave("{course} by {field}", { course: <b>{course}</b>, field })} {active ? null : <Badge>{say("off")}</Badge>}
    </span>
  ),
  automations: (item, props) => <AutomationTold props={props} item={item} />,
};

const keyOf = (item: Item<DefinitionKind>): unknown => ("key" in item ? item.key : item.id);

function Kinds<K extends DefinitionKind>({
  kind,
  keys,
  props,
}: {
  kind: K;
  keys: readonly string[];
  props: PlanProps;
}): Child {
  const wanted = new Set<unknown>(keys.slice(0, TOLD));
  // Which kind the list is of goes by its name.
  const items = (props.given[kind] as Item<K>[]).filter((item) => wanted.has(keyOf(item)));
  if (keys.length === 0) return null;
  return (
    <>
      <h3>{counted(keys.length, kind)}</h3>
      <ul class="stack">
        {items.map((item) => (
          <li class="panel-box">{TELL[kind](item, props)}</li>
        ))}
      </ul>
      {keys.length > TOLD ? <p class="hint">{say("And {n} more.", { n: keys.length - TOLD })}</p> : null}
    </>
  );
}

/** What would be made and changed, nothing of which is done yet. */
export const PlanTold: FC<PlanProps> = (props) => {
  const { create, change, same } = props.plan;
  const kept = DEFINITION_KINDS.filter((kind) => same[kind] > 0).map((kind) => counted(same[kind], kind));
  const some = (keys: Record<DefinitionKind, string[]>): boolean =>
    DEFINITION_KINDS.some((kind) => keys[kind].length > 0);
  return (
    <>
      <Banner>
        <output>
          {some(create) || some(change)
            ? say("Nothing is done yet. This is what the import would do.")
            : say("Nothing would change: all of it is there as it is given.")}
        </output>
      </Banner>
      {(
        [
          [say("It would make"), create],
          [say("It would change"), change],
        ] as const
      ).map(([head, keys]) =>
        some(keys) ? (
          <>
            <h2 class="part">{head}</h2>
            <div class="stack">{DEFINITION_KINDS.map((kind) => Kinds({ kind, keys: keys[kind], props }))}</div>
          </>
        ) : null,
      )}
      {kept.length ? (
        <p class="soft after">{say("As they are already: {definitions}.", { definitions: kept.join(", ") })}</p>
      ) : null}
    </>
  );
};
