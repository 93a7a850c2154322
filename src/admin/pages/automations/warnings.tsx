import type { FC } from "hono/jsx";
import type { Warning } from "../../../definition/answers";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { later, say, type Text, weave } from "../../../language/say";
import { Banner } from "../../components/bits";
import { ActionButton } from "../../components/forms/form";
import type { Visit } from "../../visit";
import type { Words } from "../../words/sentences/sentence";
import { automationPath } from "./automation-frame";

/* What may be wrong with an automation: in a few words in a list, whole on its page, each with what mends it. */

type Automation = AnswerTo<"GET /v1/automations/:id">;
/** As the route answers it. */
type Told = Automation["warnings"][number];

const STOPPED = {
  short: later("stopped: too many failures"),
  whole: later("Stopped: too many of its steps failed. Correct what fails and switch it on again."),
};

const CIRCLE = later("This automation may start itself again, in a circle");
const IN_VAIN = later("A step that changes who is in a segment always fails where the segment follows its rules");
const isInVain = ({ code }: Told): boolean => code === ("managed_segment" satisfies Warning["code"]);

const SHORT = {
  conflict: later("another one undoes what it does"),
  cycle: later("may start itself again"),
  unreachable: later("a step is never reached"),
  unknown_product: later("names something not seen yet"),
  unknown_reference: later("names something deleted"),
  unknown_variable: later("a text names what there is not"),
  no_date: later("waits for a date that is not there"),
  doubled_prefix: later("listens to another event than is sent"),
  waits_without_reentry_limit: later("may overlap for one learner"),
  unsupported: later("the LMS cannot do a step"),
  empty_message: later("a message is empty"),
  vendor_rule: later("some of it would be dropped"),
  managed_segment: later("a step changes a segment that follows its rules"),
  not_sent: later("sending is not set up"),
  long_wait: later("a very long wait"),
} satisfies Record<Warning["code"], Text>;

/** The sentence; without the ids that one of a circle or of segments lists, which are links here. */
function wholeOf(warning: Told): string {
  const { code, message, automations = [], segments = [] } = warning;
  if (isInVain(warning)) return say(IN_VAIN);
  const isCircle = code === ("cycle" satisfies Warning["code"]) && (automations.length > 1 || segments.length > 0);
  return isCircle ? say(CIRCLE) : heard(message);
}

const shortOf = ({ code, message }: Told): string =>
  heard(new Map<string, string>(Object.entries(SHORT)).get(code) ?? message);

interface WarningsProps {
  automation: Pick<Automation, "id" | "warnings" | "stopped_by">;
  /** Of automations. */
  names: ReadonlyMap<string, string>;
  words: Words;
  visit: Visit;
  /** Where what mends one leads back to. */
  back: string;
}

/** What mends a warning in one press, where nothing is lost by it. */
const Mend: FC<Omit<WarningsProps, "names" | "words"> & { warning: Told }> = ({ warning, automation, visit, back }) =>
  warning.code === "waits_without_reentry_limit" && visit.mayEdit ? (
    <ActionButton
      small
      action={`${automationPath(visit, automation.id)}/one-at-a-time`}
      fields={{ back }}
      title={say("A learner who is in it already does not start again before that run has ended.")}
    >
      {say("Make it one at a time")}
    </ActionButton>
  ) : null;

/** The others of a circle, this one aside, and the segments by whose rules and syncs it closes; or the one that has rules. */
const Others: FC<Omit<WarningsProps, "back"> & { warning: Told }> = ({ warning, names, words, visit }) => (
  <>
    {(warning.automations ?? []).slice(1).map((id, index) => {
      const automation = <a href={automationPath(visit, id)}>{names.get(id) ?? id}</a>;
      return index === 0 ? weave(" with {automation}", { automation }) : <>, {automation}</>;
    })}
    {(warning.segments ?? []).map((id, index) => {
      const segment = <a href={visit.path(`/segments/${encodeURIComponent(id)}`)}>{words.nameOf("segment", id)}</a>;
      if (index > 0) return <>, {segment}</>;
      return isInVain(warning)
        ? weave(": {segment}", { segment })
        : weave(", by way of the segment {segment}", { segment });
    })}
  </>
);

/** In a few words, for a row; the sentence shows under the pointer and stands on the automation's page. */
export const ShortWarnings: FC<WarningsProps> = (props) => {
  const { automation } = props;
  // Several of a kind, as for each unknown course, are one here.
  const codes = [...new Set(automation.warnings.map(({ code }) => code))];
  return (
    <>
      {automation.stopped_by === "failures" ? (
        <span class="warned is-line" title={say(STOPPED.whole)}>
          ⚠ {say(STOPPED.short)}
        </span>
      ) : null}
      {codes.map((code) => {
        const [first, ...more] = automation.warnings.filter((one) => one.code === code);
        return first ? (
          <span class="warned is-line inline" title={[first, ...more].map(wholeOf).join(" ")}>
            <span>
              ⚠ {shortOf(first)}
              {more.length > 0 ? ` (${more.length + 1})` : ""}
              <Others {...props} warning={first} />
            </span>
            <Mend {...props} warning={first} />
          </span>
        ) : null;
      })}
    </>
  );
};

/** As whole sentences, for the automation's page. */
export const Warnings: FC<WarningsProps> = (props) => (
  <>
    {props.automation.stopped_by === "failures" ? <Banner tone="warning">⚠ {say(STOPPED.whole)}</Banner> : null}
    {props.automation.warnings.map((warning) => (
      <Banner tone="warning">
        <span>
          ⚠ {wholeOf(warning)}
          <Others {...props} warning={warning} />
        </span>
        <Mend {...props} warning={warning} />
      </Banner>
    ))}
  </>
);
