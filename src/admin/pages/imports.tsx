import type { FC } from "hono/jsx";
import { fromBase64, toBase64 } from "../../base/bytes";
import { Problem } from "../../base/errors/errors";
import type { RouteName } from "../../http/answering/answers";
import { inWords, later, say, type Text } from "../../language/say";
import { CheckField, Form, SelectField } from "../components/forms/form";
import { Layout, PageHead } from "../components/frame/layout";
import { Pages } from "../page";
import { attempt, type FormFields, formFieldsOf, seeOther, type Visit } from "../visit";
import { type Preview, PreviewTold, unknownFields } from "./imports-first";
import { jobPath } from "./jobs/jobs";
import { RefusalNotice } from "./problem";

/*
 * Files of CSV, and of learners also sets of OneRoster: of learners, what their lines are read as is shown before anything
 * is written.
 */

type ImportRoute = Extract<RouteName, `POST ${string}/import`>;

const IMPORTS: Readonly<
  Record<string, { title: Text; route: ImportRoute; columns: Text; example: string; fires: boolean }>
> = {
  users: {
    title: later("Import learners"),
    route: "POST /v1/users/import",
    columns: later(
      "id, and any of email, username (or firstname, lastname), registered_at, source, timezone, locale, tags (with | between them), marketing_consent, cookies_accepted, unsubscribed (each yes or no), fields.<name> (or profile_field_<name>)",
    ),
    example: "id,email,username,tags,marketing_consent,fields.department\nanna,anna@acme.com,Anna,vip|parent,yes,Sales",
    fires: true,
  },
  segments: {
    title: later("Import segments"),
    route: "POST /v1/segments/import",
    columns: later("name, and id: without one a segment is created"),
    example: "id,name\nparents,Parents",
    fires: false,
  },
  members: {
    title: later("Import members of segments"),
    route: "POST /v1/segments/members/import",
    columns: later("segment (its id), one of user (the id), email and username, and action (add, or remove)"),
    example: "user,segment,action\nanna,parents,add",
    fires: true,
  },
  products: {
    title: later("Import names of products"),
    route: "POST /v1/products/import",
    columns: later(
      "type, id, and any of name, url, image_url, parent, courses (with | between them), starts_at, ends_at, due_at",
    ),
    example: "type,id,name,url\ncourse,js-101,JavaScript 101,https://school.example.com/courses/js-101",
    fires: false,
  },
};

const importOf = (what: string) => {
  const found = Object.hasOwn(IMPORTS, what) ? IMPORTS[what] : undefined;
  if (!found) throw new Problem("not_found", say("There is no such import."));
  return found;
};

const CHARSETS = [
  ["utf-8", later("UTF-8, or UTF-16")],
  ["windows-1252", later("Windows-1252 (Western European)")],
  ["windows-1250", later("Windows-1250 (Central European)")],
  ["windows-1251", later("Windows-1251 (Cyrillic)")],
  ["windows-1253", later("Windows-1253 (Greek)")],
  ["windows-1254", later("Windows-1254 (Turkish)")],
  ["macintosh", later("Macintosh (Western European)")],
] as const;

/** A browser sends a chosen file once: a page that shows it holds one up to this size for the next time. */
const HELD_BYTES = 1024 * 1024;

interface Given {
  file: ArrayBuffer;
  name: string;
  charset: string;
  fire: boolean;
}

/** What a form was sent with: a file that was chosen goes before one that the page held. */
async function givenIn(fields: FormFields): Promise<Given> {
  const chosen = fields.file("file");
  const rest = { charset: fields.text("charset") || "utf-8", fire: fields.has("fire") };
  if (chosen && chosen.size > 0) return { ...rest, file: await chosen.arrayBuffer(), name: chosen.name };
  const held = fields.raw("held");
  if (held === "") throw new Problem("invalid", say("Choose a file."));
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(held))
    throw new Problem("malformed", say("The file that the page held cannot be read. Choose it again."));
  return { ...rest, file: fromBase64(held).buffer, name: fields.text("name") };
}

/** A fault of a file has its line for a place; the first line is the header. */
const lineText = (path: string): string => {
  const line = /^\/(\d+)/.exec(path)?.[1];
  return line === undefined ? "" : say("Line {line}", { line });
};

/** A set of OneRoster; a workbook is a zip too, and is called otherwise. */
const isSet = (what: string, { name }: Given): boolean => what === "users" && /\.zip$/i.test(name);

interface ImportPageProps {
  visit: Visit;
  what: string;
  refused?: Problem | null;
  /** What was sent, where it is shown again. */
  given?: Given | null;
  preview?: Preview | null;
  /** Fields of the file that the school has not declared. */
  unknown?: readonly string[];
}

const ImportPage: FC<ImportPageProps> = ({ visit, what, refused, given = null, preview = null, unknown = [] }) => {
  const { example, fires, ...told } = importOf(what);
  const title = inWords(told.title);
  const held = preview && given && given.file.byteLength <= HELD_BYTES ? given : null;
  const isShownFirst = what === "users";
  return (
    <Layout
      title={title}
      viewer={visit.viewer}
      section={what === "users" ? "learners" : what === "products" ? "products" : "segments"}
    >
      <PageHead title={title} />
      <RefusalNotice problem={refused} place={lineText} />
      {preview ? (
        <PreviewTold
          timezone={visit.timezone}
          preview={preview}
          unknown={unknown}
          fieldsPath={visit.path("/settings/fields")}
          name={given?.name ?? ""}
        />
      ) : null}
      <Form action={visit.path(`/import/${what}`)} enctype="multipart/form-data" class="form after">
        {held ? (
          <>
            <input type="hidden" name="held" value={toBase64(new Uint8Array(held.file))} />
            <input type="hidden" name="name" value={held.name} />
          </>
        ) : null}
        <div class="field">
          <label for="f-file">
            {held
              ? say("Another file")
              : preview
                ? say("The same file again")
                : isShownFirst
                  ? say("CSV file, or OneRoster set (.zip)")
                  : say("CSV file")}
          </label>
          <input
            id="f-file"
            type="file"
            name="file"
            accept={isShownFirst ? ".csv,text/csv,.zip,application/zip" : ".csv,text/csv"}
            required={!held}
            aria-describedby="f-file-says"
          />
          <span class="hint" id="f-file-says">
            {say("CSV has a header; 32 MiB at most. Columns: {columns}. An empty cell changes nothing.", {
              columns: inWords(told.columns),
            })}
          </span>
        </div>
        <SelectField
          name="charset"
          label={say("Written in")}
          options={CHARSETS.map(([charset, label]) => [charset, say(label)] as const)}
          value={given?.charset ?? "utf-8"}
        />
        {fires ? (
          <CheckField
            name="fire"
            label={say("Start automations for what changes")}
            checked={given?.fire ?? false}
            hint={say("Left out, the import is quiet: it changes state and starts nothing.")}
          />
        ) : null}
        <span class="inline">
          {isShownFirst && !preview ? null : (
            <button type="submit" class="button is-main" name="do" value="import">
              {say("Import")}
            </button>
          )}
          {isShownFirst ? (
            <button type="submit" class={preview ? "button" : "button is-main"} name="do" value="preview">
              {say("See the first lines")}
            </button>
          ) : null}
        </span>
      </Form>
      <h2 class="part">{say("Example")}</h2>
      <pre class="panel-box is-code" tabindex={0}>
        {example}
      </pre>
    </Layout>
  );
};

export const importsPages = new Pages();

importsPages.get("/import/:what", "editor", (c) =>
  c.html(<ImportPage visit={c.var.visit} what={c.req.param("what")} />),
);

importsPages.post("/import/:what", "editor", async (c) => {
  const visit = c.var.visit;
  const what = c.req.param("what");
  const { route } = importOf(what);
  const fields = await formFieldsOf(c);
  // A file beside the one that was shown has not been seen yet.
  const isAnother = fields.raw("held") !== "" && (fields.file("file")?.size ?? 0) > 0;
  const isPreview = what === "users" && (isAnother || fields.text("do") === "preview");
  let given: Given | null = null;
  const { value, refused } = await attempt(async () => {
    given = await givenIn(fields);
    const isRoster = isSet(what, given);
    if (isRoster && isPreview) return "set" as const;
    const query = { ...(given.fire ? { fire: true } : {}), ...(isPreview ? { dry_run: true } : {}) };
    return visit.api.call(route, {
      query,
      body: given.file,
      contentType: isRoster ? "application/zip" : `text/csv; charset=${given.charset}`,
    });
  });
  if (refused) return c.html(<ImportPage visit={visit} what={what} refused={refused} given={given} />, refused.status);
  if (value === "set" || "rows" in value)
    return c.html(
      <ImportPage
        visit={visit}
        what={what}
        given={given}
        preview={value}
        unknown={unknownFields(
          value,
          (await visit.api.all("GET /v1/profile-fields")).map(({ key }) => key),
        )}
      />,
    );
  return seeOther(c, jobPath(visit, value.job_id), { done: "started" });
});
