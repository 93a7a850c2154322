// A receiver of webhooks: node client/examples/receive.mjs, with WEBHOOK_SECRET in the environment.
import { createServer } from "node:http";
import { verifyWebhook, WebhookError } from "@schoolbell/client";

const { WEBHOOK_SECRET, PORT = "9999" } = process.env;

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    // Throws unless Schoolbell sent these bytes, and in the last five minutes.
    const said = verifyWebhook(Buffer.concat(chunks), request.headers, WEBHOOK_SECRET ?? []);
    console.log("verified", JSON.stringify(said));
    response.writeHead(204).end();
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    console.log("refused:", error.message);
    response.writeHead(401).end();
  }
}).listen(Number(PORT), "127.0.0.1", () => console.log(`listening on http://localhost:${PORT}`));
