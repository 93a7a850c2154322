import type { Context } from "hono";
import type { Child, FC } from "hono/jsx";
import { language } from "../../language/say";
import { SAFE } from "../answering/sent-headers";

/* What the pages have in common that links in mails open without a sign-in: one look, and nothing from elsewhere. */

const STYLE = `:root{color-scheme:light dark}body{margin:0;font:16px/1.5 system-ui,sans-serif}
main{max-width:40rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
ul{list-style:none;margin:0;padding:0}li{padding:.5rem 0;border-bottom:1px solid #8886}
small{display:block}label{display:flex;gap:.6rem;padding:.4rem 0}input{flex:none;width:1.2rem;height:1.2rem;margin:.15rem 0 0}
button{font:inherit;padding:.5rem 1rem;margin-top:.5rem}`;

const headersOf = (nonce: string) => ({
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "referrer-policy": "no-referrer",
  ...SAFE,
  "x-robots-tag": "noindex",
  // What it shows is the learner's alone, and changes.
  "cache-control": "no-store",
});

const Document: FC<{ title: string; nonce: string; children?: Child }> = ({ title, nonce, children }) => (
  <html lang={language().code}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <style nonce={nonce} dangerouslySetInnerHTML={{ __html: STYLE }} />
    </head>
    <body>
      <main>{children}</main>
    </body>
  </html>
);

/** Such a page, in the language that is spoken. */
export function learnerPage(c: Context, title: string, status: 200 | 404, children: Child): Response {
  const nonce = crypto.randomUUID();
  const html = (
    <Document title={title} nonce={nonce}>
      {children}
    </Document>
  );
  return c.body(`<!doctype html>${html}`, status, headersOf(nonce));
}
