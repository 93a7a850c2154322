/** The functions of Moodle's web service that are called, and what does not work without each. */
export const FUNCTIONS = {
  core_webservice_get_site_info: "the connection test",
  core_user_get_users_by_field: "finding people and reading back their fields",
  core_user_update_users: "changes of fields and addresses",
  core_course_search_courses: "reading courses and groups",
  core_course_get_courses_by_field: "reading courses, and finding one by its ID number",
  core_enrol_get_enrolled_users: "reading people and enrolments",
  enrol_manual_enrol_users: "enrolling, suspending and resuming",
  enrol_manual_unenrol_users: "unenrolling",
  core_group_get_course_groups: "groups",
  core_group_create_groups: "groups that are not there yet",
  core_group_add_group_members: "joining groups",
  core_group_delete_group_members: "leaving groups",
  core_cohort_search_cohorts: "leaving segments",
  core_cohort_create_cohorts: "segments that are not there yet",
  core_cohort_add_cohort_members: "joining segments",
  core_cohort_delete_cohort_members: "leaving segments",
  core_message_send_instant_messages: "messages",
  core_completion_get_activities_completion_status: "completing and resetting",
  core_completion_override_activity_completion_status: "completing and resetting",
} as const;

export type MoodleFunction = keyof typeof FUNCTIONS;

// The keys of a record written out above.
export const functionNames = Object.keys(FUNCTIONS) as readonly MoodleFunction[];
