import { actions, triggers } from "../../catalogue";
import { type ChannelName, channelOf } from "../../catalogue/channels";
import { idsOfKinds, placedIn } from "../../catalogue/checking/references";
import type { ChangeType } from "../../catalogue/facts/changes";
import { PRODUCTS } from "../../catalogue/kinds";
import { lanesOf, STEPS } from "../../catalogue/steps";
import type { Warning } from "../../definition/answers";
import type { Definition, KeptStep } from "../../definition/types";
import { allSteps } from "../../definition/walk";
import type { Program, World } from "../../engine/types";
import { cyclesOf, type Heard } from "./circles";
import { type Affecting, type ConflictContext, conflictsOf } from "./conflicts";
import { managedSegments } from "./managed-segments";

export interface WarningContext {
  id: string;
  /** What the definition compiles to. */
  program: Program;
  listeners: Heard["listeners"];
  makers: Heard["makers"];
  /** Who else gives or takes what, and what follows by itself from who belongs to a segment. */
  affecting: Affecting;
  syncs: World["syncs"];
  segments: World["segments"];
  autoGroups: World["autoGroups"];
  /** What holds courses. */
  school: ConflictContext["school"];
  /** Whether an event or enrolment ever named this course, bundle or subscription. */
  knows(kind: string, value: string): boolean;
  /** The LMS that hears of changes; null: none does. */
  lms: { label: string; supports(type: ChangeType): boolean } | null;
  /** Whether what is sent by a channel leaves, or is kept to be read. */
  isSetUp(channel: ChannelName): boolean;
}

/** Warnings of a checked definition. */
export function warningsOf(definition: Definition, context: WarningContext): Warning[] {
  return [
    ...cyclesOf(context),
    ...conflictsOf(context),
    ...unreachable(definition.then),
    ...unknownProducts(definition, context.knows),
    ...doubledPrefixes(definition),
    ...unlimitedWaits(definition),
    ...unsupported(definition, context.lms),
    ...vendorRules(definition),
    ...managedSegments(definition, context.segments),
    ...emptyMessages(definition),
    ...notSetUp(definition, context.isSetUp),
  ];
}

// ---- Steps that nobody comes to ----

function unreachable(steps: readonly KeptStep[]): Warning[] {
  const end = steps.findIndex(endsAlways);
  const after = end < 0 ? undefined : steps[end + 1];
  const reached = after ? steps.slice(0, end + 1) : steps;
  const found = reached.flatMap((step) => [
    ...emptyWays(step),
    ...lanesOf(step).flatMap((lane) => unreachable(lane.steps)),
  ]);
  if (after)
    found.push(
      unreachableAt(`Nobody comes to the step ${after.id}: the run has ended at ${steps[end]?.id} before it.`),
    );
  return found;
}

const unreachableAt = (message: string): Warning => ({ code: "unreachable", message });

const emptyWays = (step: KeptStep): Warning[] =>
  lanesOf(step).flatMap(({ share }, index) =>
    share === 0 ? [unreachableAt(`Nobody takes path ${index + 1} of the ${step.type} ${step.id}: it has 0 %.`)] : [],
  );

/** Whether no run gets past a step: an exit, or ways that all end in one. */
function endsAlways(step: KeptStep): boolean {
  const kind = STEPS.get(step.type);
  if (!kind?.takesOneWay) return kind?.ends ?? false;
  const ways = lanesOf(step).filter(({ share }) => share !== 0);
  return ways.length > 0 && ways.every((way) => way.steps.some(endsAlways));
}

// ---- Products ----

function unknownProducts(definition: Definition, knows: WarningContext["knows"]): Warning[] {
  const unknown = productsOf(definition).filter(({ kinds, value }) => !kinds.some((kind) => knows(kind, value)));
  const messages = unknown.map(({ kinds, value }) => {
    const what = kinds.length === 1 ? kinds[0] : "product";
    return `No event or enrolment has named the ${what} ${JSON.stringify(value)} so far.`;
  });
  const told = [...new Set(messages)];
  const more = told.length - MAX_TOLD;
  if (more > 0) told.splice(MAX_TOLD, more, `No event or enrolment has named ${more} more of its products so far.`);
  return told.map((message) => ({ code: "unknown_product", message }));
}

/** A definition may name tens of thousands: told one by one they would be more than the definition itself. */
const MAX_TOLD = 50;

/** Every product that a definition names, with what it may be. */
export const productsOf = (definition: Definition): { kinds: string[]; value: string }[] => [
  ...idsOfKinds(definition, PRODUCTS),
];

// ---- Events of the school's own ----

/** The name `custom.badge` is that of the event `custom.custom.badge`, which hardly anybody sends. */
function doubledPrefixes(definition: Definition): Warning[] {
  const messages = [...placedIn(definition)].flatMap(({ use }) => {
    const { prefix = "", option = "" } = triggers.get(use.type)?.family ?? {};
    const name = use[option];
    if (!prefix || typeof name !== "string" || !name.startsWith(prefix)) return [];
    return [
      `It listens to the event “${prefix}${name}”. An event that is sent as “${name}” has the name “${name.slice(prefix.length)}” here.`,
    ];
  });
  return [...new Set(messages)].map((message) => ({ code: "doubled_prefix", message }));
}

// ---- What the LMS knows nothing of ----

function unsupported(definition: Definition, lms: WarningContext["lms"]): Warning[] {
  if (!lms) return [];
  const cards = allSteps(definition.then, lanesOf).flatMap(({ type }) => actions.get(type) ?? []);
  const unheard = [...new Set(cards)].filter(({ tells }) => tells.length && !tells.some((type) => lms.supports(type)));
  return unheard.map(({ label }) => ({
    code: "unsupported",
    message: `${lms.label} does not know what “${label}” changes: it is so here, and stays as it is there.`,
  }));
}

// ---- What nobody has set up ----

function notSetUp(definition: Definition, isSetUp: WarningContext["isSetUp"]): Warning[] {
  const channels = allSteps(definition.then, lanesOf).flatMap(({ type }) => actions.get(type)?.sends ?? []);
  return [...new Set(channels)]
    .filter((channel) => !isSetUp(channel))
    .map((channel) => ({
      code: "not_sent",
      message: `${channelOf(channel).label} is not set up: what it sends is kept under Deliveries, and not sent.`,
    }));
}

// ---- What a vendor drops in silence ----

/** A step as people find it: by its place and its name. */
const stepText = (n: number, type: string): string => `Step ${n + 1}, “${actions.get(type)?.label ?? type}”,`;

const vendorRules = (definition: Definition): Warning[] =>
  allSteps(definition.then, lanesOf).flatMap((step, n) => {
    const card = actions.get(step.type);
    const faults = card?.vendorFaults?.(step) ?? [];
    if (!card || !faults.length) return [];
    return [
      { code: "vendor_rule", message: `${stepText(n, step.type)} sends what would be dropped: ${faults.join("; ")}.` },
    ];
  });

const emptyMessages = (definition: Definition): Warning[] =>
  allSteps(definition.then, lanesOf).flatMap((step, n) => {
    const faults = actions.get(step.type)?.saysNothing?.(step) ?? [];
    return faults.length
      ? [{ code: "empty_message", message: `${stepText(n, step.type)} has nothing to say: ${faults.join("; ")}.` }]
      : [];
  });

// ---- Waits ----

function unlimitedWaits(definition: Definition): Warning[] {
  if (definition.reentry !== "always" || definition.cooldown !== null || definition.limit !== null) return [];
  if (!allSteps(definition.then, lanesOf).some((step) => STEPS.get(step.type)?.waits)) return [];
  return [
    {
      code: "waits_without_reentry_limit",
      message: "It waits, and each event starts a run of its own: a learner may go through it several times at once.",
    },
  ];
}
