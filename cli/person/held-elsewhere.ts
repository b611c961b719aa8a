/** What these commands cannot reach, said with every export and erasure (docs/operate/personal-data.md). */
export const HELD_ELSEWHERE: readonly string[] = [
  "log groups of the functions: lines with the user id and session ids, until the retention you set",
  "audit lines of administrators' logouts, with the user id, in the same log groups",
  "point-in-time recovery: 35 days; and backups that you made, until you delete them",
  "the table's stream: 24 hours; events that were told, wherever your rules sent them",
  "lists of users that jobs logged out, where this person is in one: 14 days",
  "queues of what failed, and the outbox's bucket of crashes: 14 days",
  "records of how others' sessions ended, where this person ended them: until those would have expired",
  "administrators' acts on many users that name this person, in the activity table: 35 days",
  "CloudTrail, if data events of the tables are on",
];
