/* Made of the catalogue and the OpenAPI document; never edited. */

/** ISO 8601: "P2D", "PT1H". */
export type Duration = `P${string}` | `-P${string}`;

/** What events carry, by their type. */
export interface EventData {
  /** The user was given one or several tags. One fact for each tag not held before. */
  "tag.added": {
    tag: string | string[];
    [name: string]: unknown;
  };
  /** One or several tags were taken from the user. One fact for each tag that was held. */
  "tag.removed": {
    tag: string | string[];
    [name: string]: unknown;
  };
  /** The user signed in; counts as a visit of the school, or of the app. */
  "user.signed_in": {
    channel?: "web" | "app";
    [name: string]: unknown;
  };
  /** The user registered. Makes a fact once for each user, whether or not the user was known before. */
  "user.signed_up": {
    auth_method?: "password" | "sso" | "api";
    [name: string]: unknown;
  };
  /** The school let the user in. */
  "signup.approved": Record<string, unknown>;
  /** The school did not let the user in. */
  "signup.rejected": {
    reason?: string;
    [name: string]: unknown;
  };
  /** Attributes of the user changed; the new ones stand in `user`. */
  "user.updated": Record<string, unknown>;
  /** The user was enrolled in a bundle, and with it in each of its courses. */
  "bundle.enrolled": {
    bundle: string;
    role?: string;
    expires_at?: string;
    paid?: boolean;
    private?: boolean;
    courses?: string[];
    [name: string]: unknown;
  };
  /** The user left the bundle, or lost it. Withdraws every source of the enrolment. */
  "bundle.unenrolled": {
    bundle: string;
    reason?: "expired" | "ended" | "admin" | "self" | "refund";
    [name: string]: unknown;
  };
  /** The user was enrolled in a course. */
  "course.enrolled": {
    course: string;
    role?: string;
    expires_at?: string;
    paid?: boolean;
    private?: boolean;
    [name: string]: unknown;
  };
  /** The user left the course, or lost it. Withdraws every source of the enrolment. */
  "course.unenrolled": {
    course: string;
    reason?: "expired" | "ended" | "admin" | "self" | "refund";
    [name: string]: unknown;
  };
  /** The user subscribed, and is enrolled in each of the courses that the subscription holds. */
  "subscription.enrolled": {
    subscription: string;
    role?: string;
    expires_at?: string;
    paid?: boolean;
    private?: boolean;
    [name: string]: unknown;
  };
  /** The user left the subscription, or lost it. Withdraws every source of the enrolment. */
  "subscription.unenrolled": {
    subscription: string;
    reason?: "expired" | "ended" | "admin" | "self" | "refund";
    [name: string]: unknown;
  };
  /** The user's enrolment in a course is no longer suspended. */
  "course.resumed": {
    course: string;
    [name: string]: unknown;
  };
  /** The user's enrolment in a course was suspended: it stays, and counts as none. */
  "course.suspended": {
    course: string;
    [name: string]: unknown;
  };
  /** The user completed an activity of a course. */
  "activity.completed": {
    course: string;
    activity: string;
    kind?: string;
    [name: string]: unknown;
  };
  /** The user begins an activity anew. */
  "activity.progress_reset": {
    course: string;
    activity: string;
    [name: string]: unknown;
  };
  /** The user got a certificate. The same one again is news only when it brings another end. */
  "certificate.awarded": {
    course?: string;
    certificate?: string;
    expires_at?: string;
    [name: string]: unknown;
  };
  /** The user completed a course; its progress is 100 then. */
  "course.completed": {
    course: string;
    score?: number;
    [name: string]: unknown;
  };
  /** The user looked at the preview of a paid course. */
  "course.previewed": {
    course: string;
    [name: string]: unknown;
  };
  /** The user begins the course anew: started, progress and completed can come again. */
  "course.progress_reset": {
    course: string;
    [name: string]: unknown;
  };
  /** How far the user is in a course. Progress never falls; 100 does not imply completed. */
  "course.progressed": {
    course: string;
    percent: number;
    [name: string]: unknown;
  };
  /** The user used a coupon. */
  "coupon.used": {
    coupon: string;
    kind?: "coupon" | "plan_promotion" | "bulk";
    product?: string;
    [name: string]: unknown;
  };
  /** The last installment was paid. */
  "installment.completed": {
    product: string;
    [name: string]: unknown;
  };
  /** The user paid for a product. A coupon in it also makes coupon.used; a payment id seen before makes nothing. */
  "payment.made": {
    product_type: "course" | "bundle" | "subscription";
    product: string;
    amount: number;
    currency?: string;
    payment?: string;
    coupon?: string;
    [name: string]: unknown;
  };
  /** Recurring payments end; the end of a trial is announced no more. */
  "recurring.canceled": {
    kind: "subscription" | "installment";
    product: string;
    amount?: number;
    currency?: string;
    [name: string]: unknown;
  };
  /** A recurring payment came in. */
  "recurring.paid": {
    kind: "subscription" | "installment";
    product: string;
    amount?: number;
    currency?: string;
    [name: string]: unknown;
  };
  /** A subscription changed: to be canceled, renewed, another plan, reactivated. */
  "subscription.updated": {
    subscription: string;
    change: "planned_cancellation" | "renewed" | "plan_changed" | "reactivated" | "updated";
    [name: string]: unknown;
  };
  /** A trial began. Some days before its end a fact follows by itself, unless it is canceled. */
  "trial.started": {
    subscription: string;
    ends_at: string;
    [name: string]: unknown;
  };
  /** A payment was given back, all that is left of it or an amount. One that is not known makes a fact too. */
  "payment.refunded": {
    payment: string;
    amount?: number;
    product?: string;
    whole_order?: boolean;
    [name: string]: unknown;
  };
  /** A teacher reviewed the user's assessment. */
  "assessment.reviewed": {
    course?: string;
    assessment: string;
    score?: number;
    passed?: boolean;
    [name: string]: unknown;
  };
  /** The user handed an assessment in. */
  "assessment.submitted": {
    course?: string;
    assessment: string;
    score?: number;
    passed?: boolean;
    [name: string]: unknown;
  };
  /** A teacher reviewed the user's certificate exam. */
  "exam.reviewed": {
    course?: string;
    exam: string;
    score?: number;
    passed: boolean;
    [name: string]: unknown;
  };
  /** The user handed a certificate exam in. */
  "exam.submitted": {
    course?: string;
    exam: string;
    score?: number;
    passed?: boolean;
    [name: string]: unknown;
  };
  /** A form was filled in. The one event whose user may be an email alone: a lead, merged into the user who later signs up with that email. */
  "form.submitted": {
    form: string;
    kind?: "marketing" | "course" | "qualification";
    answers?: Record<string, unknown>;
    [name: string]: unknown;
  };
  /** The user said how likely a recommendation is, from 0 to 10. */
  "nps.submitted": {
    score: number;
    comment?: string;
    [name: string]: unknown;
  };
  /** The user was added to a user group. */
  "group.joined": {
    group: string;
    [name: string]: unknown;
  };
  /** The user was removed from a user group; a membership that a sync holds stays. */
  "group.left": {
    group: string;
    [name: string]: unknown;
  };
  /** The user was given a seat, and is enrolled in each of the courses that it holds. */
  "seat.added": {
    seat: string;
    [name: string]: unknown;
  };
  /** The user's seat was taken away. */
  "seat.removed": {
    seat: string;
    [name: string]: unknown;
  };
  /** The user came to a course; the first time the course is started. Also a visit of the school. */
  "course.visited": {
    course: string;
    channel?: "web" | "app";
    [name: string]: unknown;
  };
  /** The user came to the school. Activity only: nothing starts from it, but exits and waits may name it. */
  "school.visited": {
    channel?: "web" | "app";
    [name: string]: unknown;
  };
  /** Anything else the LMS wants to tell. A user token sends only the names that the school allows. */
  [custom: `custom.${string}`]: Record<string, unknown>;
}

export type EventType = keyof EventData;

/** Events that a learner's page may send. */
export type PageEventType = "user.signed_in" | "course.previewed" | "form.submitted" | "nps.submitted" | "course.visited" | "school.visited" | `custom.${string}`;

/** An event of one type, as `POST /v1/events` takes it. */
export type Event = {
  [Type in EventType]: Omit<EventEnvelope, "type" | "data"> & { type: Type } & (Record<string, never> extends EventData[Type]
        ? { data?: EventData[Type] }
        : { data: EventData[Type] });
}[EventType];

/** What all events have. */
export type EventEnvelope = {
  id?: string;
  type: string;
  user?: {
    email?: string | null;
    username?: string | null;
    registered_at?: string | null;
    source?: string | null;
    fields?: Record<string, string | number | boolean | string[] | null> | null;
    timezone?: string | null;
    locale?: string | null;
    marketing_consent?: boolean | null;
    cookies_accepted?: boolean | null;
    push_tokens?: string[] | null;
    id?: string | null;
  };
  data?: Record<string, unknown>;
  occurred_at?: string;
  /** True: it starts automations though it happened more than a day before they were made active. */
  fire?: boolean;
};

/** What an event is answered. */
export type EventAnswer = {
  id: string;
  duplicate: boolean;
  facts: {
    type: string;
    data: Record<string, unknown>;
  }[];
  runs: ({
    id: string;
    automation_id: string;
    synchronous: boolean;
    status: string;
    receipts?: ({
      step_id: string;
      change: string;
      change_id: string;
      status: "done" | "late" | "failed" | "unsupported" | "captured";
      delivery_id: string;
    })[];
  })[];
  user: {
    id: string;
    [name: string]: unknown;
  } | null;
};

/** What starts an automation. */
export type Trigger =
  /** All of the tags are held: it fires when the last of them is added, however long ago the others were, and again only after one of them was removed and added again. Or any of them is added. */
  | {
    type: "tag.added";
    tags: string[];
    match?: "all" | "any";
  }
  /** None of the tags is held any more, each having been held at some time: it fires when the last of them is removed. Or any of them is removed. */
  | {
    type: "tag.removed";
    tags: string[];
    match?: "all" | "any";
  }
  /** The user signed in. */
  | {
    type: "user.signed_in";
  }
  /** The user registered. */
  | {
    type: "user.signed_up";
  }
  /** The school approved the user's request to sign up. */
  | {
    type: "signup.approved";
  }
  /** The school rejected the user's request to sign up. */
  | {
    type: "signup.rejected";
  }
  /** An attribute or a profile field of the user changed: any, or one of these. */
  | {
    type: "user.updated";
    fields?: string[];
  }
  /** The user's enrolment in any course, or in one of these, is no longer suspended. */
  | {
    type: "course.resumed";
    courses?: string[];
  }
  /** The user's enrolment in any course, or in one of these, is suspended. */
  | {
    type: "course.suspended";
    courses?: string[];
  }
  /** The user is enrolled in any bundle, or in one of these. */
  | {
    type: "bundle.enrolled";
    bundles?: string[];
  }
  /** The user's enrolment in any bundle, or in one of these, ends; for any reason or one of these. */
  | {
    type: "bundle.unenrolled";
    bundles?: string[];
    reasons?: ("expired" | "ended" | "admin" | "self" | "refund")[];
  }
  /** The user is enrolled in any course, or in one of these. */
  | {
    type: "course.enrolled";
    courses?: string[];
  }
  /** The user's enrolment in any course, or in one of these, ends; for any reason or one of these. */
  | {
    type: "course.unenrolled";
    courses?: string[];
    reasons?: ("expired" | "ended" | "admin" | "self" | "refund")[];
  }
  /** The user is enrolled in any subscription, or in one of these. */
  | {
    type: "subscription.enrolled";
    subscriptions?: string[];
  }
  /** The user's enrolment in any subscription, or in one of these, ends; for any reason or one of these. */
  | {
    type: "subscription.unenrolled";
    subscriptions?: string[];
    reasons?: ("expired" | "ended" | "admin" | "self" | "refund")[];
  }
  /** The user completes an activity: any, one of these, or one of these courses. */
  | {
    type: "activity.completed";
    activities?: string[];
    courses?: string[];
  }
  /** The user gets a certificate: any, one of these courses, or one of these. */
  | {
    type: "certificate.awarded";
    courses?: string[];
    certificates?: string[];
  }
  /** The user completes a course. */
  | {
    type: "course.completed";
    courses?: string[];
  }
  /** The user looks at the preview of a paid course. */
  | {
    type: "course.previewed";
    courses?: string[];
  }
  /** The user visits a course for the first time. */
  | {
    type: "course.started";
    courses?: string[];
  }
  /** The progress in a course crosses this percentage upwards, also when it jumps past it. */
  | {
    type: "course.progress_reached";
    percent: number;
    courses?: string[];
  }
  /** The user uses a coupon: any, one of these codes, or one of these kinds. */
  | {
    type: "coupon.used";
    coupons?: string[];
    kinds?: ("coupon" | "plan_promotion" | "bulk")[];
  }
  /** The user pays the last installment. */
  | {
    type: "installment.completed";
    products?: string[];
  }
  /** The user pays: for anything, for one of these, or for one of these kinds of product. */
  | {
    type: "payment.made";
    products?: string[];
    product_types?: ("course" | "bundle" | "subscription")[];
  }
  /** Recurring payments end. */
  | {
    type: "recurring.canceled";
    kinds?: ("subscription" | "installment")[];
    products?: string[];
  }
  /** A recurring payment comes in. */
  | {
    type: "recurring.paid";
    kinds?: ("subscription" | "installment")[];
    products?: string[];
  }
  /** A subscription changes, in any way or in one of these. */
  | {
    type: "subscription.updated";
    subscriptions?: string[];
    changes?: ("planned_cancellation" | "renewed" | "plan_changed" | "reactivated" | "updated")[];
  }
  /** So many calendar days before a trial ends, unless it was canceled. */
  | {
    type: "trial.ending";
    subscriptions?: string[];
    days?: number;
  }
  /** The user begins a trial. */
  | {
    type: "trial.started";
    subscriptions?: string[];
  }
  /** A payment is given back, whole or in part: any, for one of these products, or for one of these kinds. */
  | {
    type: "payment.refunded";
    products?: string[];
    product_types?: ("course" | "bundle" | "subscription")[];
  }
  /** A teacher reviews the user's assessment. */
  | {
    type: "assessment.reviewed";
    assessments?: string[];
  }
  /** The user hands an assessment in. */
  | {
    type: "assessment.submitted";
    assessments?: string[];
  }
  /** A teacher reviews the user's certificate exam. */
  | {
    type: "exam.reviewed";
    exams?: string[];
  }
  /** The user hands a certificate exam in. */
  | {
    type: "exam.submitted";
    exams?: string[];
  }
  /** The user, or someone known by an email alone, fills a form in. */
  | {
    type: "form.submitted";
    forms?: string[];
  }
  /** The user answers an NPS form with a score within bounds. */
  | {
    type: "nps.submitted";
    min_score?: number;
    max_score?: number;
  }
  /** The user joins a user group: any, or one of these. */
  | {
    type: "group.joined";
    groups?: string[];
  }
  /** The user leaves a user group: any, or one of these. */
  | {
    type: "group.left";
    groups?: string[];
  }
  /** The user is given a seat: any, or one of these. */
  | {
    type: "seat.added";
    seats?: string[];
  }
  /** The user's seat is taken away: any, or one of these. */
  | {
    type: "seat.removed";
    seats?: string[];
  }
  /** Fires once for each stretch of inactivity, when it reaches so many days. Users past it already when the automation is made active are left alone unless asked for. Each course counts for itself, for users enrolled and not completed. */
  | {
    type: "inactivity.app_course";
    days: number;
    courses?: string[];
    include_already_inactive?: boolean;
  }
  /** Fires once for each stretch of inactivity, when it reaches so many days. Users past it already when the automation is made active are left alone unless asked for. */
  | {
    type: "inactivity.app";
    days: number;
    include_already_inactive?: boolean;
  }
  /** Fires once for each stretch of inactivity, when it reaches so many days. Users past it already when the automation is made active are left alone unless asked for. Each course counts for itself, for users enrolled and not completed. */
  | {
    type: "inactivity.course";
    days: number;
    courses?: string[];
    include_already_inactive?: boolean;
  }
  /** Fires once for each stretch of inactivity, when it reaches so many days. Users past it already when the automation is made active are left alone unless asked for. */
  | {
    type: "inactivity.school";
    days: number;
    include_already_inactive?: boolean;
  }
  /** The user becomes a member of a segment: any, or one of these. */
  | {
    type: "segment.joined";
    segments?: string[];
  }
  /** The user ceases to be a member of a segment: any, or one of these. */
  | {
    type: "segment.left";
    segments?: string[];
  }
  /** An event of the school's own, by its name, with data that compares as asked. */
  | {
    type: "custom";
    name: string;
    where?: ({
      path: string;
      op: "is" | "is_not" | "contains" | "not_contains" | "starts_with" | "ends_with" | "matches" | "is_empty" | "is_not_empty" | "gt" | "gte" | "lt" | "lte" | "in" | "before" | "after";
      value?: unknown;
    })[];
  }
  /** Fires when a date in a field of the user, of a course that the user is in, or the end of a certificate comes; shifted, or every year, if asked. What is past when the automation is made active is left alone; a date that changes comes anew. */
  | {
    type: "date.reached";
    field?: string;
    of?: "course.starts_at" | "course.ends_at" | "course.due_at" | "certificate.expires_at";
    courses?: string[];
    offset?: Duration;
    at?: string;
    every?: "year";
  };

/** What `exit_when` and `wait_for` may name beside triggers. */
export type Listener =
  /** The user comes to a course; only exits and waits may name it. */
  | {
    type: "course.visited";
    courses?: string[];
    channel?: "web" | "app";
  }
  /** The user comes to the school; only exits and waits may name it. */
  | {
    type: "school.visited";
    channel?: "web" | "app";
  };

/** One thing that holds or does not. */
export type ConditionCard =
  /** The user holds at least one of these tags. */
  | {
    type: "tags.has_any";
    tags: string[];
  }
  /** The user holds none of these tags. */
  | {
    type: "tags.has_none";
    tags: string[];
  }
  /** The user holds all of these tags. */
  | {
    type: "tags.has";
    tags: string[];
  }
  /** The user accepted cookies. */
  | {
    type: "user.accepted_cookies";
  }
  /** The user agreed to marketing; not to have been asked is no consent. */
  | {
    type: "user.accepts_marketing";
  }
  /** The domain of the user's email is exactly one of these; `*.acme.com` means acme.com and all its subdomains. */
  | {
    type: "user.email_domain_is";
    domains: string[];
  }
  /** The user's email is this one, or is found by this RE2 pattern; upper and lower case are alike. */
  | {
    type: "user.email_is";
    email: string;
    regex?: boolean;
  }
  /** A field of the user compares with a value; one that is a list, by what it has. */
  | {
    type: "user.field_is";
    field: string;
    op?: "is" | "is_not" | "contains" | "not_contains" | "starts_with" | "ends_with" | "matches" | "is_empty" | "is_not_empty" | "gt" | "gte" | "lt" | "lte" | "in" | "before" | "after";
    value?: unknown;
  }
  /** No payment was made, and the user is in no paid or private product. */
  | {
    type: "user.is_not_paying";
  }
  /** A payment was made, or the user is enrolled in a paid or private product. */
  | {
    type: "user.is_paying";
  }
  /** The user registered after that day has ended in the school's zone. */
  | {
    type: "user.registered_after";
    date: string;
  }
  /** The user registered before that day begins in the school's zone. */
  | {
    type: "user.registered_before";
    date: string;
  }
  /** The user came from one of these sources. */
  | {
    type: "user.source_is";
    sources: string[];
  }
  /** The user has none of these subscriptions. */
  | {
    type: "subscription.does_not_own";
    subscriptions: string[];
  }
  /** The user is enrolled in any of these bundles. */
  | {
    type: "bundle.is_enrolled";
    bundles: string[];
  }
  /** The user is enrolled in any of these courses. */
  | {
    type: "course.is_enrolled";
    courses: string[];
  }
  /** The user is enrolled in none of these bundles. */
  | {
    type: "bundle.is_not_enrolled";
    bundles: string[];
  }
  /** The user is enrolled in none of these courses. */
  | {
    type: "course.is_not_enrolled";
    courses: string[];
  }
  /** The user has any of these subscriptions. */
  | {
    type: "subscription.owns";
    subscriptions: string[];
  }
  /** The user has completed so many activities: of these courses, of these activities, or of all. */
  | {
    type: "activity.completed";
    courses?: string[];
    activities?: string[];
    at_least?: number;
  }
  /** The user holds a certificate: any, of one of these courses, or one of these. */
  | {
    type: "certificate.has";
    courses?: string[];
    certificates?: string[];
  }
  /** The user has completed any of these courses. */
  | {
    type: "course.has_completed";
    courses: string[];
  }
  /** The user's progress in any of these courses lies within bounds. */
  | {
    type: "course.progress_is";
    courses: string[];
    at_least?: number;
    below?: number;
  }
  /** The latest result of any of these assessments is a fail. */
  | {
    type: "assessment.has_failed";
    assessments: string[];
  }
  /** The latest result of any of these assessments is a pass. */
  | {
    type: "assessment.has_passed";
    assessments: string[];
  }
  /** The user handed any of these assessments in. */
  | {
    type: "assessment.has_submitted";
    assessments: string[];
  }
  /** The latest result of any of these certificate exams is a fail. */
  | {
    type: "exam.has_failed";
    exams: string[];
  }
  /** The latest result of any of these certificate exams is a pass. */
  | {
    type: "exam.has_passed";
    exams: string[];
  }
  /** The user handed any of these certificate exams in. */
  | {
    type: "exam.has_submitted";
    exams: string[];
  }
  /** The user filled any of these forms in. */
  | {
    type: "form.has_submitted";
    forms: string[];
  }
  /** The user answered an NPS form, last with a score within bounds. */
  | {
    type: "nps.has_responded";
    min_score?: number;
    max_score?: number;
  }
  /** The user filled a qualification form in: any, or one of these. */
  | {
    type: "qualification.has_responded";
    forms?: string[];
  }
  /** The user is in any of these groups. */
  | {
    type: "group.is_member";
    groups: string[];
  }
  /** The user is in none of these groups. */
  | {
    type: "group.is_not_member";
    groups: string[];
  }
  /** The user has none of these seats. */
  | {
    type: "seat.is_not_member";
    seats: string[];
  }
  /** The user has any of these seats. */
  | {
    type: "seat.is_member";
    seats: string[];
  }
  /** The user came back since the automation was triggered, or within a time back from now. */
  | {
    type: "user.has_visited";
    since?: "trigger" | Duration;
    scope?: "school" | "course" | "app" | "app_course";
    courses?: string[];
  }
  /** Narrows who counts as inactive. All that are given must hold; for the inactivity in a course they speak of that course unless a list is given. */
  | {
    type: "inactivity.matches";
    enrolled_in?: string[];
    not_completed?: string[];
    progress_below?: number;
    progress_at_least?: number;
    never_visited?: boolean;
    registered_before_days?: number;
    max_times?: number;
    fields?: ({
      field: string;
      op: "is" | "is_not" | "contains" | "not_contains" | "starts_with" | "ends_with" | "matches" | "is_empty" | "is_not_empty" | "gt" | "gte" | "lt" | "lte" | "in" | "before" | "after";
      value?: unknown;
    })[];
  }
  /** The user is in none of these segments. */
  | {
    type: "segment.is_not_member";
    segments: string[];
  }
  /** The user is in any of these segments. */
  | {
    type: "segment.is_member";
    segments: string[];
  }
  /** Something in the data of the fact that started the run compares with a value. */
  | {
    type: "event.data_is";
    path: string;
    op: "is" | "is_not" | "contains" | "not_contains" | "starts_with" | "ends_with" | "matches" | "is_empty" | "is_not_empty" | "gt" | "gte" | "lt" | "lte" | "in" | "before" | "after";
    value?: unknown;
  };

/** A condition, or several joined. */
export type Condition = ConditionCard | { all: Condition[] } | { any: Condition[] } | { not: Condition };

/** What a step does. */
export type Action =
  /** Makes the domain of the user's email a tag, if it is one of these. */
  | {
    type: "tags.add_email_domain_if";
    id?: string;
    on_error?: "continue" | "stop";
    domains: string[];
  }
  /** Gives the tags that stand for the domain of the user's email; without a map the domain itself is the tag. */
  | {
    type: "tags.add_email_domain";
    id?: string;
    on_error?: "continue" | "stop";
    map?: {
      domains: string[];
      tags: string[];
    }[];
  }
  /** Gives the tags that stand for the top-level domain of the user's email, by the public suffix list; without a map the suffix itself is the tag (com, co.uk). */
  | {
    type: "tags.add_email_tld";
    id?: string;
    on_error?: "continue" | "stop";
    map?: {
      tlds: string[];
      tags: string[];
    }[];
  }
  /** Gives the user these tags. */
  | {
    type: "tags.add";
    id?: string;
    on_error?: "continue" | "stop";
    tags: string[];
  }
  /** Takes these tags from the user. */
  | {
    type: "tags.remove";
    id?: string;
    on_error?: "continue" | "stop";
    tags: string[];
  }
  /** Writes a field of the user; nothing takes the field away. A field that is a list takes several values, or a text with | between them. */
  | {
    type: "user.set_field";
    id?: string;
    on_error?: "continue" | "stop";
    field: string;
    value: string | string[] | null;
  }
  /** Takes back the suspension of the user's enrolment in courses, whatever suspended it. */
  | {
    type: "course.resume";
    id?: string;
    on_error?: "continue" | "stop";
    courses: string[];
  }
  /** Suspends the user's enrolment in courses: it stays, and counts as none until it is resumed. */
  | {
    type: "course.suspend";
    id?: string;
    on_error?: "continue" | "stop";
    courses: string[];
  }
  /** Enrols the user in bundles and in the courses they are known to hold. */
  | {
    type: "bundle.enroll";
    id?: string;
    on_error?: "continue" | "stop";
    bundles: string[];
    create_payment?: boolean;
    issue_invoice?: boolean;
    price?: number;
    currency?: string;
    expires_after?: Duration;
  }
  /** Enrols the user in courses, for good or for a time, with a payment record if asked for. */
  | {
    type: "course.enroll";
    id?: string;
    on_error?: "continue" | "stop";
    courses: string[];
    role?: string;
    create_payment?: boolean;
    issue_invoice?: boolean;
    price?: number;
    currency?: string;
    expires_after?: Duration;
  }
  /** Takes the user out of bundles and of the courses that only they gave. */
  | {
    type: "bundle.unenroll";
    id?: string;
    on_error?: "continue" | "stop";
    bundles: string[];
  }
  /** Ends what an event or a run gave; what a bundle, sync or seat gives stays. */
  | {
    type: "course.unenroll";
    id?: string;
    on_error?: "continue" | "stop";
    courses: string[];
  }
  /** Completes activities of a course for the user. */
  | {
    type: "activity.complete";
    id?: string;
    on_error?: "continue" | "stop";
    course: string;
    activities: string[];
  }
  /** Completes courses for the user. */
  | {
    type: "course.complete";
    id?: string;
    on_error?: "continue" | "stop";
    courses: string[];
  }
  /** Lets the user begin activities anew. */
  | {
    type: "activity.reset_progress";
    id?: string;
    on_error?: "continue" | "stop";
    course: string;
    activities: string[];
  }
  /** Lets the user begin courses anew; started, progress and completed can come again. */
  | {
    type: "course.reset_progress";
    id?: string;
    on_error?: "continue" | "stop";
    courses: string[];
  }
  /** Adds the user to groups. */
  | {
    type: "group.add";
    id?: string;
    on_error?: "continue" | "stop";
    groups: string[];
  }
  /** Gives the user seats. */
  | {
    type: "seat.add";
    id?: string;
    on_error?: "continue" | "stop";
    seats: string[];
  }
  /** Lets the user into private spaces. */
  | {
    type: "space.add";
    id?: string;
    on_error?: "continue" | "stop";
    spaces: string[];
  }
  /** Removes the user from groups; a membership that a sync holds stays. */
  | {
    type: "group.remove";
    id?: string;
    on_error?: "continue" | "stop";
    groups: string[];
  }
  /** Takes seats from the user. */
  | {
    type: "seat.remove";
    id?: string;
    on_error?: "continue" | "stop";
    seats: string[];
  }
  /** Takes the user out of private spaces. */
  | {
    type: "space.remove";
    id?: string;
    on_error?: "continue" | "stop";
    spaces: string[];
  }
  /** Makes the user a member of segments that are kept by hand. */
  | {
    type: "segment.add";
    id?: string;
    on_error?: "continue" | "stop";
    segments: string[];
  }
  /** Ends the user's membership of segments that are kept by hand. */
  | {
    type: "segment.remove";
    id?: string;
    on_error?: "continue" | "stop";
    segments: string[];
  }
  /** Sends an email to addresses, or to all collaborators who have a role. */
  | {
    type: "email.collaborators";
    id?: string;
    on_error?: "continue" | "stop";
    to: string[];
    subject: string;
    body: string;
    text?: string;
  }
  /** Sends the user an email. Marketing goes only to those who agreed to it, with a link to unsubscribe. */
  | {
    type: "email.user";
    id?: string;
    on_error?: "continue" | "stop";
    subject: string;
    body: string;
    text?: string;
    kind?: "transactional" | "marketing";
    /** The kind of mail, of those in the mail settings: it does not go to learners who have turned that kind off. */
    topic?: string;
    from_name?: string;
    reply_to?: string;
  }
  /** Puts a message into the user's inbox at the school. */
  | {
    type: "message.user";
    id?: string;
    on_error?: "continue" | "stop";
    body: string;
    subject?: string;
  }
  /** Sends a notification to the user's mobile app. */
  | {
    type: "push.user";
    id?: string;
    on_error?: "continue" | "stop";
    title: string;
    body: string;
    url?: string;
  }
  /** Tells Google Analytics 4 of an event of the user. */
  | {
    type: "ga4.event";
    id?: string;
    on_error?: "continue" | "stop";
    name: string;
    params: Record<string, unknown>;
  }
  /** Tells Google Tag Manager: the school's server container, else the page when it next asks. */
  | {
    type: "gtm.event";
    id?: string;
    on_error?: "continue" | "stop";
    name: string;
    data: Record<string, unknown>;
  }
  /** Tells Meta's Conversions API; the user's email and id go hashed. */
  | {
    type: "meta.event";
    id?: string;
    on_error?: "continue" | "stop";
    name: string;
    custom_data: Record<string, unknown>;
  }
  /** Tells Mixpanel of an event of the user. */
  | {
    type: "mixpanel.event";
    id?: string;
    on_error?: "continue" | "stop";
    event: string;
    properties: Record<string, unknown>;
  }
  /** Calls an address with JSON, signed by Standard Webhooks. Without a body: the run, the user and the fact. */
  | {
    type: "webhook.send";
    id?: string;
    on_error?: "continue" | "stop";
    url: string;
    method?: "POST" | "PUT" | "PATCH";
    headers?: Record<string, string>;
    body?: Record<string, unknown>;
  };

/** A step that says how to go on. */
export type Flow =
  /** Waits for a time, until a local date-time, or until a date in a field of the user, of the event, of its course, or of a certificate; then, if asked, for a window of weekdays and hours. */
  | {
    type: "wait";
    id?: string;
    every?: "year";
    offset?: string;
    at?: string;
    if_past?: "exit";
    if_missing?: "continue" | "exit";
    window?: {
      days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
      from?: string;
      to?: string;
    };
  } & ({ for: Duration; until?: never; until_field?: never } | { for?: never; until: string; until_field?: never } | { for?: never; until?: never; until_field: string })
  /** Waits until something happens, or the time is up, and goes one of two ways; then on below. */
  | {
    type: "wait_for";
    id?: string;
    event: Trigger | Listener;
    timeout: Duration;
    on_event?: Step[];
    on_timeout?: Step[];
  }
  /** Goes one of two ways by a condition, judged when it is reached; then on below. */
  | {
    type: "branch";
    id?: string;
    if: Condition;
    yes?: Step[];
    no?: Step[];
  }
  /** Goes the way of the first case that a value is one of, or the last way when none fits; then on below. */
  | {
    type: "match";
    id?: string;
    on: string;
    cases: ({
      is: (string | number | boolean)[];
      steps?: Step[];
    })[];
    else?: Step[];
  }
  /** Sends a share of the users each way; a user goes the same way every time. */
  | {
    type: "split";
    id?: string;
    /** Who goes where is fixed for each learner. */
    paths: {
      percent: number;
      steps?: Step[];
    }[];
  }
  /** Does its steps again and again, until a condition holds, looked at before each round, or the rounds are over; then on below. */
  | {
    type: "repeat";
    id?: string;
    times: number;
    until?: Condition;
    steps?: Step[];
  }
  /** Ends the run here. */
  | {
    type: "exit";
    id?: string;
  };

/** A step of an automation. */
export type Step = Action | Flow;

/** An automation as it is written. */
export type Automation = {
  name: string;
  description?: string;
  active?: boolean;
  labels?: string[];
  note?: string;
  goal?: {
    type: string;
    [name: string]: unknown;
  } | null;
  synchronous?: boolean;
  reentry?: "always" | "one_at_a_time" | "restart" | "once";
  reentry_per?: "user" | "trigger";
  cooldown?: Duration | null;
  limit?: {
    times: number;
    per?: Duration | null;
  } | null;
  when: Trigger[];
  only_if?: Condition | null;
  then: Step[];
  exit_when?: (Trigger | Listener)[];
  exit_if?: Condition | null;
};

/** An automation as it is answered. */
export type AutomationAnswer = {
  synchronous: boolean;
  when: Trigger[];
  only_if: Condition | null;
  then: Step[];
  exit_when: (Trigger | Listener)[];
  exit_if: Condition | null;
  reentry: "always" | "one_at_a_time" | "restart" | "once";
  reentry_per: "user" | "trigger";
  cooldown: string | null;
  limit: {
    times: number;
    per: string | null;
  } | null;
  id: string;
  name: string;
  description: string;
  active: boolean;
  labels: string[];
  note: string;
  goal: {
    type: string;
    [name: string]: unknown;
  } | null;
  version: number;
  created_at: string;
  updated_at: string;
  run_count: number;
  waiting_count: number;
  warnings: {
    code: string;
    message: string;
    automations?: string[];
    segments?: string[];
    path?: string;
  }[];
  stopped_by: string | null;
  /** That it stopped itself is known: nobody is told of it any more. */
  dismissed: boolean;
  /** Of what is held, to be deleted: when it is, by the school's clock. */
  delete_at?: string;
};

/** One user going through one automation. */
export type Run = {
  id: string;
  automation_id: string;
  version: number;
  user_id: string;
  status: string;
  synchronous: boolean;
  trigger: {
    type: string;
    data: Record<string, unknown>;
    at: string;
  };
  event_id: string | null;
  /** W3C Trace Context: of the call that told of the event; one of its own where none did. */
  trace_id: string;
  started_at: string;
  ended_at: string | null;
  reason?: string;
  wake_at?: string;
  /** It was undone: when, and by whom (an email, or the id of a key); null: nobody knows. */
  undone?: {
    at: string | null;
    by: string | null;
  };
  steps: {
    step_id: string;
    type: string;
    status: string;
    at: string;
    /** Of a step in a repeat: which round, from 1. */
    round?: number;
    detail?: Record<string, unknown>;
  }[];
};

/** A user as it is answered. */
export type User = {
  id: string;
  email: string | null;
  username: string | null;
  registered_at: string;
  source: string | null;
  fields: Record<string, string | number | boolean | string[]>;
  timezone: string | null;
  locale: string | null;
  marketing_consent: boolean;
  cookies_accepted: boolean;
  paying: boolean;
  tags: string[];
  enrolments: ({
    product_type: "course" | "bundle" | "subscription";
    product: string;
    role: string;
    /** What it came from: event, run, import, bundle:…, subscription:…, seat:…, sync:…, self:…. */
    sources: string[];
    enrolled_at: string;
    expires_at: string | null;
    suspended?: true;
  })[];
  groups: string[];
  seats: string[];
  spaces: string[];
  segments: string[];
  courses: Record<string, {
      started_at: string | null;
      percent: number;
      activities: string[];
      completed_at: string | null;
      certificate_at: string | null;
    }>;
  last_seen: {
    school: string | null;
    app: string | null;
    courses: Record<string, string>;
    app_courses: Record<string, string>;
  };
  givers: {
    tags: Record<string, {
        by: string;
        id: string | null;
        at: string;
      }>;
    fields: Record<string, {
        by: string;
        id: string | null;
        at: string;
      }>;
    seats: Record<string, {
        by: string;
        id: string | null;
        at: string;
      }>;
    spaces: Record<string, {
        by: string;
        id: string | null;
        at: string;
      }>;
    segments: Record<string, {
        by: string;
        id: string | null;
        at: string;
      }>;
    /** By group, the givers of its sources. */
    groups: Record<string, Record<string, {
          by: string;
          id: string | null;
          at: string;
        }>>;
    enrolments: ({
      product_type: "course" | "bundle" | "subscription";
      product: string;
      sources: ({
        by: string;
        id: string | null;
        at: string;
        source: string;
      })[];
    })[];
  };
};

/** A user in a list. */
export type ListedUser = {
  id: string;
  email: string | null;
  username: string | null;
  registered_at: string;
  source: string | null;
  fields: Record<string, string | number | boolean | string[]>;
  timezone: string | null;
  locale: string | null;
  marketing_consent: boolean;
  cookies_accepted: boolean;
  paying: boolean;
  tags: string[];
  enrolments: ({
    product_type: "course" | "bundle" | "subscription";
    product: string;
    role: string;
    /** What it came from: event, run, import, bundle:…, subscription:…, seat:…, sync:…, self:…. */
    sources: string[];
    enrolled_at: string;
    expires_at: string | null;
    suspended?: true;
  })[];
  groups: string[];
  seats: string[];
  spaces: string[];
  segments: string[];
  courses: Record<string, {
      started_at: string | null;
      percent: number;
      activities: string[];
      completed_at: string | null;
      certificate_at: string | null;
    }>;
  last_seen: {
    school: string | null;
    app: string | null;
    courses: Record<string, string>;
    app_courses: Record<string, string>;
  };
  /** Who gave what the list is of: of a course the giver of each source. */
  given?: {
    tag?: ({
      by: string;
      id: string | null;
      at: string;
      source?: string;
    })[];
    segment?: ({
      by: string;
      id: string | null;
      at: string;
      source?: string;
    })[];
    course?: ({
      by: string;
      id: string | null;
      at: string;
      source?: string;
    })[];
  };
};

/** What may be written of a user. */
export type UserAttributes = {
  email?: string | null;
  username?: string | null;
  registered_at?: string | null;
  source?: string | null;
  fields?: Record<string, string | number | boolean | string[] | null> | null;
  timezone?: string | null;
  locale?: string | null;
  marketing_consent?: boolean | null;
  cookies_accepted?: boolean | null;
  push_tokens?: string[] | null;
};

/** Work over many users. */
export type Job = {
  id: string;
  kind: string;
  /** The automation, run, segment, sync, auto group or course it is about; null: no one thing. */
  about: {
    kind: string;
    id: string;
  } | null;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  done: number;
  total: number;
  /** What was passed over: lines of a file, or users. The first 1,000. */
  errors: {
    line?: number;
    user?: string;
    message: string;
  }[];
  /** Of a job that counts users: how many so far. */
  count?: number;
  /** Who they are: the first 1,000. */
  users?: string[];
  /** What it did, of a kind that answers more: as its dry run would. */
  result?: Record<string, unknown>;
  /** How many a second, over all of its time so far. */
  rate: number | null;
  /** How many a second in the last half a minute to a minute; null: it has not begun, or has ended. */
  rate_lately: number | null;
  /** When it would end if it went on as lately; null where that cannot be told. */
  ends_at: string | null;
  created_at: string;
};

/** Definitions beside automations. */
export type OtherDefinitions = {
  /** The version of this form. */
  schoolbell?: 1;
  profile_fields?: ({
    key: string;
    name: string;
    type: "text" | "number" | "date" | "boolean" | "choice" | "list";
    choices?: string[] | null;
    category?: string | null;
  })[];
  segments?: {
    id: string;
    name: string;
    managed?: boolean;
  }[];
  segment_rules?: ({
    id: string;
    segment: string;
    /** Whether all clauses must hold, or any of them. */
    match: "all" | "any";
    where: ({
      field: string;
      op: "is" | "is_not" | "contains" | "not_contains" | "starts_with" | "ends_with" | "matches" | "is_empty" | "is_not_empty" | "gt" | "gte" | "lt" | "lte" | "in" | "before" | "after";
      value?: unknown;
    })[];
  })[];
  segment_syncs?: ({
    id: string;
    name: string;
    active?: boolean;
    segment: string;
    course: string;
    role?: string;
    group?: string | null;
    /** What becomes of the enrolment when a member leaves. */
    on_leave?: "unenrol" | "suspend";
    /** False: it enrols nobody, and keeps its group for members who are in the course anyhow. */
    enrol?: boolean;
  })[];
  auto_groups?: {
    id: string;
    course: string;
    field: string;
    active?: boolean;
  }[];
};

/** All definitions of a school, as a folder of files has them. */
export type Definitions = OtherDefinitions & { automations?: (Automation & { id: string })[] };
