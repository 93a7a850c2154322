import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Served {
  base: string;
  close(): Promise<void>;
}

/** Has a fake answer over HTTP, on loopback; null: the connection is reset. */
export async function serve(answer: (request: Request) => Promise<Response | null>): Promise<Served> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = "GET", url = "/", headers } = incoming;
    const request = new Request(`http://${headers.host}${url}`, {
      method,
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(chunks.length ? { body: Buffer.concat(chunks) } : {}),
    });
    const response = await answer(request);
    if (!response) return void incoming.socket.resetAndDestroy();
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // An address of a listening TCP server is never a string or null.
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
