/** `settings.mail`, as `mailSettings` lets it through: how a school's mail looks, and when it goes. */
export interface MailSettings {
  from?: string | undefined;
  from_name?: string | undefined;
  reply_to?: string | undefined;
  /** The address of an image. */
  logo?: string | undefined;
  /** Whether the school's signature stands under what is written. */
  signature?: boolean | undefined;
  /** Plain text. */
  footer?: string | undefined;
  /** Times of day, in the learner's zone. */
  quiet_hours?: { from: string; to: string } | undefined;
  /** `per`: an ISO 8601 duration. */
  at_most?: { count: number; per: string } | undefined;
  /** Whether it is noted who opens mails and follows their links, as far as vendors tell. */
  track?: boolean | undefined;
  /** Kinds of mail that learners may do without. */
  topics?: { id: string; name: string }[] | undefined;
}

/** Links for a learner that open without a sign-in. */
export interface MailLinks {
  /** One that ends marketing. */
  unsubscribe(user: string): string;
  /** To the learner's page. @param madeAt the school's clock, ms: it is good for some time from then */
  preferences(user: string, madeAt: number): string;
}
