import type { FC } from "hono/jsx";
import { notFound, type Problem } from "../../../base/errors/errors";
import { type Piece, pieceVariable } from "../../../catalogue/messages/pieces";
import { say } from "../../../language/say";
import { Banner, EmptyState } from "../../components/bits";
import { ActionButton, Form, FormField, TextField } from "../../components/forms/form";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther, type Visit } from "../../visit";
import { RefusalNotice } from "../problem";
import { OwnersOnly, SettingsPage } from "./frame";

/* Pieces of text that a school writes once: a signature, an offer, a note on opening hours. */

const NEW: Piece = { id: "", name: "", body: "" };

const PIECES = "/settings/pieces";
const pathOf = (visit: Visit, { id }: Piece): string => visit.path(`${PIECES}/${encodeURIComponent(id)}`);

const piecesOf = async (visit: Visit): Promise<Piece[]> =>
  (await visit.api.call("GET /v1/school")).settings.mail_pieces;

/** "Opening hours" as `opening_hours`: what texts name it by. */
const idFor = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[^a-z]+|_+$/g, "")
    .slice(0, 64);

const Variable: FC<{ piece: Piece }> = ({ piece }) => <code>{`{{ ${pieceVariable(piece.id)} }}`}</code>;

interface PieceFormProps {
  visit: Visit;
  action: string;
  piece: Piece;
  faultOf(name: keyof Piece): string | undefined;
}

const PieceForm: FC<PieceFormProps> = ({ visit, action, piece, faultOf }) => (
  <Form action={action} class="form" isLocked={!visit.mayOwn}>
    <TextField
      name="name"
      label={say("Name")}
      hint={say("As you look for it, such as “Opening hours”.")}
      value={piece.name}
      fault={faultOf("name") ?? faultOf("id")}
      required
    />
    <FormField
      id="f-body"
      label={say("Text")}
      hint={say("Plain text or HTML, with variables as in mails.")}
      fault={faultOf("body")}
    >
      <textarea id="f-body" name="body" rows={8} required aria-describedby="f-body-says">
        {piece.body}
      </textarea>
    </FormField>
    {visit.mayOwn ? (
      <button type="submit" class="button is-main">
        {say("Save")}
      </button>
    ) : (
      <OwnersOnly />
    )}
  </Form>
);

/** Refused faults name a piece by its place in the list. */
const faultsAt = (refused: Problem | null, place: number) => (name: keyof Piece) =>
  faultAt(refused, `/settings/mail_pieces/${place}/${name}`);

async function listPage(c: Ctx, refused: Problem | null = null, sent: Piece = NEW): Promise<Html> {
  const { visit } = c.var;
  const pieces = await piecesOf(visit);
  return (
    <SettingsPage c={c} title={say("Pieces of text")} here={PIECES}>
      <p class="lead">
        {say("What several messages say is written once here; it stands in each of them where its variable does.")}
      </p>
      <RefusalNotice problem={refused} shown={(path) => path.startsWith(`/settings/mail_pieces/${pieces.length}/`)} />
      {pieces.length === 0 ? (
        <EmptyState title={say("No pieces yet")}>
          <p>{say("Such as a signature, or a note on opening hours.")}</p>
        </EmptyState>
      ) : (
        <Table
          caption={say("Pieces of text")}
          rows={pieces}
          keyOf={({ id }) => id}
          columns={[
            {
              head: say("Name"),
              names: true,
              cell: (piece) => <a href={pathOf(visit, piece)}>{piece.name}</a>,
            },
            { head: say("In texts"), cell: (piece) => <Variable piece={piece} /> },
          ]}
        />
      )}
      <h2 class="part">{say("A new piece")}</h2>
      <PieceForm visit={visit} action={visit.path(PIECES)} piece={sent} faultOf={faultsAt(refused, pieces.length)} />
    </SettingsPage>
  );
}

/** The piece of an address; 404 where there is none. */
async function found(c: Ctx): Promise<{ pieces: Piece[]; place: number; piece: Piece }> {
  const pieces = await piecesOf(c.var.visit);
  const place = pieces.findIndex(({ id }) => id === c.req.param("id"));
  const piece = pieces[place];
  if (!piece) throw notFound("piece");
  return { pieces, place, piece };
}

async function piecePage(c: Ctx, refused: Problem | null = null, sent?: Piece): Promise<Html> {
  const { visit } = c.var;
  const { place, piece } = await found(c);
  return (
    <SettingsPage c={c} title={piece.name} here={PIECES}>
      <RefusalNotice problem={refused} shown={(path) => path.startsWith(`/settings/mail_pieces/${place}/`)} />
      <p>
        <Variable piece={piece} />
      </p>
      <PieceForm visit={visit} action={pathOf(visit, piece)} piece={sent ?? piece} faultOf={faultsAt(refused, place)} />
      {visit.mayOwn ? (
        <p class="after">
          <a class="button is-danger" href={`${pathOf(visit, piece)}/delete`}>
            {say("Delete")}
          </a>
        </p>
      ) : null}
    </SettingsPage>
  );
}

const save = (visit: Visit, mail_pieces: Piece[]) =>
  attempt(() => visit.api.call("PATCH /v1/school", { body: { settings: { mail_pieces } } }));

async function sentPiece(c: Ctx, id?: string): Promise<Piece> {
  const fields = await formFieldsOf(c);
  const name = fields.text("name");
  return { id: id ?? idFor(name), name, body: fields.raw("body") };
}

export const settingsPiecesPages = new Pages();

settingsPiecesPages.get(PIECES, "viewer", async (c) => c.html(await listPage(c)));

settingsPiecesPages.post(PIECES, "owner", async (c) => {
  const { visit } = c.var;
  const piece = await sentPiece(c);
  const { refused } = await save(visit, [...(await piecesOf(visit)), piece]);
  return refused ? c.html(await listPage(c, refused, piece), 422) : seeOther(c, visit.path(PIECES), { done: "added" });
});

settingsPiecesPages.get(`${PIECES}/:id`, "viewer", async (c) => c.html(await piecePage(c)));

settingsPiecesPages.post(`${PIECES}/:id`, "owner", async (c) => {
  const { pieces, piece } = await found(c);
  const sent = await sentPiece(c, piece.id);
  const { refused } = await save(
    c.var.visit,
    pieces.map((one) => (one.id === piece.id ? sent : one)),
  );
  if (refused) return c.html(await piecePage(c, refused, sent), 422);
  return seeOther(c, c.var.visit.path(PIECES), { done: "saved" });
});

settingsPiecesPages.get(`${PIECES}/:id/delete`, "viewer", async (c) => {
  const { visit } = c.var;
  const { piece } = await found(c);
  return c.html(
    <SettingsPage c={c} title={say("Delete “{name}”?", { name: piece.name })} here={PIECES}>
      <Banner tone="warning">
        {say("Messages that name it will have nothing in its place; their automations say so.")}
      </Banner>
      {visit.mayOwn ? (
        <ActionButton action={`${pathOf(visit, piece)}/delete`} tone="danger">
          {say("Delete")}
        </ActionButton>
      ) : (
        <OwnersOnly />
      )}{" "}
      <a class="button" href={pathOf(visit, piece)}>
        {say("Leave it")}
      </a>
    </SettingsPage>,
  );
});

settingsPiecesPages.post(`${PIECES}/:id/delete`, "owner", async (c) => {
  const { pieces, piece } = await found(c);
  const { visit } = c.var;
  await visit.api.call("PATCH /v1/school", {
    body: { settings: { mail_pieces: pieces.filter(({ id }) => id !== piece.id) } },
  });
  return seeOther(c, visit.path(PIECES), { done: "removed" });
});
