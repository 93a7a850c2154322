import { useEffect, useRef, useState } from "hono/jsx/dom";
import { isRecord } from "../../../../definition/types";
import { say } from "../../../../language/say";
import { Icon } from "../../../components/icon";
import { type Choice, callServer, isOk, learners, refusalOf } from "../../draft/api";
import type { Letter } from "../../draft/trial/letter";
import { Frame } from "../../stage/frame";
import { useSettled } from "../../stage/tools";
import { Combo } from "../combo";
import { TestMail } from "./test-mail";

interface Rendered {
  subject: string;
  body: string;
  empty: string[];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const renderedOf = (body: unknown, html: boolean): Rendered => {
  const found = isRecord(body) ? body : {};
  return {
    subject: text(found.subject),
    body: html ? text(found.body) : text(found.text) || text(found.body),
    empty: Array.isArray(found.unknown_variables) ? found.unknown_variables.map(String) : [],
  };
};

/** The message as one would get it, asked for anew when it rests. @param learner null: an example */
function useRendered({ subject, body, html, kind }: Letter, learner: string | null) {
  const [rendered, setRendered] = useState<Rendered | null>(null);
  const [problem, setProblem] = useState("");
  const draft = useSettled(`${subject}\u0000${body}\u0000${kind}`, 500);
  const asked = useRef(0);
  useEffect(() => {
    asked.current = (asked.current ?? 0) + 1;
    const mine = asked.current;
    const whom = learner === null ? {} : { user: learner };
    callServer("POST", "/messages/preview", {
      ...(subject ? { subject } : {}),
      body,
      ...whom,
      ...(html ? { kind } : {}),
    })
      // What was asked last is shown, in whatever order answers come.
      .then((answer) => {
        if (mine !== asked.current) return;
        setRendered(isOk(answer) ? renderedOf(answer.body, html) : null);
        const refusal = refusalOf(answer);
        setProblem(isOk(answer) ? "" : (refusal.faults[0]?.message ?? refusal.message));
      });
  }, [draft, learner]);
  return { rendered, problem };
}

/** A message as a learner would get it, and of mail a test of it. @param of the one learner that it is for */
export function LetterPreview({ letter, of = null }: { letter: Letter; of?: Choice | null }) {
  const [learner, setLearner] = useState<Choice | null>(of);
  const [isWide, setWide] = useState(false);
  const { rendered, problem } = useRendered(letter, learner?.value ?? null);
  const shown = rendered ? { subject: rendered.subject, body: rendered.body, html: letter.html } : null;
  return (
    <section class="preview" aria-label={say("Preview")}>
      {of ? (
        <h2 class="preview-for">{say("As {name} gets it", { name: of.label })}</h2>
      ) : (
        <div class="preview-head">
          <label for="preview-learner">{say("Preview for")}</label>
          <Combo
            id="preview-learner"
            placeholder={say("Anna Example, who is invented")}
            shown={learner?.label ?? ""}
            clears={false}
            search={learners}
            onPick={setLearner}
          />
        </div>
      )}
      {problem ? (
        <p class="fault" role="status">
          ✕ {problem}
        </p>
      ) : null}
      {shown ? <LetterShown {...shown} /> : null}
      {rendered && learner && rendered.empty.length > 0 ? (
        <p class="warned">⚠ {say("Empty for this learner: {variables}", { variables: rendered.empty.join(", ") })}</p>
      ) : null}
      {letter.html ? (
        <div class="preview-foot">
          {shown ? (
            <button type="button" class="button is-small" onClick={() => setWide(true)}>
              <Icon name="search" /> {say("See it wide")}
            </button>
          ) : null}
          <TestMail letter={letter} learner={learner} />
        </div>
      ) : null}
      {isWide && shown ? <WideLetter {...shown} onClose={() => setWide(false)} /> : null}
    </section>
  );
}

interface Shown {
  subject: string;
  body: string;
  html: boolean;
}

/** A rendered message: its subject, and its body in a frame of its own when it is HTML. */
export function LetterShown({ subject, body, html }: Shown) {
  return (
    <div class="letter">
      {subject ? <div class="letter-subject">{subject}</div> : null}
      {html ? <Frame html={body} title={subject || say("Message")} /> : <div class="letter-text">{body}</div>}
    </div>
  );
}

/** The same as wide as a mail on a desk is read. */
function WideLetter({ onClose, ...shown }: Shown & { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog class="wide-letter" ref={dialog} aria-label={say("The mail, wide")} onClose={onClose}>
      <button type="button" class="button is-small" onClick={() => dialog.current?.close()}>
        <Icon name="close" /> {say("Close")}
      </button>
      <LetterShown {...shown} />
    </dialog>
  );
}
