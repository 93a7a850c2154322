import { beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, newSchool } from "../http/test-client";

const app = createApp(routes);

let key: string;
const api = async (method: string, path: string, body?: unknown) =>
  (await call(app, method, path, body, { token: key })).body;
/** Takes a file in, and answers with its job. */
const imported = async (what: string, text: string) => {
  const options = { token: key, headers: { "content-type": "text/csv" } };
  const { status, body } = await call(app, "POST", `/v1/${what}/import`, text, options);
  return status === 202 ? api("GET", `/v1/jobs/${body.job_id}`) : body;
};
const members = async () =>
  (await api("GET", "/v1/segments/hand/members")).data.map(({ id }: { id: string }) => id).sort();

beforeEach(async () => {
  ({ key } = await newSchool(app));
  await api("POST", "/v1/segments", { id: "hand", name: "Hand" });
  await api("POST", "/v1/segments", { id: "rules", name: "Rules", managed: true });
  await api("PUT", "/v1/users/1", { email: "anna@acme.com", username: "Anna" });
  await api("PUT", "/v1/users/2", { email: "ben@acme.com", username: "Ben" });
  await api("PUT", "/v1/users/3", { username: "Ben" });
});

describe("members of segments in a file", () => {
  test("may be named by address, whatever its case; who is not there is reported by the line", async () => {
    const text = "email;segment\nANNA@acme.com;hand\nnobody@acme.com;hand\nno address;hand\nben@acme.com;rules\n";
    const { status, errors } = await imported("segments/members", text);
    expect([status, errors]).toEqual([
      "done",
      [
        { line: 3, message: "email: no user has this address" },
        { line: 4, message: "email: not an email address" },
        { line: 5, message: expect.stringContaining("managed") },
      ],
    ]);
    expect(await members()).toEqual(["1"]);
  });

  test("may be named by username where one alone has it, and by whatever a line has", async () => {
    const text = "user,email,username,segment,action\n,,Anna,hand,\n,,Ben,hand,add\n2,,,hand,add\n,,,hand,add\n";
    expect((await imported("segments/members", text)).errors).toEqual([
      { line: 3, message: "username: several users are called this" },
      { line: 5, message: "nobody is named" },
    ]);
    expect(await members()).toEqual(["1", "2"]);
    await imported("segments/members", "username,segment,action\nAnna,hand,remove\n");
    expect(await members()).toEqual(["2"]);
  });

  test("are found by a name whose accents are written in the other way", async () => {
    await api("PUT", "/v1/users/4", { username: "Jose\u0301" });
    await api("PUT", "/v1/users/5", { username: "Ren\u00e9" });
    const { errors } = await imported("segments/members", "username,segment\nJos\u00e9,hand\nRene\u0301,hand\n");
    expect([errors, await members()]).toEqual([[], ["4", "5"]]);
  });

  test("are named by some column", async () => {
    const { errors } = await imported("segments/members", "segment\nhand\n");
    expect(errors).toEqual([{ path: "/1", message: "there has to be one of the columns user, email, username" }]);
  });
});

test("a segment without an id in its file is made", async () => {
  expect((await imported("segments", "name\nParents\nTeachers\n")).errors).toEqual([]);
  expect((await imported("segments", "id,name\nhand,By hand\n,More\n")).errors).toEqual([]);
  const made = (await api("GET", "/v1/segments")).data.map(({ id, name }: { id: string; name: string }) => [id, name]);
  // Those made at once stand in the order of their ids.
  expect(made.map(([, name]: string[]) => name).sort()).toEqual(["By hand", "More", "Parents", "Rules", "Teachers"]);
  expect(made.find(([, name]: string[]) => name === "More")[0]).toMatch(/^seg_/);
});

test("the names of segments are one line, however they were written, and never nothing to see", async () => {
  const { errors } = await imported("segments", 'id,name\na,"Two\nlines"\nb,   \nc,\u200b\nd, padded \n');
  const message = "name: 1 to 255 characters, and something of it is seen";
  expect(errors).toEqual([
    { line: 4, message },
    { line: 5, message },
  ]);
  expect((await api("POST", "/v1/segments", { id: "e", name: " Out of\r\na mail\t" })).name).toBe("Out of a mail");
  expect((await api("POST", "/v1/segments", { id: "f", name: "\u200b" })).errors[0].path).toBe("/name");
  const names = (await api("GET", "/v1/segments")).data.map(({ id, name }: { id: string; name: string }) => [id, name]);
  expect(Object.fromEntries(names)).toMatchObject({ a: "Two lines", d: "padded" });
});
