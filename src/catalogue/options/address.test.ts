import { describe, expect, test } from "vitest";
import { checkHeader, checkUrl, headersVariableFault, normalUrl, openedFault, variableFault } from "./address";

const rules = (mode: "live" | "test") => ({ mode, ownHosts: ["schoolbell.acme.com"] });

describe("checkUrl", () => {
  test.each([
    "https://127.0.0.1",
    "https://0x7f.1",
    "https://2130706433/",
    "https://127.1",
    "https://①②⑦.0.0.1/",
    "https://192.168.0.1/in",
    "https://8.8.8.8/",
    "https://[::1]/",
    "https://[::ffff:7f00:1]",
    "https://[2606:4700::1111]/",
    "https://169.254.169.254/",
    "https://localhost",
    "https://localhost.",
    "https://LOCALHOST/",
    "https://intranet/",
    "https://printer.local/",
    "https://db.corp/",
    "https://nas.lan/",
    "https://router.home.arpa/",
    "https://x.onion/",
    "https://metadata.google.internal",
    "https://127.0.0.1.nip.io",
    "https://a.sslip.io",
    "https://app.localtest.me/",
    "https://schoolbell.acme.com/v1/events",
    "https://SchoolBell.acme.com./v1/events",
    "https://a..b.com/",
    "https://u:p@x.com",
    "https://u@x.com",
    "https://x.com:25",
    "https://x.com:8443/",
    "https://x.com/#top",
    "https://x.com/#",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "ftp://x.com/",
    "//x.com/",
    "x.com",
    "",
    `https://x.com/${"a".repeat(2_048)}`,
  ])("refuses %s in live and test schools alike", (url) => {
    expect(checkUrl(url, rules("live"))).toEqual(expect.any(String));
    expect(checkUrl(url, rules("test"))).toEqual(expect.any(String));
  });

  test.each(["https://hooks.example.com/in", "https://x.com:443/", "https:evil.com", "https://bücher.de/?a=1"])(
    "takes %s in live and test schools alike",
    (url) => {
      expect(checkUrl(url, rules("live"))).toBeNull();
      expect(checkUrl(url, rules("test"))).toBeNull();
    },
  );

  test.each(["http://example.com", "https://lms.test/in", "https://hooks.school.example/"])(
    "takes %s in a test school alone, which calls nobody",
    (url) => {
      expect(checkUrl(url, rules("live"))).toEqual(expect.any(String));
      expect(checkUrl(url, rules("test"))).toBeNull();
    },
  );

  describe("on a developer's machine", () => {
    const local = (mode: "live" | "test") => ({ mode, ownHosts: ["localhost"], loopback: { ownPort: "8787" } });

    test.each([
      "http://127.0.0.1:9000/in",
      "http://localhost:3000/",
      "https://localhost/in",
      "http://0x7f.1:81/",
      "http://[::1]:9000/in",
    ])("takes %s, which is its own", (url) => {
      expect(checkUrl(url, local("live"))).toBeNull();
      expect(checkUrl(url, rules("live"))).toEqual(expect.any(String));
      expect(checkUrl(url, rules("test"))).toEqual(expect.any(String));
    });

    test.each([
      "http://localhost:8787/v1/events",
      "http://127.0.0.1:8787/hooks",
      "ftp://127.0.0.1/",
      "http://u:p@127.0.0.1:9000/",
      "http://127.0.0.2:9000/",
      "http://0.0.0.0:9000/",
      "http://[::ffff:127.0.0.1]:9000/",
      "http://10.0.0.1:9000/",
      "http://192.168.0.1/",
      "http://169.254.169.254/",
      "http://localhost.acme.com:9000/",
      "https://x.com:8443/",
      "http://nas.lan/",
      "http://x.com/",
    ])("refuses %s: ourselves, and whoever else is near", (url) => {
      expect(checkUrl(url, local("live"))).toEqual(expect.any(String));
    });
  });

  test("all that is wrong with an address is told at once", () => {
    expect(checkUrl("ftp://u:p@10.0.0.1:8443/#top", rules("live"))?.split("; ")).toEqual([
      "an address carries no user name or password",
      "an address carries no fragment",
      "an address begins with https://",
      "an address names no port: only the usual one is called",
      "an IP address cannot be called: give a host name",
    ]);
    const own = { ...rules("live"), loopback: { ownPort: "8787" } };
    expect(checkUrl("ftp://u:p@localhost/#top", own)?.split("; ")).toHaveLength(3);
  });

  test("an address is kept in its normal form", () => {
    expect(normalUrl("https:evil.com")).toBe("https://evil.com/");
    expect(normalUrl("HTTPS://Bücher.de:443/ä")).toBe("https://xn--bcher-kva.de/%C3%A4");
    expect(normalUrl("no address")).toBeNull();
  });
});

describe("checkHeader", () => {
  test.each([
    ["Host", "x.com"],
    ["Content-Length", "3"],
    ["Transfer-Encoding", "chunked"],
    ["webhook-signature", "v1,x"],
    ["Webhook-Id", "x"],
    ["Cookie", "a=b"],
    ["X-A", "b\r\nC: d"],
    ["X-A", "b\0"],
    ["X-A", "ж"],
    ["X A", "b"],
    ["", "b"],
    ["X-A:", "b"],
  ])("refuses %j: %j", (name, value) => {
    expect(checkHeader(name, value)).toEqual(expect.any(String));
  });

  test("takes a value of 2,048 characters, and says of a longer one that it is too long", () => {
    expect(checkHeader("X-A", "é".repeat(2_048))).toBeNull();
    expect(checkHeader("X-A", "é".repeat(2_049))).toBe("a header value has at most 2048 characters");
  });

  test.each([
    ["x-plan", "gold"],
    ["Authorization", "Bearer abc"],
    ["Content-Type", "application/cloudevents+json"],
    ["X-Empty", ""],
  ])("takes %j: %j", (name, value) => {
    expect(checkHeader(name, value)).toBeNull();
  });
});

describe("a variable is told in an address that is no template", () => {
  const written = ["{{ user.id }}", "{{user.id}}", "{% if user.email %}x{% endif %}", "{%- assign a = 1 -%}"];
  test.each(
    written.flatMap((variable) => [
      `https://{{ school.host }}/in`,
      `https://x.com/in/${variable}`,
      `https://x.com/in?a=${variable}&b`,
      `https://x.com/in?a=${encodeURIComponent(variable)}`,
    ]),
  )("%s", (text) => {
    expect(variableFault(text)).not.toBeNull();
    expect(variableFault(normalUrl(text) ?? text)).not.toBeNull();
    expect(headersVariableFault({ "x-a": "a", "x-b": text })).not.toBeNull();
  });

  test.each([
    "https://x.com/in",
    "https://x.com/{id}?f={%22a%22:{}}",
    "https://x.com/?f=%7B%22a%22%3A%7B%7D%7D",
    "https://x.com/?percent=%25%7Ba%7D",
  ])("and nowhere else: %s", (text) => {
    expect([variableFault(text), variableFault(normalUrl(text) ?? text)]).toEqual([null, null]);
  });
});

describe("an address that is only opened", () => {
  test.each([
    "app://lesson/1",
    "acme-school:lesson/1",
    "https://x.com/a#top",
    "http://10.0.0.7:8080/",
    "mailto:hi@x.com",
  ])("may lead into an app or anywhere: %s", (text) => {
    expect(openedFault(text)).toBeNull();
  });

  test.each([
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "file:///etc/passwd",
    "blob:https://x.com/1",
    "filesystem:https://x.com/1",
    "/lesson/1",
    "lesson",
    "app://lesson/{{ course.id }}",
  ])("runs nothing, reads nothing of the device, and is whole: %j", (text) => {
    expect(openedFault(text)).not.toBeNull();
  });
});
