import { escapeHtml } from "../text/html";
import type { MailSettings } from "./mail";

/*
 * What stands around every mail of a school that has set up its mail: the logo above, and below the signature, the footer
 * and the links by which a learner has a say, named in the reader's language.
 */

export interface Frame {
  /** What the logo is of. */
  school: string;
  mail: MailSettings;
  /** Plain text; "": none. */
  signature: string;
  /** Of whoever reads it, such as "de-AT". */
  locale: string;
  /** In marketing; null: none. */
  unsubscribe: string | null;
  /** In what goes to the learner; null: none. */
  preferences: string | null;
}

const SMALL = 'style="font-size:13px;line-height:1.5;color:#595959"';

const logoOf = ({ mail, school }: Frame): string =>
  mail.logo
    ? `<p><img src="${escapeHtml(mail.logo)}" alt="${escapeHtml(school)}" height="48" style="border:0"></p>`
    : "";

const LABELS = {
  en: { unsubscribe: "Unsubscribe", preferences: "Your mail from us" },
  de: { unsubscribe: "Abmelden", preferences: "Ihre E-Mails von uns" },
} as const;

/** The links that a mail does not hold already. */
const linksOf = ({ unsubscribe, preferences, locale }: Frame, body: string): [label: string, url: string][] => {
  const labels = LABELS[/^de\b/i.test(locale) ? "de" : "en"];
  const all: [string, string | null][] = [
    [labels.unsubscribe, unsubscribe],
    [labels.preferences, preferences],
  ];
  return all.flatMap(([label, url]) => (url === null || body.includes(url) ? [] : [[label, url]]));
};

const asHtml = (text: string): string => escapeHtml(text.trim()).replaceAll(/\r?\n/g, "<br>");

/** The signature, unless the mail ends with it by itself. */
const signatureOf = ({ signature }: Frame, body: string): string => {
  const html = asHtml(signature);
  return html === "" || body.includes(html) || body.includes(signature.trim()) ? "" : `<p>${html}</p>`;
};

function footOf(frame: Frame, body: string): string {
  const links = linksOf(frame, body).map(
    ([label, url]) => `<a href="${escapeHtml(url)}" style="color:#595959">${label}</a>`,
  );
  const lines = [
    ...(frame.mail.footer ? [asHtml(frame.mail.footer)] : []),
    ...(links.length ? [links.join(" · ")] : []),
  ];
  return lines.length
    ? `<hr style="border:0;border-top:1px solid #ddd">${lines.map((one) => `<p ${SMALL}>${one}</p>`).join("")}`
    : "";
}

/** A rendered mail in its frame; of a whole document the frame stands within its body. */
export function framedHtml(html: string, frame: Frame): string {
  const [logo, foot] = [logoOf(frame), signatureOf(frame, html) + footOf(frame, html)];
  const open = /<body\b[^>]*>/i.exec(html);
  const from = open ? open.index + open[0].length : 0;
  const close = html.toLowerCase().lastIndexOf("</body");
  const to = close >= from ? close : html.length;
  return html.slice(0, from) + logo + html.slice(from, to) + foot + html.slice(to);
}

/** The same of the part in plain text. */
export function framedText(text: string, frame: Frame): string {
  const lines = [
    ...(frame.mail.footer ? [frame.mail.footer.trim()] : []),
    ...linksOf(frame, text).map(([label, url]) => `${label}: ${url}`),
  ];
  const signature = frame.signature.trim();
  const signed = signature === "" || text.includes(signature) ? text : `${text.trimEnd()}\n\n${signature}\n`;
  return lines.length ? `${signed.trimEnd()}\n\n-- \n${lines.join("\n")}\n` : signed;
}
