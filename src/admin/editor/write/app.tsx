import { useState } from "hono/jsx/dom";
import { say } from "../../../language/say";
import { inputOf, plainField, within } from "../draft/form/inputs";
import { sourcelessText } from "../draft/unknown";
import { FieldRow } from "../fields/fields";
import { LetterPreview } from "../fields/mail/letter";
import { LiquidField } from "../fields/mail/liquid";
import { MailField } from "../fields/mail/mail-field";
import { TextToolsProvider } from "../stage/tools";
import type { WriteData, Written } from "./data";

/** The fields of a mail to one learner, within the page's form, and the mail as that learner gets it. */
export function WriteApp({ data }: { data: WriteData }) {
  const { learner, allowsMarketing, topics, faults, variables, me } = data;
  const [mail, setMail] = useState<Written>(data.mail);
  const put = (change: Partial<Written>): void => setMail((before) => ({ ...before, ...change }));
  const { subject, body, kind } = mail;
  const choice = (key: "kind" | "topic", label: string, options: readonly (readonly [string, string])[]) => (
    <FieldRow id={`write-${key}`} label={label} faults={within(faults, `/${key}`)}>
      {({ describedBy }) => (
        <select
          id={`write-${key}`}
          name={key}
          aria-describedby={describedBy}
          value={mail[key]}
          onInput={(event: Event) => put({ [key]: inputOf(event).value })}
        >
          {options.map(([value, words]) => (
            <option value={value} key={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </FieldRow>
  );
  return (
    <TextToolsProvider value={{ variables, unlisted: sourcelessText, me, insists: true, readOnly: false }}>
      <div class="write">
        <div class="stack">
          <FieldRow id="write-subject" label={say("Subject")} faults={within(faults, "/subject")}>
            {(described) => (
              <LiquidField
                id="write-subject"
                kind="line"
                value={subject}
                {...described}
                onChange={(next) => put({ subject: next })}
              />
            )}
          </FieldRow>
          <FieldRow id="write-body" label={say("Body")} faults={within(faults, "/body")}>
            {(described) => (
              <MailField
                field={plainField("body", say("Body"), "template")}
                id="write-body"
                value={body}
                faults={[]}
                {...described}
                onChange={(next) => put({ body: String(next ?? "") })}
              />
            )}
          </FieldRow>
          {/* The editor is no field of the form by itself. */}
          <input type="hidden" name="subject" value={subject} />
          <input type="hidden" name="body" value={body} />
          {allowsMarketing
            ? choice("kind", say("Kind"), [
                ["transactional", say("transactional")],
                ["marketing", say("marketing")],
              ])
            : null}
          {topics.length === 0
            ? null
            : choice("topic", say("Kind of mail"), [
                ["", say("none")],
                ...topics.map(({ value, label }) => [value, label] as const),
              ])}
        </div>
        <LetterPreview letter={{ subject, body, html: true, kind, more: {} }} of={learner} />
      </div>
    </TextToolsProvider>
  );
}
