import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../http/answering/answers";
import { heard } from "../../language/heard";
import { dateIn, say } from "../../language/say";
import { Banner } from "../components/bits";
import { exactText } from "../components/moment";
import { Table } from "../components/table";

/* What is shown of a file before anything of it is written. */

/** Of a CSV file its first lines; of a set of OneRoster, which is not read before, nothing. */
export type Preview = Extract<AnswerTo<"POST /v1/users/import">, { rows: unknown }> | "set";

const FIELD = /^(?:fields\.|profile_field_)/;

/** Fields that a file names and the school has not declared. */
export const unknownFields = (preview: Preview, declared: readonly string[]): string[] =>
  preview === "set"
    ? []
    : preview.columns.flatMap((column) => {
        const key = column.replace(FIELD, "");
        return key === column || declared.includes(key) ? [] : [key];
      });

const SetTold: FC<{ name: string }> = ({ name }) => (
  <>
    <h2 class="part">{name ? say("The OneRoster set {name}", { name }) : say("The OneRoster set")}</h2>
    <p class="soft">
      {say(
        "Nothing is done yet. Of a set no lines are shown first: what is left out of it is listed when it is imported. Learners are created and changed, enrolments given, and ended where the set says so.",
      )}
    </p>
  </>
);

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** A value as it was read; a moment as the school's clock has it, a day where it is one there. */
function valueText(value: unknown, timezone: string): string {
  if (typeof value !== "string" || !INSTANT.test(value)) return String(value ?? "");
  const atMs = Date.parse(value);
  const isDay = dateIn(atMs, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: timezone }) === "00:00";
  return isDay ? dateIn(atMs, { dateStyle: "medium", timeZone: timezone }) : exactText(atMs, timezone);
}

interface ToldProps<What> {
  preview: What;
  /** Fields of the file that the school has not declared. */
  unknown: readonly string[];
  /** Where fields are declared. */
  fieldsPath: string;
  name: string;
  timezone: string;
}

const LinesTold: FC<ToldProps<Exclude<Preview, "set">>> = ({
  preview: { columns, rows, errors },
  unknown,
  fieldsPath,
  name,
  timezone,
}) => (
  <>
    <h2 class="part">{name ? say("First lines of {name}", { name }) : say("First lines of the file")}</h2>
    <p class="soft">
      {say("Nothing is done yet. This is how its lines would be read; an empty cell changes nothing.")}
    </p>
    {unknown.length > 0 ? (
      <Banner tone="warning">
        <span>
          {say("Not declared yet: {fields}. What stands there is kept, but no rule and no condition can name it.", {
            fields: unknown.join(", "),
          })}
        </span>
        <a class="button" href={fieldsPath}>
          {say("Declare a field")}
        </a>
      </Banner>
    ) : null}
    {errors.length > 0 ? (
      <ul class="plain">
        {errors.map(({ line, message }) => (
          <li>
            <b>{say("Line {line} is left out:", { line: String(line) })} </b>
            {heard(message)}
          </li>
        ))}
      </ul>
    ) : null}
    {rows.length > 0 ? (
      <Table
        caption={say("First lines")}
        rows={rows}
        keyOf={(row) => String(rows.indexOf(row))}
        columns={columns.map((head, at) => ({
          head,
          names: head === "id",
          cell: (row: (typeof rows)[number]) => valueText(row[at], timezone),
        }))}
      />
    ) : (
      <p>{say("No line of the file can be imported.")}</p>
    )}
  </>
);

export const PreviewTold: FC<ToldProps<Preview>> = ({ preview, ...rest }) =>
  preview === "set" ? <SetTold name={rest.name} /> : <LinesTold preview={preview} {...rest} />;
