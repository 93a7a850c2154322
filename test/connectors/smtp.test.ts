import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Parcel } from "../../src/connectors";
import { certificate, parcelOf, startWorld, type World } from "./harness";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Ends what a test started. */
const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ending.splice(0).map((end) => end()));
});

interface Mail {
  encrypted: boolean;
  user: string | undefined;
  from: string;
  to: string[];
  raw: string;
}

type Options = ConstructorParameters<typeof SMTPServer>[0];

const pair = (name: string) => ({
  cert: readFileSync(certificate(`${name}.crt`)),
  key: readFileSync(certificate(`${name}.key`)),
});

/** A real mail server on loopback and what it took; `user` / `pass` is who it lets in. */
async function mailServer(options: Options = {}) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onAuth: (auth, _session, done) =>
      auth.username === "user" && auth.password === "pässwörd" ? done(null, { user: "user" }) : done(new Error("no")),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          encrypted: session.secure === true,
          user: session.user === undefined ? undefined : String(session.user),
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map((one) => one.address),
          raw: Buffer.concat(chunks).toString(),
        });
        done(null, "queued as 42");
      });
    },
    ...options,
  });
  // A handshake that the client breaks off is an error of the server's too.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  ending.push(() => new Promise((resolve) => server.close(() => resolve())));
  // An address of a listening TCP server is never a string or null.
  return { mails, port: (server.server.address() as AddressInfo).port };
}

/** A server that says what it is told, line by line, and then nothing. */
async function mute(greet: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  ending.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  // As above.
  return (server.address() as AddressInfo).port;
}

/** A server that takes any mail, in ASCII and in clear, and every line that it was sent. */
async function plainServer() {
  const said: string[] = [];
  const port = await mute((socket) => {
    socket.write("220 mail.acme.com\r\n");
    let data = false;
    createInterface({ input: socket }).on("line", (line) => {
      said.push(line);
      const wasData = data;
      data = data ? line !== "." : line === "DATA";
      if (/[^\0-\x7f]/.test(line)) socket.write("553 the address is not ASCII\r\n");
      else if (!data || !wasData) socket.write(data ? "354 go\r\n" : "250 ok\r\n");
    });
  });
  return { said, port };
}

const content = { subject: "Привіт, Anna", html: "<p>Вітаю</p>", text: "Вітаю", kind: "marketing" };
const parcel = parcelOf({
  channel: "email",
  to: ["anna@example.com"],
  content,
  unsubscribeUrl: "https://bell.acme.com/unsubscribe?t=abc.def",
});

const send = (settings: object, given: Parcel = parcel, timeoutMs = 5_000) =>
  world.send({
    name: "smtp",
    parcel: given,
    settings: { host: "localhost", from: "hi@acme.com", ...settings },
    timeoutMs,
  });

/** Header name → value, unfolded. */
const headersOf = (raw: string) =>
  Object.fromEntries(
    (raw.split("\r\n\r\n")[0] ?? "")
      .replaceAll(/\r\n[ \t]+/g, " ")
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );

const login = { user: "user", pass: "pässwörd" };

describe("mail by SMTP", () => {
  test("over STARTTLS, signed in", async () => {
    const { mails, port } = await mailServer(pair("localhost"));
    expect(await send({ port, ...login })).toEqual({ ok: true, code: 250, detail: "250 queued as 42" });
    expect(mails).toMatchObject([{ encrypted: true, user: "user", from: "hi@acme.com", to: ["anna@example.com"] }]);
  });

  test("over TLS at once, signed in", async () => {
    const { mails, port } = await mailServer({ secure: true, ...pair("localhost") });
    expect(await send({ port, tls: "implicit", ...login })).toMatchObject({ ok: true, code: 250 });
    expect(mails).toMatchObject([{ encrypted: true, user: "user" }]);
  });

  test("in clear only where the school asked for it", async () => {
    const { mails, port } = await mailServer({ disabledCommands: ["STARTTLS"] });
    expect(await send({ port, tls: "none" })).toMatchObject({ ok: true });
    expect(mails).toMatchObject([{ encrypted: false, user: undefined }]);
  });

  test("carries one stable Message-ID, one-click unsubscribe and all that the capture of a right client has", async () => {
    const { mails, port } = await mailServer(pair("localhost"));
    const given = { ...parcel, content: { ...content, from_name: "Академія", reply_to: "help@acme.com" } };
    await send({ port }, given);
    await send({ port }, given);
    const [one, two] = mails.map((mail) => headersOf(mail.raw));
    expect(one).toMatchObject({
      to: "anna@example.com",
      from: "=?UTF-8?B?0JDQutCw0LTQtdC80ZbRjw==?= <hi@acme.com>",
      "reply-to": "help@acme.com",
      "message-id": "<run_01-s1@acme.com>",
      date: "Fri, 02 Jan 2026 03:04:05 +0000",
      "mime-version": "1.0",
      "list-unsubscribe": "<https://bell.acme.com/unsubscribe?t=abc.def>",
      "list-unsubscribe-post": "List-Unsubscribe=One-Click",
      "content-type": expect.stringContaining("multipart/alternative"),
    });
    expect(one?.subject).toMatch(/^=\?UTF-8\?[BQ]\?[^ ]+\?=$/);
    expect(two?.["message-id"]).toBe(one?.["message-id"]);
  });

  test("names domains of any script as A-labels, to a server that takes ASCII alone", async () => {
    const { said, port } = await plainServer();
    for (const [from, to, own, theirs] of [
      ["hi@bücher.example", "anna@Школа.Example", "xn--bcher-kva.example", "xn--80atdl2c.example"],
      ["hi@xn--bcher-kva.example", "anna@食狮.公司.cn", "xn--bcher-kva.example", "xn--85x722f.xn--55qx5d.cn"],
      ["hi@acme.com", "anna@bu\u0308cher。example", "acme.com", "xn--bcher-kva.example"],
    ] as const) {
      said.length = 0;
      const given = { ...parcel, to: [to], content: { ...content, reply_to: "help@bücher.example" } };
      expect(await send({ port, from, tls: "none" }, given)).toMatchObject({ ok: true });
      const [greeting, sender, recipient, , ...raw] = said;
      expect([greeting, sender, recipient]).toEqual([
        `EHLO ${own}`,
        `MAIL FROM:<hi@${own}>`,
        `RCPT TO:<anna@${theirs}>`,
      ]);
      expect(headersOf(raw.join("\r\n"))).toMatchObject({
        to: `anna@${theirs}`,
        from: expect.stringContaining(`<hi@${own}>`),
        "reply-to": "help@xn--bcher-kva.example",
        "message-id": `<run_01-s1@${own}>`,
      });
    }
  });

  test("keeps lines that begin with a dot", async () => {
    const { mails, port } = await mailServer(pair("localhost"));
    await send({ port }, { ...parcel, content: { ...content, text: "one\n.\n..two\nthree" } });
    expect(mails[0]?.raw).toContain("one\r\n.\r\n..two\r\nthree");
  });

  test("folds a long subject into lines and words of the lengths allowed", async () => {
    const { mails, port } = await mailServer(pair("localhost"));
    await send({ port }, { ...parcel, content: { ...content, subject: "Урок завершено ".repeat(16).trim() } });
    const head = mails[0]?.raw.split("\r\n\r\n")[0] ?? "";
    const words = head.match(/=\?UTF-8\?[BQ]\?[^?]*\?=/g) ?? [];
    expect(words.length).toBeGreaterThan(3);
    for (const word of words) expect(word.length).toBeLessThanOrEqual(75);
  });

  test("says nothing of unsubscribing in transactional mail", async () => {
    const { mails, port } = await mailServer(pair("localhost"));
    await send({ port }, { ...parcel, unsubscribeUrl: null });
    expect(mails[0]?.raw).not.toMatch(/list-unsubscribe/i);
  });
});

describe("TLS is never dropped without a word", () => {
  test("a server without STARTTLS gets neither mail nor password", async () => {
    const heard: string[] = [];
    const port = await mute((socket) => {
      socket.write("220 mail.acme.com\r\n");
      socket.on("data", (data) => {
        heard.push(String(data));
        const said = String(data).startsWith("EHLO")
          ? "250-mail.acme.com\r\n250 AUTH PLAIN\r\n"
          : "502 no such command\r\n";
        socket.write(said);
      });
    });
    expect(await send({ port, ...login })).toMatchObject({ ok: false, code: 502, retry: false });
    expect(heard.join("")).not.toMatch(/AUTH|MAIL|RCPT/);
  });

  test("a server that has no TLS just now is asked again", async () => {
    const port = await mute((socket) => {
      socket.write("220 mail.acme.com\r\n");
      socket.on("data", (data) =>
        socket.write(
          String(data).startsWith("EHLO") ? "250-mail.acme.com\r\n250 STARTTLS\r\n" : "454 TLS not available\r\n",
        ),
      );
    });
    expect(await send({ port, ...login })).toMatchObject({ ok: false, code: 454, retry: true });
  });

  test.each(["other-name", "untrusted"])(
    "a certificate that is %s is refused, by STARTTLS and at once",
    async (name) => {
      const startTls = await mailServer(pair(name));
      const atOnce = await mailServer({ secure: true, ...pair(name) });
      expect(await send({ port: startTls.port, ...login })).toMatchObject({ ok: false });
      expect(await send({ port: atOnce.port, tls: "implicit", ...login })).toMatchObject({ ok: false });
      expect([...startTls.mails, ...atOnce.mails]).toEqual([]);
    },
  );

  test("what a man in the middle slips in before TLS is not believed", async () => {
    const port = await mute((socket) => {
      socket.write("220 mail.acme.com\r\n");
      socket.on("data", (data) =>
        socket.write(
          String(data).startsWith("EHLO")
            ? "250-mail.acme.com\r\n250 STARTTLS\r\n"
            : "220 go on\r\n250 2.0.0 queued\r\n",
        ),
      );
    });
    expect(await send({ port }, parcel, 1_000)).toMatchObject({ ok: false });
  });
});

describe("what a mail server answers", () => {
  const refusing = (responseCode: number) => ({
    ...pair("localhost"),
    onRcptTo: (_address: unknown, _session: unknown, done: (error?: Error) => void) =>
      done(Object.assign(new Error("not now or never"), { responseCode })),
  });

  test("550 is final, 451 is tried again", async () => {
    const never = await mailServer(refusing(550));
    expect(await send({ port: never.port })).toMatchObject({ ok: false, code: 550, retry: false });
    const later = await mailServer(refusing(451));
    expect(await send({ port: later.port })).toMatchObject({ ok: false, code: 451, retry: true });
  });

  test("of whom it does not take it is known that it is whom it goes to, and of a server that is closed that it is not", async () => {
    const full = await mailServer(refusing(452));
    expect(await send({ port: full.port })).toMatchObject({ ok: false, code: 452, ofReceiver: true });
    const closed = await mailServer({
      ...pair("localhost"),
      onMailFrom: (_address, _session, done) => done(Object.assign(new Error("not now"), { responseCode: 451 })),
    });
    const sending = await send({ port: closed.port });
    expect(sending).toMatchObject({ ok: false, code: 451, retry: true });
    expect(sending).not.toHaveProperty("ofReceiver");
  });

  test("where nothing answers it is said who was called and what to look at, by how it was to be encrypted", async () => {
    const { port } = await mailServer();
    await Promise.all(ending.splice(0).map((end) => end()));
    const nobody = `nothing answers at 127.0.0.1, port ${port}; check the server's name and the port`;
    for (const tls of ["none", "starttls"])
      expect(await send({ host: "127.0.0.1", port, tls })).toEqual({ ok: false, retry: true, error: nobody });
    const { port: open } = await mailServer();
    for (const one of [port, open])
      expect(await send({ host: "127.0.0.1", port: one, tls: "implicit" })).toEqual({
        ok: false,
        retry: true,
        error: `no encrypted connection to 127.0.0.1, port ${one}; check the server's name, the port and the encryption`,
      });
  });

  test("what it says of an address or a password is told as that, in its own words", async () => {
    const { port: full } = await mailServer(refusing(552));
    expect(await send({ port: full })).toMatchObject({
      error: "the mail server does not take this address: 552 not now or never",
    });
    const { port } = await mailServer(pair("localhost"));
    expect(await send({ port, user: "user", pass: "wrong" })).toMatchObject({
      error: "the mail server does not take the user name and password: 535 no",
    });
  });

  test("a wrong password is final, and is not shown", async () => {
    const { mails, port } = await mailServer(pair("localhost"));
    const sending = await send({ port, user: "user", pass: "wr0ng-one" });
    expect(sending).toMatchObject({ ok: false, code: 535, retry: false });
    expect(JSON.stringify(sending)).not.toContain("wr0ng-one");
    expect(mails).toEqual([]);
  });

  test("silence, at any point, is given up in time", async () => {
    const late = { ok: false, retry: true, error: "no whole answer within 400 ms" };
    const silent = await mute(() => {});
    expect(await send({ port: silent, tls: "none" }, parcel, 400)).toEqual(late);
    const midway = await mute((socket) => socket.write("220 mail.acme.com\r\n"));
    expect(await send({ port: midway, tls: "none" }, parcel, 400)).toEqual(late);
    const handshake = await mute((socket) => {
      socket.write("220 mail.acme.com\r\n");
      socket.on("data", (data) => {
        if (String(data).startsWith("EHLO")) socket.write("250-mail.acme.com\r\n250 STARTTLS\r\n");
        else if (String(data).startsWith("STARTTLS")) socket.write("220 go on\r\n");
      });
    });
    expect(await send({ port: handshake }, parcel, 400)).toEqual(late);
    const unsecured = await mute(() => {});
    expect(await send({ port: unsecured, tls: "implicit" }, parcel, 400)).toEqual(late);
  });

  test("hanging up, at any point, is a failure at once", async () => {
    const started = performance.now();
    const atOnce = await mute((socket) => socket.destroy());
    // workerd does not tell of a socket that ends before its first byte: the time-out does.
    expect(await send({ port: atOnce, tls: "none" }, parcel, 1_000)).toMatchObject({ ok: false, retry: true });
    const midway = await mute((socket) => {
      socket.write("220 mail.acme.com\r\n");
      socket.on("data", () => socket.destroy());
    });
    expect(await send({ port: midway, tls: "none" })).toMatchObject({ ok: false, retry: true });
    const nobody = await mailServer(pair("localhost"));
    await Promise.all(ending.splice(0).map((end) => end()));
    expect(await send({ port: nobody.port })).toMatchObject({ ok: false, retry: true });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("an endless answer is not read for ever", async () => {
    const port = await mute((socket) => {
      socket.write("220 mail.acme.com\r\n");
      const line = `250-${"x".repeat(1_000)}\r\n`.repeat(64);
      const more = () => {
        while (!socket.destroyed && socket.write(line));
      };
      socket.on("drain", more);
      socket.on("data", more);
    });
    expect(await send({ port, tls: "none" }, parcel, 2_000)).toMatchObject({ ok: false, retry: true });
  });
});

test("a mail server whose name leads into a private network is not called, and one that cannot be looked up later", async () => {
  const attempt = (resolve: Record<string, string[]>) =>
    world.send({ name: "smtp", parcel, settings: { host: "mail.acme.com", port: 25, from: "hi@acme.com" }, resolve });
  expect(await attempt({ "mail.acme.com": ["10.0.0.1"] })).toMatchObject({
    ok: false,
    retry: false,
    error: expect.stringContaining("private"),
  });
  expect(await attempt({})).toMatchObject({ ok: false, retry: true, error: expect.stringContaining("looked up") });
});

test.each(["10.0.0.1", "169.254.169.254", "mail.corp", "schoolbell.acme.com", "127.0.0.2"])(
  "%s is not connected to",
  async (host) => {
    expect(await send({ host, port: 587 })).toMatchObject({
      ok: false,
      retry: false,
      error: expect.stringMatching(/called|ours/),
    });
  },
);
