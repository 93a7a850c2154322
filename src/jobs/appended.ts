import { MAX_FAULTS, MAX_FOUND } from "./store";

/** In SQL, values of a job, of which `value` are those behind the ones it has, as many as a row takes. */
export const appended = (list: string, value: string): string =>
  `(select json_group_array(iif(type = 'object', json(value), value)) from (select type, value from json_each(${list})
    union all select type, value from json_each(${value}) limit ${Math.max(MAX_FAULTS, MAX_FOUND)}))`;
