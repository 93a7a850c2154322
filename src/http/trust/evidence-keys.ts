import { publicKeys } from "../../evidence/keys";
import { SAFE } from "../answering/sent-headers";
import type { App } from "../app";

const PATH = "/.well-known/schoolbell-keys.json";

/** Serves the public keys that evidence packs are checked by (RFC 7517): to everybody, from any page. */
export function mountEvidenceKeys(app: App): void {
  app.get(PATH, async (c) =>
    c.json(await publicKeys(c.env), 200, {
      "content-type": "application/jwk-set+json",
      "cache-control": "public, max-age=300",
      "access-control-allow-origin": "*",
      ...SAFE,
    }),
  );
}
