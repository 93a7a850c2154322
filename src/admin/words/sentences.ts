/**
 * How each card says itself, by kind and type. What is not here is said from its label and options.
 *
 * Triggers follow "a learner …", conditions "they …", actions and steps are told to us ("add …").
 * In a template
 * - `{tags}` is the option's value, a list joined by "or"; `{tags|and}` names a filter of `phrases.ts`;
 *   `{courses: any course}` says the rest when the option is left out;
 * - `[ … {x} … ]` is dropped when an option in it is empty, false or as by default; `{x?}` asks for it and prints
 *   nothing, `{!x}` asks for it to be empty;
 * - `<are|are not>` is the condition as it stands and inverted.
 */
export const SENTENCES: Readonly<Record<string, string>> = {
  "trigger:tag.added": "is tagged {tags|match}",
  "trigger:tag.removed": "loses the tag {tags|match}",
  "trigger:user.signed_up": "signs up",
  "trigger:user.signed_in": "signs in",
  "trigger:course.enrolled": "is enrolled in {courses: any course}",
  "trigger:bundle.enrolled": "is enrolled in [the bundle {bundles}][any bundle{!bundles}]",
  "trigger:subscription.enrolled":
    "is enrolled in [the subscription {subscriptions}][any subscription{!subscriptions}]",
  "trigger:course.unenrolled": "is un-enrolled from {courses: any course}[ because: {reasons}]",
  "trigger:bundle.unenrolled": "is un-enrolled from [the bundle {bundles}][any bundle{!bundles}][ because: {reasons}]",
  "trigger:subscription.unenrolled":
    "is un-enrolled from [the subscription {subscriptions}][any subscription{!subscriptions}][ because: {reasons}]",
  "trigger:signup.approved": "has their sign-up approved",
  "trigger:signup.rejected": "has their sign-up rejected",
  "trigger:group.joined": "joins [the group {groups}][any user group{!groups}]",
  "trigger:group.left": "leaves [the group {groups}][any user group{!groups}]",
  "trigger:seat.added": "gets a seat in {seats: any seat offering}",
  "trigger:seat.removed": "loses their seat in {seats: any seat offering}",
  "trigger:inactivity.school":
    "has not visited the school for {days|days}[, those already away included{include_already_inactive?}]",
  "trigger:inactivity.course":
    "has not visited {courses: a course} for {days|days}[, those already away included{include_already_inactive?}]",
  "trigger:inactivity.app":
    "has not opened the mobile app for {days|days}[, those already away included{include_already_inactive?}]",
  "trigger:inactivity.app_course":
    "has not visited {courses: a course} in the mobile app for {days|days}[, those already away included{include_already_inactive?}]",
  "trigger:course.started": "starts {courses: any course}",
  "trigger:course.completed": "completes {courses: any course}",
  "trigger:certificate.awarded": "is awarded {certificates: any certificate}[ of {courses}]",
  "trigger:course.previewed": "previews {courses: any paid course}",
  "trigger:course.progress_reached": "reaches {percent|percent} of {courses: any course}",
  "trigger:activity.completed": "completes {activities: any learning activity}[ of {courses}]",
  "trigger:payment.made": "pays for {products: any product}[, a {product_types}]",
  "trigger:coupon.used": "uses {coupons: any coupon}[, a {kinds}]",
  "trigger:trial.started": "starts a trial of {subscriptions: any subscription}",
  "trigger:trial.ending": "is {days|days} before the end of a trial of {subscriptions: any subscription}",
  "trigger:recurring.paid": "pays a recurring payment of {products: any product}[, a {kinds}]",
  "trigger:recurring.canceled": "cancels a recurring payment of {products: any product}[, a {kinds}]",
  "trigger:installment.completed": "pays the last installment of {products: any product}",
  "trigger:subscription.updated": "has {subscriptions: any subscription} updated[: {changes}]",
  "trigger:user.updated": "has {fields: anything} changed",
  "trigger:form.submitted": "submits [the form {forms}][any form{!forms}]",
  "trigger:assessment.submitted": "submits {assessments: any assessment}",
  "trigger:assessment.reviewed": "has {assessments: any assessment} reviewed",
  "trigger:nps.submitted": "answers the NPS form[ with at least {min_score}][ with at most {max_score}]",
  "trigger:exam.submitted": "submits {exams: any certificate exam}",
  "trigger:exam.reviewed": "has {exams: any certificate exam} reviewed",
  "trigger:segment.joined": "joins [the segment {segments}][any segment{!segments}]",
  "trigger:segment.left": "leaves [the segment {segments}][any segment{!segments}]",
  "trigger:custom": "does {name: a custom event}[ with {where|clauses}]",
  "trigger:school.visited": "visits the school[ by {channel}]",
  "trigger:course.visited": "visits {courses: any course}[ by {channel}]",

  "condition:tags.has": "<have|do not have> the tag {tags|and}",
  "condition:tags.has_any": "<have|do not have> the tag {tags}",
  "condition:tags.has_none": "<do not have|have> the tag {tags}",
  "condition:user.is_paying": "<are|are not> a paying user",
  "condition:user.is_not_paying": "<are not|are> a paying user",
  "condition:user.registered_before": "<registered|did not register> before {date}",
  "condition:user.registered_after": "<registered|did not register> after {date}",
  "condition:user.email_is": "<have|do not have> the email {email}[ (a pattern){regex?}]",
  "condition:user.email_domain_is": "<have|do not have> an email at {domains}",
  "condition:user.field_is": "<have|do not have> a {field|field} that {op: is|op}[ {value}]",
  "condition:group.is_member": "<are|are not> in the group {groups}",
  "condition:group.is_not_member": "<are not|are> in the group {groups}",
  "condition:seat.is_member": "<have|do not have> a seat in {seats}",
  "condition:seat.is_not_member": "<do not have|have> a seat in {seats}",
  "condition:inactivity.matches":
    "<match|do not match>: [enrolled in {enrolled_in}; ][not completed {not_completed}; ][progress below {progress_below|percent}; ][progress at least {progress_at_least|percent}; ][never visited{never_visited?}; ][registered at least {registered_before_days|days} ago; ][at most {max_times} times; ][{fields|clauses}]",
  "condition:user.accepts_marketing": "<are|are not> subscribed to marketing emails",
  "condition:user.accepted_cookies": "<have|have not> accepted cookies",
  "condition:course.is_enrolled": "<are|are not> enrolled in {courses}",
  "condition:course.is_not_enrolled": "<are not|are> enrolled in {courses}",
  "condition:bundle.is_enrolled": "<are|are not> enrolled in the bundle {bundles}",
  "condition:bundle.is_not_enrolled": "<are not|are> enrolled in the bundle {bundles}",
  "condition:subscription.owns": "<own|do not own> the subscription {subscriptions}",
  "condition:subscription.does_not_own": "<do not own|own> the subscription {subscriptions}",
  "condition:form.has_submitted": "<have|have not> submitted the form {forms}",
  "condition:assessment.has_submitted": "<have|have not> submitted the assessment {assessments}",
  "condition:assessment.has_passed": "<have|have not> passed the assessment {assessments}",
  "condition:assessment.has_failed": "<have|have not> failed the assessment {assessments}",
  "condition:exam.has_submitted": "<have|have not> submitted the exam {exams}",
  "condition:exam.has_passed": "<have|have not> passed the exam {exams}",
  "condition:exam.has_failed": "<have|have not> failed the exam {exams}",
  "condition:nps.has_responded":
    "<have|have not> answered the NPS form[ with at least {min_score}][ with at most {max_score}]",
  "condition:qualification.has_responded": "<have|have not> answered the qualification form[ {forms}]",
  "condition:course.progress_is":
    "<have|do not have> progress[ of at least {at_least|percent}][ below {below|percent}] in {courses}",
  "condition:course.has_completed": "<have|have not> completed {courses}",
  "condition:activity.completed":
    "<have|have not> completed [at least {at_least} of ]{activities: any learning activities}[ of {courses}]",
  "condition:user.has_visited":
    "<have|have not> visited the {scope: school|scope}[ {courses}] since {since: this started|since}",
  "condition:user.source_is": "<came|did not come> from {sources}",
  "condition:certificate.has": "<hold|do not hold> {certificates: any certificate}[ of {courses}]",
  "condition:segment.is_member": "<are|are not> in the segment {segments}",
  "condition:segment.is_not_member": "<are not|are> in the segment {segments}",
  "condition:event.data_is": "<come|do not come> by an event whose {path} {op: is|op}[ {value}]",

  "action:tags.add": "add the tag {tags|and}",
  "action:tags.add_email_domain": "add a tag by email domain[: {map|map}]",
  "action:tags.add_email_domain_if": "add the email domain as a tag[ if it is {domains}]",
  "action:tags.add_email_tld": "add a tag by the ending of the email address[: {map|map}]",
  "action:tags.remove": "remove the tag {tags|and}",
  "action:course.enroll":
    "enrol them in {courses|and}[ as {role}][ for {expires_after}][, with a payment of {create_payment?}{price}[ {currency}]]",
  "action:bundle.enroll":
    "enrol them in the bundle {bundles|and}[ for {expires_after}][, with a payment of {create_payment?}{price}[ {currency}]]",
  "action:course.unenroll": "un-enrol them from {courses|and}",
  "action:bundle.unenroll": "un-enrol them from the bundle {bundles|and}",
  "action:course.complete": "set {courses|and} as completed",
  "action:activity.complete": "set {activities|and} as completed[ in {course}]",
  "action:course.reset_progress": "reset their progress in {courses|and}",
  "action:activity.reset_progress": "reset their progress in {activities|and}[ of {course}]",
  "action:email.user": "email them {subject: (no subject yet)|quote}",
  "action:email.collaborators": "email {to|and} {subject: (no subject yet)|quote}",
  "action:push.user": "push to their phone {title: (no title yet)|quote}",
  "action:message.user": "send them the message [{subject|quote}: ]{body: (empty yet)|quote}",
  "action:space.add": "add them to the space {spaces|and}",
  "action:space.remove": "remove them from the space {spaces|and}",
  "action:group.add": "add them to the group {groups|and}",
  "action:group.remove": "remove them from the group {groups|and}",
  "action:seat.add": "give them a seat in {seats|and}",
  "action:seat.remove": "take their seat in {seats|and}",
  "action:mixpanel.event": "tell Mixpanel {event: (no event yet)|quote}",
  "action:ga4.event": "tell Google Analytics {name: (no event yet)|quote}",
  "action:gtm.event": "tell Tag Manager {name: (no event yet)|quote}",
  "action:meta.event": "tell Meta {name: (no event yet)|quote}",
  "action:webhook.send": "call {url: (no address yet)|address}",
  "action:user.set_field": "set the field {field|field} [to {value|quote}]",
  "action:segment.add": "add them to the segment {segments|and}",
  "action:segment.remove": "remove them from the segment {segments|and}",

  "step:wait":
    "wait [{for}][until {until|moment}][until [{offset|shift} ]{until_field|field}[ at {at}]][, going on {window|window}]",
  "step:exit": "stop here",
};

/** What the list counts an action as, one and several ("1 mail, 2 webhooks"). */
export const COUNTED: Readonly<Record<string, readonly [one: string, several: string]>> = {
  "email.user": ["mail", "mails"],
  "email.collaborators": ["mail to collaborators", "mails to collaborators"],
  "push.user": ["push", "pushes"],
  "message.user": ["message", "messages"],
  "webhook.send": ["webhook", "webhooks"],
  wait: ["wait", "waits"],
};

/** How the operators of segment rules are said. */
export const OPERATORS: Readonly<Record<string, string>> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "starts with",
  ends_with: "ends with",
  matches: "matches",
  is_empty: "is empty",
  is_not_empty: "is not empty",
  gt: "is more than",
  gte: "is at least",
  lt: "is less than",
  lte: "is at most",
  in: "is one of",
  before: "is before",
  after: "is after",
};

/** What one thing of a vocabulary is called. */
export const NOUNS: Readonly<Record<string, string>> = {
  field: "profile field",
  group: "user group",
  seat: "seat offering",
  activity: "learning activity",
  exam: "certificate exam",
};

/** Words for values and options that do not speak for themselves. */
export const VALUES: Readonly<Record<string, string>> = {
  app_course: "course in the app",
  app: "mobile app",
  registered_at: "registration date",
  email_domain: "email domain",
};
