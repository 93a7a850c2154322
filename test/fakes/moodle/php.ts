/* How PHP reads a form, and how Moodle says no. */

export type Form = string | { [name: string]: Form };

/** `members[0][userid]=5` as PHP nests it. */
export function nested(pairs: Iterable<[string, string]>): { [name: string]: Form } {
  const all: { [name: string]: Form } = {};
  for (const [key, value] of pairs) {
    const names = [key.replace(/\[.*$/s, ""), ...[...key.matchAll(/\[([^\]]*)\]/g)].map(([, name]) => name ?? "")];
    const last = names.pop() ?? "";
    let at = all;
    for (const name of names) {
      const known = at[name];
      const next = typeof known === "object" ? known : {};
      at[name] = next;
      at = next;
    }
    at[last] = value;
  }
  return all;
}

/** An exception of Moodle's, as it is thrown. */
export class MoodleException extends Error {
  constructor(
    readonly exception: string,
    readonly errorcode: string | undefined,
    message: string,
  ) {
    super(message);
  }
}

export const moodleException = (errorcode: string, message = errorcode) =>
  new MoodleException("core\\exception\\moodle_exception", errorcode, message);
export const invalidParameter = () =>
  new MoodleException(
    "core\\exception\\invalid_parameter_exception",
    "invalidparameter",
    "Invalid parameter value detected",
  );
export const missingRecord = (table: string, errorcode = "invalidrecord") =>
  new MoodleException("dml_missing_record_exception", errorcode, `Can't find data record in database table ${table}.`);
export const noAccess = () =>
  new MoodleException("webservice_access_exception", "accessexception", "Access control exception");
