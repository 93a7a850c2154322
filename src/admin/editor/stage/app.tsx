import { useMemo, useState } from "hono/jsx/dom";
import type { Fault } from "../../../base/errors/errors";
import type { CatalogueEntry } from "../../../definition/catalogue";
import type { CardUse, Path } from "../../../definition/types";
import { say } from "../../../language/say";
import { Flow } from "../../components/flow";
import { plain, stepSentence } from "../../words/sentences/sentence";
import { lanesIn } from "../../words/words";
import { fits } from "../draft/check";
import { definitionOf, type EditorData } from "../draft/data";
import { useFaults, useGuard, useStats, useWarnings, useWords } from "../draft/draft";
import { blank } from "../draft/form/form";
import { type Fate, useSaving } from "../draft/saving";
import {
  type Adding,
  addCard,
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
} from "../draft/state";
import { begun } from "../draft/tree/begun";
import { entriesFor, stateOf, TITLES } from "../draft/tree/titles";
import { type Direction, move, pathOf, placeInTree, shift, stepOf, withValue } from "../draft/tree/tree";
import { freshTrial, litBy, type TrialInput } from "../draft/trial/trial";
import { unsentIn } from "../draft/unsent";
import { Bar } from "./bar";
import { cardKeys, usePageKeys } from "./card-keys";
import { copied, keep } from "./clipboard";
import { useDrawing } from "./drawing";
import { focusCard, focusFault, focusPanel } from "./focus";
import { KeysSheet } from "./keys";
import { Notices, NotSaved } from "./notices";
import { Palette } from "./palette";
import { Panel } from "./panel";
import { SaveSheet } from "./save";
import { type Toolbar, ToolsProvider } from "./tools";
import { Try } from "./try";

/** What is told to those who do not see it happen; that it was saved, to all. */
interface Announcement {
  words: string;
  isSaved: boolean;
}

/** The editor: the flow at the left, the chosen card's form or a rehearsal at the right. */
export function EditorApp({ data }: { data: EditorData }) {
  const readOnly = data.role === "viewer";
  const timezone = data.timezone ?? "UTC";
  const { list } = data;
  const [editor, setEditor] = useState<Editor>(() =>
    start(definitionOf(data.automation ?? {}), lanesIn(data.catalogue.steps)),
  );
  const [insists, setInsists] = useState(false);
  const [adding, setAdding] = useState<Adding | null>(null);
  const [trying, setTrying] = useState(false);
  const [trial, setTrial] = useState<TrialInput>(freshTrial);
  const [sheet, setSheet] = useState(false);
  const [keys, setKeys] = useState(false);
  const [said, setSaid] = useState<Announcement>({ words: "", isSaved: false });
  const announce = (words: string): void => setSaid({ words, isSaved: false });

  const { now, selected, lanesOf } = editor;
  const saving = useSaving(data, now, (message) => {
    setSheet(false);
    setInsists(false);
    setSaid({ words: message, isSaved: true });
  });
  const { id, saved } = saving;
  const { words, learn } = useWords(now, data);
  const { faults, marks, tell } = useFaults(now, data);
  const stats = useStats(id);
  const differs = useMemo(() => saved === null || JSON.stringify(saved) !== JSON.stringify(now), [saved, now]);
  const { warnings, doubts } = useWarnings(now, data, saving.warnings);
  const lit = useMemo(() => (trying ? litBy(trial) : undefined), [trying, trial]);
  const unsent = now.active && !saved?.active ? unsentIn(now, data.unsent ?? {}, lanesOf) : [];
  const asks = unsent.length > 0 || (saved !== null && (saved.active || (data.automation?.waiting_count ?? 0) > 0));
  useGuard(!readOnly && differs && (saved !== null || editor.past.length > 0));

  // ── changes ──
  const change = (next: Editor, message?: string): void => {
    setEditor(next);
    if (message) announce(message);
    if (trial.rehearsal && next.now !== now) setTrial({ ...trial, rehearsal: null });
  };
  const choose = (next: Selection | null): void => {
    setTrying(false);
    setEditor(select(editor, next));
  };
  const shiftStep = (stepId: string, direction: Direction): void => {
    const next = shift(now, stepId, direction, lanesOf);
    if (next === now) {
      announce(say("It cannot move that way."));
      return;
    }
    const { index } = placeInTree(pathOf(next, stepId, lanesOf) ?? []);
    change(edit(editor, next, { select: { kind: "step", id: stepId } }), say("Moved to place {n}.", { n: index + 1 }));
    focusCard({ kind: "step", id: stepId });
  };
  const dropStep = (stepId: string, steps: Path, index: number): void => {
    const next = move(now, stepId, steps, index, lanesOf);
    if (next !== now) change(edit(editor, next, { select: { kind: "step", id: stepId } }), say("Moved."));
  };
  const copy = (stepId: string): void => {
    const step = stepOf(now, stepId, lanesOf);
    if (!step) return;
    keep(step);
    announce(say("Copied."));
  };
  const paste = (steps: Path, index: number): void => {
    const step = copied();
    if (!step) return;
    const next = addSteps(editor, steps, index, [step]);
    change(next, say("Pasted."));
    focusCard(next.selected);
  };
  const copyBelow = (stepId: string): void => {
    const next = duplicate(editor, stepId);
    change(next, say("Duplicated."));
    focusCard(next.selected);
  };
  const remove = (what: Selection): void => {
    const message = say("Deleted. Ctrl Z brings it back.");
    if (what.kind === "step") {
      const next = removeStep(editor, what.id);
      change(next, message);
      focusCard(next.selected);
    } else if ("index" in what) {
      const cards = what.kind === "trigger" ? "when" : "exit_when";
      change(edit(editor, withValue(now, [cards, what.index], undefined), { select: null }), message);
    } else if (what.kind !== "options") change(edit(editor, { ...now, [what.kind]: null }, { select: null }), message);
  };
  const cardFor = (entry: CatalogueEntry, to: Adding): CardUse =>
    to.kind === "exit_when" || to.kind === "goal"
      ? begun(entry, now.when, data.catalogue)
      : blank(entry.type, entry.params);
  const add = (entry: CatalogueEntry, to: Adding): void => {
    change(addCard(editor, to, cardFor(entry, to)), say("Added: {card}.", { card: entry.label }));
    setTrying(false);
    focusPanel();
  };

  // ── saving ──
  const showFirst = (found: readonly Fault[]): void => {
    const [first] = found;
    if (!first) return;
    setInsists(true);
    announce(say("{n} to correct before it can be saved.", { n: found.length }));
    if (first.path === "/name") document.querySelector<HTMLElement>(".editor-name")?.focus();
    else if (first.path === "/when" && now.when.length === 0) setAdding({ kind: "trigger" });
    else {
      choose(locate(now, first.path, lanesOf).selection);
      focusFault();
    }
  };
  const put = async (fate: Fate, force = false): Promise<void> => {
    const answer = await saving.put(now, fate, force);
    if (answer.ok) return;
    if (answer.faults.length > 0) {
      tell(answer.faults);
      setSheet(false);
      showFirst(answer.faults);
    }
  };
  const save = (): void => {
    if (readOnly) return;
    saving.forget();
    if (faults.length > 0) showFirst(faults);
    else if (!differs) announce(say("There is nothing to save: this is what is live already."));
    else if (asks) setSheet(true);
    else put("stay");
  };

  const close = (): void => {
    choose(null);
    focusCard(selected);
  };
  const onCardKey = cardKeys({
    readOnly,
    placeOf: (stepId) => placeInTree(pathOf(now, stepId, lanesOf) ?? []),
    open: (own) => {
      choose(own);
      focusPanel();
    },
    remove,
    shift: shiftStep,
    copy,
    paste,
    duplicate: copyBelow,
  });
  usePageKeys({
    readOnly,
    isOpen: selected !== null || trying,
    save,
    undo: () => change(undo(editor)),
    redo: () => change(redo(editor)),
    list: () => setKeys(true),
    close,
  });

  const { hooks, isDragging } = useDrawing({
    definition: now,
    selected: trying ? null : selected,
    marks,
    doubts,
    readOnly,
    timezone,
    words,
    lit,
    onChoose: choose,
    onAdd: setAdding,
    onMove: dropStep,
    onKey: onCardKey,
  });
  const { catalogue, variables, me = null } = data;
  const tools: Toolbar = { catalogue, variables, me, words, now, insists, readOnly, timezone, learn };
  const open = trying ? "try" : selected?.kind === "options" ? "options" : null;
  const clip = adding?.kind === "step" ? copied() : null;
  const triggerLabel = (type: string): string => words.entry("trigger", type)?.label ?? type;
  return (
    <ToolsProvider value={tools}>
      <div class={`editor${open || selected ? " has-panel" : ""}${isDragging ? " is-dragging" : ""}`}>
        <h1 class="sr-only">{now.name || say("A new automation")}</h1>
        <Bar
          list={list}
          name={now.name}
          active={now.active}
          state={stateOf(readOnly, saved, differs, saving.version)}
          readOnly={readOnly}
          nameIsFaulty={insists && now.name.trim() === ""}
          optionsAreFaulty={insists && marks.has("options")}
          open={open}
          canUndo={editor.past.length > 0}
          canRedo={editor.future.length > 0}
          busy={saving.busy}
          asks={asks}
          onName={(name) => change(edit(editor, { ...now, name }, { tag: "bar:name" }))}
          onActive={(active) =>
            change(
              edit(editor, { ...now, active }),
              active ? say("Switched on, once it is saved.") : say("Switched off, once it is saved."),
            )
          }
          onKeys={() => setKeys(true)}
          onUndo={() => change(undo(editor))}
          onRedo={() => change(redo(editor))}
          onOptions={() => choose(open === "options" ? null : { kind: "options" })}
          onTry={() => setTrying(!trying)}
          onSave={save}
        />
        {saving.problem && !sheet ? <NotSaved problem={saving.problem} onOverwrite={() => put("stay", true)} /> : null}
        <div class="editor-main">
          <section class="editor-flow" aria-label={say("The automation")}>
            <Notices
              faults={insists ? faults : []}
              warnings={warnings}
              onShow={() => showFirst(faults)}
              {...(readOnly
                ? {}
                : {
                    onOneAtATime: () =>
                      change(
                        edit(editor, { ...now, reentry: "one_at_a_time" }),
                        say("A learner goes through it one at a time."),
                      ),
                  })}
            />
            <Flow
              definition={now}
              words={words}
              {...hooks}
              {...(stats && !lit ? { stats } : {})}
              {...(lit ? { lit: new Set(lit.keys()) } : {})}
            />
          </section>
          {open || selected ? (
            <aside class="panel" aria-label={trying ? say("Try it") : say("The chosen card")}>
              {trying || !selected ? (
                <Try
                  definition={now}
                  id={id}
                  trial={trial}
                  onChange={setTrial}
                  onFaults={tell}
                  onClose={() => setTrying(false)}
                />
              ) : (
                <Panel
                  definition={now}
                  selected={selected}
                  faults={faults}
                  onChange={(next, options) => change(edit(editor, next, options ?? {}))}
                  onClose={close}
                  onShift={shiftStep}
                  onDuplicate={copyBelow}
                  onCopy={copy}
                  onDelete={() => remove(selected)}
                />
              )}
            </aside>
          ) : null}
        </div>
        {adding ? (
          <Palette
            title={say(TITLES[adding.kind])}
            entries={entriesFor(adding, data)}
            refuses={(entry) =>
              fits(entry, now.when)
                ? undefined
                : say("Only with: {cards}", { cards: entry.only_with?.map(triggerLabel).join(", ") ?? "" })
            }
            paste={
              clip && adding.kind === "step"
                ? { label: plain(stepSentence(clip, words)), onPaste: () => paste(adding.list, adding.index) }
                : undefined
            }
            onClose={() => setAdding(null)}
            onPick={(entry) => add(entry, adding)}
          />
        ) : null}
        {keys ? <KeysSheet onClose={() => setKeys(false)} /> : null}
        {sheet ? (
          <SaveSheet
            id={id}
            before={saved}
            after={now}
            unsent={unsent}
            warnings={warnings.filter(({ code }) => code !== "not_sent" || unsent.length === 0)}
            busy={saving.busy}
            problem={saving.problem?.message ?? ""}
            onSave={put}
            onClose={() => setSheet(false)}
          />
        ) : null}
        <div class="sr-only" aria-live="polite">
          {said.words}
        </div>
        {said.isSaved && !differs ? <div class="notice">✓ {said.words}</div> : null}
      </div>
    </ToolsProvider>
  );
}
