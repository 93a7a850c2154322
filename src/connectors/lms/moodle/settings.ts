import * as z from "zod";
import { secret, urlOption } from "../../options";

const SERVER = "/webservice/rest/server.php";

export const settings = z.strictObject({
  url: urlOption.meta({
    title: "Address",
    description: "Where Moodle's front page is: https://moodle.your-school.com.",
  }),
  token: secret(),
  student_role: z.number().int().min(1).default(5).meta({
    title: "Student role",
    description: "The number of the role that students have: 5 in a Moodle as installed.",
  }),
  ids: z
    .enum(["id", "idnumber", "username"])
    .default("id")
    .meta({
      title: "User ids",
      description: "By what of their Moodle account a learner is known: our id is the same.",
      choices: { id: "The account's number", idnumber: "The ID number", username: "The username" },
    }),
});
export type Settings = z.output<typeof settings>;

/** The front page of a Moodle, without a slash at its end. The address of its web service is taken for it too. */
export function siteOf(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(SERVER, "").replace(/\/+$/, "");
}

/** Where its web service answers. */
export const serverOf = (address: string): string => siteOf(address) + SERVER;
