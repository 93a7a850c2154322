import { useState } from "hono/jsx/dom";
import { say } from "../../../../language/say";
import { Icon } from "../../../components/icon";
import { callServer } from "../../draft/api";
import type { Letter } from "../../draft/trial/letter";
import { type Outcome, outcomeOf } from "../../draft/trial/test-outcome";
import { useTextTools } from "../../stage/tools";

const MARKS = { good: "✓", warned: "⚠", fault: "✕" } as const;

/** Sends the mail as it is now to whoever is signed in. @param learner whom it is rendered for; null: an example */
export function TestMail({ letter, learner }: { letter: Letter; learner: { value: string; label: string } | null }) {
  const { me, readOnly } = useTextTools();
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  if (readOnly) return null;
  if (me === null)
    return <span class="hint">{say("Tests go only to collaborators of the school, and you are not one.")}</span>;
  const send = async (): Promise<void> => {
    setBusy(true);
    setOutcome(null);
    const { subject, body, kind, more } = letter;
    const answer = await callServer("POST", "/messages/test", {
      ...{ to: me, subject, body, ...more, kind: kind === "marketing" ? kind : "transactional" },
      ...(learner === null ? {} : { user: learner.value }),
    });
    setOutcome(outcomeOf(answer, me));
    setBusy(false);
  };
  return (
    <>
      <button
        type="button"
        class="button is-small"
        disabled={isBusy}
        title={say("To {address}", { address: me })}
        onClick={send}
      >
        <Icon name="letter" /> {isBusy ? say("Sending …") : say("Send a test to me")}
      </button>
      <p class={outcome ? `test-outcome is-${outcome.tone}` : "test-outcome"} role="status">
        {outcome ? `${MARKS[outcome.tone]} ${outcome.words}` : ""}
      </p>
    </>
  );
}
