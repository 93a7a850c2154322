/** A refusal (RFC 9457): https://schoolbell.dev/problems tells what each kind means. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Each fault, with a JSON pointer into what was sent. */
  errors?: { path: string; message: string }[];
}
