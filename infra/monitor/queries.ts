/**
 * The queries of the runbook for CloudWatch Logs Insights, by name; the pages in `docs/operate/alarms/` show
 * them, and `monitor()` saves them. They are asked of the functions' logs.
 */
export const QUERIES = {
  faults: `
fields @timestamp, route, requestId, fault.name, fault.message, fault.cause.message
| filter message = "call" and level = "ERROR"
| sort @timestamp desc
| limit 100`,
  "faults-by-kind": `
filter message = "call" and level = "ERROR"
| stats count(*) as calls by route, fault.name, fault.message
| sort calls desc`,
  "lambda-errors": `
fields @timestamp, @log, @message
| filter @message like /Task timed out|Uncaught Exception|Runtime\\.|errorType/
| sort @timestamp desc
| limit 100`,
  unavailable: `
filter message = "call" and fault.name like /Unavailable/
| stats count(*) as calls by route, code, fault.message, fault.cause.name
| sort calls desc`,
  "failed-validations": `
filter message = "call" and route = "GET /session" and status >= 500
| stats count(*) as calls by code, fault.name, fault.message
| sort calls desc`,
  "policy-faults": `
fields @timestamp, userId, fault.message, fault.cause.name, fault.cause.message, fault.cause.stack
| filter message = "call" and fault.name = "SessionPolicyFailedError"
| sort @timestamp desc
| limit 100`,
  "failed-touches": `
filter message = "touch failed"
| stats count(*) as touches by fault.name, fault.message`,
  revocations: `
fields @timestamp, requestId, audit.actor, audit.outcome, audit.requested, audit.loggedOut, audit.unfinished
| filter message = "audit" and audit.action = "admin_logout" and audit.phase = "ended"
| sort @timestamp desc
| limit 100`,
  "unfinished-users": `
fields @timestamp, requestId, audit.actor, audit.userIds.0
| filter message = "audit" and audit.action = "admin_logout_unfinished"
| sort @timestamp desc
| limit 100`,
  "outbox-problems": `
filter message = "outbox"
| stats count(*) as lines by outbox.problem, outbox.code, fault.message
| sort lines desc`,
  "outbox-calls": `
fields @timestamp, requestId, durationMs, @message
| filter message = "call" and route = "outbox"
| sort @timestamp desc
| limit 100`,
  "failed-logins": `
filter message = "call" and route like /login/ and status in [401, 429]
| stats count(*) as calls by status, code, bin(5m)
| sort calls desc`,
  "shared-accounts": `
filter message = "session_contention"
| stats count(*) as times by contention.userId
| sort times desc`,
} as const satisfies Record<string, string>;

export type QueryName = keyof typeof QUERIES;
