import { useCallback, useEffect, useMemo, useRef, useState } from "hono/jsx/dom";
import { Flow, type Spot } from "../../components/flow";
import { Icon } from "../../components/icon";
import {
  type Catalogue,
  type Definition,
  type Fault,
  isRecord,
  type Path,
  type StepStats,
  type Warning,
} from "../../model";
import { type Names, plain, stepSentence, wordsOf } from "../../sentence";
import { type Choice, call, isOk, refusalOf, vocabulary } from "./api";
import { check, fits, warn } from "./check";
import { copied, keep } from "./clipboard";
import { blank, pickerOf } from "./form";
import { Palette } from "./palette";
import { Panel } from "./panel";
import { type Fate, SaveSheet } from "./save";
import {
  addSteps,
  duplicate,
  type Editor,
  edit,
  locate,
  redo,
  removeStep,
  type Selection,
  select,
  start,
  undo,
} from "./state";
import { eventsOf } from "./structure-forms";
import { blankStep } from "./structures";
import { momentText, type Tools, ToolsProvider, useSettled } from "./tools";
import { type Direction, move, pathOf, placeOf, shift, stepOf, withValue } from "./tree";
import { freshTrial, litBy, type Trial, Try } from "./try";

/** What the page hands over, as JSON in `<script type="application/json" id="editor-data">`. */
export interface EditorData {
  /** The automation as `GET /v1/automations/:id` answers it; null for a new one. */
  automation:
    | (Partial<Definition> & { id?: string; version?: number; waiting_count?: number; warnings?: Warning[] })
    | null;
  etag?: string | null;
  catalogue: Catalogue;
  /** Names by vocabulary, then id; found out by asking when left out. */
  names?: Names;
  role?: "owner" | "editor" | "viewer";
  timezone?: string;
  /** Where the list of automations is. */
  list?: string;
}

const EMPTY: Definition = {
  name: "",
  description: "",
  active: false,
  synchronous: false,
  when: [],
  only_if: null,
  then: [],
  exit_when: [],
  exit_if: null,
  reentry: "always",
  reentry_per: "user",
  cooldown: null,
};

/** The writable part of an automation, with the contract's defaults where it says nothing. */
export function definitionOf(automation: Readonly<Record<string, unknown>>): Definition {
  const known = Object.keys(EMPTY).filter((key) => automation[key] !== undefined && automation[key] !== null);
  // The server's own answer: each of these keys is as the contract says.
  return { ...EMPTY, ...Object.fromEntries(known.map((key) => [key, automation[key]])) } as Definition;
}

/** What the palette is open for. */
type Adding = { kind: "step"; list: Path; index: number } | { kind: "trigger" } | { kind: "exit_when" };

const keyOf = (selected: Selection | null): string =>
  selected === null
    ? ""
    : selected.kind === "step"
      ? `step-${selected.id}`
      : "index" in selected
        ? `${selected.kind}-${selected.index}`
        : selected.kind;

const ofSpot = (spot: Spot): Selection =>
  spot.kind === "step"
    ? { kind: "step", id: spot.step.id ?? "" }
    : spot.kind === "trigger" || spot.kind === "exit_when"
      ? { kind: spot.kind, index: spot.index }
      : { kind: spot.kind };

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

/** Focuses a card of the drawing once it stands. */
const focusCard = (selected: Selection | null): void => {
  if (selected) requestAnimationFrame(() => document.getElementById(`card-${keyOf(selected)}`)?.focus());
};
const focusPanel = (): void => {
  requestAnimationFrame(() => {
    const panel = document.querySelector<HTMLElement>(".panel");
    (
      panel?.querySelector<HTMLElement>(".panel-body :is(input, select, textarea, button)") ??
      panel?.querySelector<HTMLElement>("h2")
    )?.focus();
  });
};

export function App({ data }: { data: EditorData }) {
  const readOnly = data.role === "viewer";
  const timezone = data.timezone ?? "UTC";
  const [id, setId] = useState(data.automation?.id ?? null);
  const [etag, setEtag] = useState(data.etag ?? null);
  const [editor, setEditor] = useState<Editor>(() => start(definitionOf(data.automation ?? {})));
  const [saved, setSaved] = useState<Definition | null>(() => (id === null ? null : editor.now));
  const [version, setVersion] = useState(data.automation?.version ?? null);
  const [serverWarnings, setServerWarnings] = useState<readonly Warning[]>(data.automation?.warnings ?? []);
  const [serverFaults, setServerFaults] = useState<{ of: Definition; faults: Fault[] } | null>(null);
  const [names, setNames] = useState<Names>(data.names ?? {});
  const [insists, setInsists] = useState(false);
  const [adding, setAdding] = useState<Adding | null>(null);
  const [trying, setTrying] = useState(false);
  const [trial, setTrial] = useState<Trial>(freshTrial);
  const [sheet, setSheet] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ message: string; outdated: boolean } | null>(null);
  const [said, setSaid] = useState("");
  const [stats, setStats] = useState<ReadonlyMap<string, StepStats> | undefined>(undefined);
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);

  const { now, selected } = editor;
  const words = useMemo(() => wordsOf(data.catalogue, names), [names]);
  const ownFaults = useMemo(() => check(now, data.catalogue), [now]);
  // What the server found holds until the next change; what both found is told once, in our words.
  const faults = useMemo(() => {
    const theirs = serverFaults?.of === now ? serverFaults.faults : [];
    return [...ownFaults, ...theirs.filter((fault) => !ownFaults.some((own) => own.path === fault.path))];
  }, [ownFaults, serverFaults, now]);
  const differs = useMemo(() => saved === null || JSON.stringify(saved) !== JSON.stringify(now), [saved, now]);
  const warnings = useMemo(() => {
    const own = warn(now);
    const settled = ["unreachable", "waits_without_reentry_limit"];
    return [...own, ...serverWarnings.filter((warning) => !settled.includes(warning.code))];
  }, [now, serverWarnings]);
  const marks = useMemo(() => {
    const out = new Map<string, number>();
    for (const fault of faults) {
      const key = keyOf(locate(now, fault.path).selection);
      out.set(key, (out.get(key) ?? 0) + 1);
    }
    return out;
  }, [faults, now]);
  const lit = useMemo(() => (trying ? litBy(trial) : undefined), [trying, trial]);

  const learn = useCallback((picker: string, choices: readonly Choice[]): void => {
    setNames((before) => {
      const known = before[picker] ?? {};
      const added = choices.filter((choice) => choice.label !== choice.value && known[choice.value] !== choice.label);
      return added.length === 0
        ? before
        : { ...before, [picker]: { ...known, ...Object.fromEntries(added.map(({ value, label }) => [value, label])) } };
    });
  }, []);

  // ── beginnings: names of what the definition speaks of, and how many wait where ──
  useEffect(() => {
    for (const picker of pickersIn(now, data.catalogue))
      if (!data.names?.[picker]) vocabulary(picker, "").then((choices) => learn(picker, choices));
    if (id !== null)
      call("GET", `/automations/${encodeURIComponent(id)}/stats`).then((answer) => {
        if (isOk(answer)) setStats(statsOf(answer.body));
      });
  }, []);

  // ── the server's eye on a draft that has come to rest: templates and patterns only it can judge ──
  const resting = useSettled(now, 900);
  useEffect(() => {
    if (readOnly || ownFaults.length > 0 || resting !== now || now.when.length === 0) return;
    call("POST", "/automations/simulate", { automation: now, user: { id: "draft" }, for: "PT0S" }).then((answer) => {
      if (answer.status === 422)
        setServerFaults({
          of: now,
          faults: refusalOf(answer, "/automation").faults.filter(
            (fault) => !/^\/(user|fact|for|assume)\b/.test(fault.path),
          ),
        });
    });
  }, [resting]);

  useEffect(() => {
    const hold = (event: BeforeUnloadEvent): void => {
      if (differs && !readOnly && (saved !== null || editor.past.length > 0)) event.preventDefault();
    };
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [differs, editor]);

  // ── changes ──
  const change = (next: Editor, message?: string): void => {
    setEditor(next);
    if (message) setSaid(message);
    if (trial.rehearsal && next.now !== now) setTrial({ ...trial, rehearsal: null });
  };
  const choose = (next: Selection | null): void => {
    setTrying(false);
    setEditor(select(editor, next));
  };
  const shiftStep = (stepId: string, direction: Direction): void => {
    const next = shift(now, stepId, direction);
    if (next === now) {
      setSaid("It cannot move that way.");
      return;
    }
    const place = placeOf(pathOf(next, stepId) ?? []);
    change(edit(editor, next, { select: { kind: "step", id: stepId } }), `Moved to place ${place.index + 1}.`);
    focusCard({ kind: "step", id: stepId });
  };
  const copy = (stepId: string): void => {
    const step = stepOf(now, stepId);
    if (!step) return;
    keep(step);
    setSaid("Copied.");
  };
  const paste = (list: Path, index: number): void => {
    const step = copied();
    if (step) change(addSteps(editor, list, index, [step]), "Pasted.");
  };
  const deleteStep = (stepId: string): void => {
    const next = removeStep(editor, stepId);
    change(next, "Deleted. Ctrl Z brings it back.");
    focusCard(next.selected);
  };
  const deleteSelected = (): void => {
    if (selected?.kind === "step") deleteStep(selected.id);
    else if (selected?.kind === "only_if" || selected?.kind === "exit_if")
      change(edit(editor, { ...now, [selected.kind]: null }, { select: null }), "Deleted.");
    else if (selected && "index" in selected) {
      const list = selected.kind === "trigger" ? "when" : "exit_when";
      change(edit(editor, withValue(now, [list, selected.index], undefined), { select: null }), "Deleted.");
    }
  };

  // ── saving ──
  const showFirstFault = (list: readonly Fault[]): void => {
    const first = list[0];
    if (!first) return;
    setInsists(true);
    setSaid(`${list.length} to mend before it can be saved.`);
    if (first.path === "/name") {
      document.querySelector<HTMLElement>(".editor-name")?.focus();
      return;
    }
    if (first.path === "/when" && now.when.length === 0) {
      setAdding({ kind: "trigger" });
      return;
    }
    choose(locate(now, first.path).selection);
    requestAnimationFrame(() => {
      const field = document.querySelector<HTMLElement>(".panel .is-faulty :is(input, select, textarea, button)");
      if (field) field.focus();
      else focusPanel();
    });
  };
  const accept = (body: unknown, tag: string | null, what: Definition): void => {
    const answer = isRecord(body) ? body : {};
    setSaved(what);
    setEtag(tag);
    setProblem(null);
    setSheet(false);
    setServerFaults(null);
    setInsists(false);
    if (typeof answer.version === "number") setVersion(answer.version);
    if (Array.isArray(answer.warnings)) setServerWarnings(answer.warnings as Warning[]); // the server's own answer
    setSaid(typeof answer.version === "number" ? `Saved as version ${answer.version}.` : "Saved.");
    if (typeof answer.id === "string" && id === null) {
      setId(answer.id);
      history.replaceState(null, "", `${data.list ?? "/admin/automations"}/${answer.id}/edit`);
    }
  };
  const put = async (fate: Fate, force = false): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const headers: Record<string, string> = etag !== null && id !== null && !force ? { "if-match": etag } : {};
    const path =
      id === null ? "/automations" : `/automations/${encodeURIComponent(id)}${fate === "move" ? "?live=move" : ""}`;
    // Runs end only together with switching it off; it is switched on again right after.
    const body = fate === "exit" ? { ...now, active: false, live_runs: "exit" } : now;
    let answer = await call(id === null ? "POST" : "PUT", path, body, headers);
    if (isOk(answer) && fate === "exit" && now.active && id !== null) {
      const off = answer;
      answer = await call(
        "PATCH",
        `/automations/${encodeURIComponent(id)}`,
        { active: true },
        off.etag === null ? {} : { "if-match": off.etag },
      );
      if (!isOk(answer)) {
        setBusy(false);
        accept(off.body, off.etag, { ...now, active: false });
        setProblem({ message: `Saved, but it is switched off: ${refusalOf(answer).message}`, outdated: false });
        return;
      }
    }
    setBusy(false);
    if (isOk(answer)) {
      accept(answer.body, answer.etag, now);
      return;
    }
    const refusal = refusalOf(answer);
    if (answer.status === 422 && refusal.faults.length > 0) {
      setServerFaults({ of: now, faults: refusal.faults });
      setSheet(false);
      showFirstFault(refusal.faults);
    }
    setProblem({
      message: answer.status === 412 ? "Somebody saved a newer version while you were editing." : refusal.message,
      outdated: answer.status === 412,
    });
    if (answer.status === 412) setSheet(false);
  };
  const save = (): void => {
    if (readOnly) return;
    setProblem(null);
    const isLive = saved !== null && (saved.active || (data.automation?.waiting_count ?? 0) > 0);
    if (faults.length > 0) showFirstFault(faults);
    else if (!differs) setSaid("There is nothing to save: the draft is what is live.");
    else if (id !== null && isLive) setSheet(true);
    else put("stay");
  };

  // ── keys ──
  const onCardKey = (event: KeyboardEvent, spot: Spot): void => {
    const own = ofSpot(spot);
    const arrow = ARROWS[event.key];
    const command = event.ctrlKey || event.metaKey;
    const handled = (): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (arrow && event.altKey && own.kind === "step" && !readOnly) {
      handled();
      shiftStep(own.id, arrow);
    } else if ((arrow === "up" || arrow === "down") && !event.altKey && !command) {
      handled();
      const cards = [...document.querySelectorAll<HTMLElement>(".flow .card")];
      const at = cards.findIndex((card) => card.id === `card-${keyOf(own)}`);
      cards[at + (arrow === "down" ? 1 : -1)]?.focus();
    } else if (event.key === "Enter") {
      handled();
      choose(own);
      focusPanel();
    } else if (readOnly || own.kind !== "step") return;
    else if (event.key === "Delete" || event.key === "Backspace") {
      handled();
      deleteStep(own.id);
    } else if (command && event.key === "d") {
      handled();
      const next = duplicate(editor, own.id);
      change(next, "Duplicated.");
      focusCard(next.selected);
    } else if (command && (event.key === "c" || event.key === "x")) {
      handled();
      copy(own.id);
      if (event.key === "x") deleteStep(own.id);
    } else if (command && event.key === "v") {
      handled();
      const { list, index } = placeOf(pathOf(now, own.id) ?? []);
      paste(list, index + 1);
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === "s") {
      event.preventDefault();
      save();
    } else if (command && (key === "z" || key === "y") && !readOnly) {
      event.preventDefault();
      change(key === "y" || event.shiftKey ? redo(editor) : undo(editor));
    } else if (event.key === "Escape" && (selected || trying) && !document.querySelector("dialog[open]")) {
      setTrying(false);
      setEditor(select(editor, null));
      focusCard(selected);
    }
  };
  const latestKey = useRef(onKey);
  latestKey.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => latestKey.current?.(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  // ── the drawing ──
  const drop = (list: Path, index: number): void => {
    setOver(null);
    setDragged(null);
    if (dragged === null) return;
    const next = move(now, dragged, list, index);
    if (next !== now) change(edit(editor, next, { select: { kind: "step", id: dragged } }), "Moved.");
  };
  const card = (spot: Spot, body: unknown) => {
    const own = ofSpot(spot);
    const key = keyOf(own);
    const count = marks.get(key) ?? 0;
    const isSelected = !trying && keyOf(selected) === key;
    return (
      <button
        type="button"
        id={`card-${key}`}
        class={`card${isSelected ? " is-selected" : ""}${count > 0 ? " has-fault" : ""}${dragged !== null && own.kind === "step" && dragged === own.id ? " is-dragged" : ""}`}
        aria-current={isSelected ? "true" : undefined}
        draggable={own.kind === "step" && !readOnly ? "true" : undefined}
        onClick={() => choose(own)}
        onKeyDown={(event: KeyboardEvent) => onCardKey(event, spot)}
        onDragStart={(event: DragEvent) => {
          if (own.kind !== "step") return;
          event.dataTransfer?.setData("text/plain", own.id);
          setDragged(own.id);
        }}
        onDragEnd={() => {
          setDragged(null);
          setOver(null);
        }}
      >
        {body}
        {count > 0 ? (
          <span class="mark is-fault" title={`${count} to mend`}>
            <Icon name="fault" />
            <span class="sr-only">{count} to mend</span>
          </span>
        ) : null}
      </button>
    );
  };
  const gap = (list: Path, index: number) => {
    if (readOnly) return null;
    const key = [...list, index].join("/");
    return (
      <button
        type="button"
        class={`gap-add${dragged === null ? "" : " is-open"}${over === key ? " is-over" : ""}`}
        aria-label="Add a step here"
        title="Add a step here"
        onClick={() => setAdding({ kind: "step", list, index })}
        onDragOver={(event: DragEvent) => {
          if (dragged === null) return;
          event.preventDefault();
          if (over !== key) setOver(key);
        }}
        onDragLeave={() => setOver(null)}
        onDrop={(event: DragEvent) => {
          event.preventDefault();
          drop(list, index);
        }}
      >
        <Icon name="plus" />
      </button>
    );
  };
  const after = (block: "when" | "only_if" | "exits") => {
    if (readOnly) return null;
    if (block === "when")
      return now.when.length < 10 ? (
        <button type="button" class="button is-small is-quiet" onClick={() => setAdding({ kind: "trigger" })}>
          <Icon name="plus" /> {now.when.length === 0 ? "Choose what starts it" : "Or when …"}
        </button>
      ) : null;
    if (block === "only_if")
      return now.only_if ? null : (
        <button
          type="button"
          id="card-only_if"
          class="button is-small is-quiet"
          onClick={() => choose({ kind: "only_if" })}
        >
          <Icon name="plus" /> Any learner; narrow it down
        </button>
      );
    return (
      <span class="inline">
        <button type="button" class="button is-small is-quiet" onClick={() => setAdding({ kind: "exit_when" })}>
          <Icon name="plus" /> An event
        </button>
        {now.exit_if ? null : (
          <button type="button" class="button is-small is-quiet" onClick={() => choose({ kind: "exit_if" })}>
            <Icon name="plus" /> A condition
          </button>
        )}
      </span>
    );
  };
  const note = (step: { id?: string }) => {
    const at = step.id === undefined ? undefined : lit?.get(step.id);
    return at === undefined ? null : <time dateTime={new Date(at).toISOString()}>✓ {momentText(at, timezone)}</time>;
  };

  const tools: Tools = { catalogue: data.catalogue, words, now, insists, readOnly, timezone, learn, announce: setSaid };
  const clip = adding?.kind === "step" ? copied() : null;
  const panelOpen = trying || selected !== null;
  return (
    <ToolsProvider value={tools}>
      <div class={`editor${panelOpen ? " has-panel" : ""}${dragged === null ? "" : " is-dragging"}`}>
        <h1 class="sr-only">{now.name || "A new automation"}</h1>
        <header class="editor-bar">
          <a class="button is-quiet" href={data.list ?? "/admin/automations"} aria-label="All automations">
            <Icon name="back" />
          </a>
          <input
            class="editor-name"
            type="text"
            aria-label="Name of the automation"
            placeholder="Name it"
            value={now.name}
            disabled={readOnly}
            aria-invalid={insists && now.name.trim() === "" ? "true" : undefined}
            onInput={(event: Event) =>
              change(edit(editor, { ...now, name: (event.target as HTMLInputElement).value }, { tag: "bar:name" }))
            } // stands on an input
          />
          <span class={`badge ${now.active ? "is-good" : ""}`}>{now.active ? "● Active" : "○ Off"}</span>
          <span class="editor-state" role="status">
            {readOnly
              ? "You may look, not change"
              : saved === null
                ? "Not saved yet"
                : differs
                  ? "Draft differs from live"
                  : `Version ${version ?? ""} is live`}
          </span>
          <span class="editor-tools">
            <button
              type="button"
              class="button is-quiet"
              aria-label="Undo"
              title="Undo (Ctrl Z)"
              disabled={editor.past.length === 0}
              onClick={() => change(undo(editor))}
            >
              <Icon name="undo" />
            </button>
            <button
              type="button"
              class="button is-quiet"
              aria-label="Redo"
              title="Redo (Ctrl Shift Z)"
              disabled={editor.future.length === 0}
              onClick={() => change(redo(editor))}
            >
              <Icon name="redo" />
            </button>
            <button
              type="button"
              class="button"
              aria-pressed={!trying && selected?.kind === "options" ? "true" : "false"}
              onClick={() => choose(selected?.kind === "options" && !trying ? null : { kind: "options" })}
            >
              <Icon name="options" /> <span class="wide">Options</span>
              {insists && (marks.get("options") ?? 0) > 0 ? <span class="mark is-fault">✕</span> : null}
            </button>
            <button
              type="button"
              class="button"
              aria-pressed={trying ? "true" : "false"}
              onClick={() => setTrying(!trying)}
            >
              <Icon name="play" /> <span class="wide">Try it</span>
            </button>
            {readOnly ? null : (
              <button type="button" class="button is-main" onClick={save} disabled={busy}>
                {busy ? "Saving …" : id !== null && saved?.active ? "Save …" : "Save"}
              </button>
            )}
          </span>
        </header>
        {problem && !sheet ? (
          <div class="banner is-fault" role="alert">
            <span>✕ {problem.message}</span>
            {problem.outdated ? (
              <span class="inline">
                <a class="button is-small" href={location.href} target="_blank" rel="noopener">
                  See theirs in another tab
                </a>
                <button type="button" class="button is-small is-danger" onClick={() => put("stay", true)}>
                  Save mine over it
                </button>
              </span>
            ) : null}
          </div>
        ) : null}
        <div class="editor-main">
          <section class="editor-flow" aria-label="The automation">
            {faults.length > 0 && insists ? (
              <button type="button" class="banner is-fault is-button" onClick={() => showFirstFault(faults)}>
                ✕ {faults.length === 1 ? "One thing" : `${faults.length} things`} to mend before it can be saved:{" "}
                {faults[0]?.message}
              </button>
            ) : null}
            {warnings.map((warning) => (
              <p class="banner is-warning" key={warning.code + warning.message}>
                ⚠ {warning.message}
              </p>
            ))}
            <Flow
              definition={now}
              words={words}
              {...(stats && !lit ? { stats } : {})}
              {...(lit ? { lit: new Set(lit.keys()), note } : {})}
              // The editor's own elements are what the drawing takes in.
              card={card as never}
              gap={gap as never}
              after={after as never}
            />
          </section>
          {panelOpen ? (
            <aside class="panel" aria-label={trying ? "Try it" : "The chosen card"}>
              {trying ? (
                <Try
                  definition={now}
                  trial={trial}
                  onChange={setTrial}
                  onFaults={(found) => setServerFaults({ of: now, faults: found })}
                  onClose={() => setTrying(false)}
                />
              ) : selected ? (
                <Panel
                  definition={now}
                  selected={selected}
                  faults={faults}
                  onChange={(next, options) => change(edit(editor, next, options ?? {}))}
                  onClose={() => {
                    setEditor(select(editor, null));
                    focusCard(selected);
                  }}
                  onShift={shiftStep}
                  onDuplicate={(stepId) => change(duplicate(editor, stepId), "Duplicated.")}
                  onCopy={copy}
                  onDelete={deleteSelected}
                />
              ) : null}
            </aside>
          ) : null}
        </div>
        {adding ? (
          <Palette
            title={
              adding.kind === "step"
                ? "Add a step"
                : adding.kind === "trigger"
                  ? "When a learner …"
                  : "End it at once when the learner …"
            }
            entries={
              adding.kind === "step"
                ? [...data.catalogue.steps, ...data.catalogue.actions]
                : adding.kind === "trigger"
                  ? data.catalogue.triggers
                  : eventsOf(data.catalogue.triggers)
            }
            refuses={(entry) =>
              fits(entry, now.when)
                ? undefined
                : `Only with: ${entry.only_with?.map((type) => words.entry("trigger", type)?.label ?? type).join(", ")}`
            }
            paste={
              clip && adding.kind === "step"
                ? { label: `“${plain(stepSentence(clip, words))}”`, onPaste: () => paste(adding.list, adding.index) }
                : undefined
            }
            onClose={() => setAdding(null)}
            onPick={(entry) => {
              if (adding.kind === "step")
                change(addSteps(editor, adding.list, adding.index, [blankStep(entry)]), `Added: ${entry.label}.`);
              else {
                const list = adding.kind === "trigger" ? "when" : "exit_when";
                const index = now[list].length;
                change(
                  edit(
                    editor,
                    { ...now, [list]: [...now[list], blank(entry.type, entry.params)] },
                    { select: { kind: adding.kind, index } },
                  ),
                  `Added: ${entry.label}.`,
                );
              }
              setTrying(false);
              focusPanel();
            }}
          />
        ) : null}
        {sheet && id !== null && saved ? (
          <SaveSheet
            id={id}
            before={saved}
            after={now}
            warnings={warnings}
            busy={busy}
            problem={problem?.message ?? ""}
            onSave={put}
            onClose={() => setSheet(false)}
          />
        ) : null}
        <div class="sr-only" aria-live="polite">
          {said}
        </div>
        {said.startsWith("Saved") && !differs ? <div class="notice">✓ {said}</div> : null}
      </div>
    </ToolsProvider>
  );
}

/** The vocabularies that a definition's cards take ids from. */
function pickersIn(definition: Definition, catalogue: Catalogue): string[] {
  const types = new Set<string>();
  JSON.stringify(definition, (key, value) => {
    if (key === "type" && typeof value === "string") types.add(value);
    return value;
  });
  const entries = [...catalogue.triggers, ...catalogue.conditions, ...catalogue.actions].filter((entry) =>
    types.has(entry.type),
  );
  const pickers = entries.flatMap((entry) => Object.values(entry.params.properties ?? {}).map(pickerOf));
  return [...new Set(pickers.filter((picker) => picker !== undefined))];
}

function statsOf(body: unknown): ReadonlyMap<string, StepStats> {
  const rows = isRecord(body) && Array.isArray(body.steps) ? body.steps.filter(isRecord) : [];
  const n = (value: unknown): number => (typeof value === "number" ? value : 0);
  return new Map(
    rows.map((row) => [
      String(row.step_id),
      {
        entered: n(row.entered),
        done: n(row.done),
        failed: n(row.failed),
        waiting: n(row.waiting),
        exited: n(row.exited),
        ...(typeof row.yes === "number" ? { yes: row.yes } : {}),
        ...(typeof row.no === "number" ? { no: row.no } : {}),
      },
    ]),
  );
}
